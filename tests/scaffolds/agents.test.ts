// Every scaffold as it is written: its packages install as its README says, its types hold, and it answers through a whole
// gateway, streamed and with its tool, by the sandbox and by an upstream that others wrote.

import { constants } from "node:os";
import { join } from "node:path";
import { LLMock } from "@copilotkit/aimock";
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { isObject, type JsonObject } from "../../server/contracts/json.ts";
import { modelSources, templateNames, templates, type TemplateName } from "../../cli/scaffold/templates.ts";
import { onPage, openBrowser } from "../browser/browser.ts";
import { codeBlocks } from "../readme/code-blocks.ts";
import { root } from "../tidy/source-tree.ts";
import { startOperatedGateway, type OperatedGateway } from "../support/operator.ts";
import {
  runLines,
  scaffold,
  startAgent,
  temporaryFolder,
  type Folder,
  type RunningAgent,
} from "./scaffolded-agents.ts";

// Packages are fetched on a machine that sees them for the first time.
setDefaultTimeout(180_000);

const typeScript = templateNames.filter((name) => templates[name].language === "typescript");
const python = templateNames.filter((name) => templates[name].language === "python");
const question = 'What is the current_time in "Europe/Paris"?';
const thisYear = new Date().getFullYear().toString();
const slowAnswer = "One star after the other comes out over Paris tonight.";
const counted = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 };
/** Two calls of claude-sonnet-4-6 at 3 and 15 USD a million. */
const debitOfTwoCalls = 2 * (12 * 3e-6 + 5 * 15e-6);

let folder: Folder;
let sandbox: OperatedGateway;
let upstream: LLMock;
let overUpstream: OperatedGateway;

beforeAll(async () => {
  folder = temporaryFolder();
  upstream = new LLMock({ port: 0, logLevel: "silent" });
  const call = {
    name: "current_time",
    arguments: '{"timeZone":"Europe/Paris","time_zone":"Europe/Paris"}',
    id: "call_1",
  };
  upstream.on({ userMessage: "current_time", hasToolResult: false }, { toolCalls: [call], usage: counted });
  const answer = { content: "It is late in Paris, and the stars are out.", usage: counted };
  upstream.on({ userMessage: "current_time", hasToolResult: true }, answer, { chunkSize: 6 });
  upstream.onMessage("slowly", { content: slowAnswer, usage: counted }, { chunkSize: 4, latency: 20 });
  await upstream.start();
  sandbox = await startOperatedGateway();
  overUpstream = await startOperatedGateway({
    OPENROUTER_API_KEY: "sk-or-test",
    OPENROUTER_BASE_URL: `${upstream.url}/api/v1`,
  });
});

afterAll(async () => {
  await folder.remove();
  for (const gateway of [sandbox, overUpstream]) {
    expect(gateway.faults).toEqual([]);
    await gateway.close();
  }
  await upstream.stop();
});

describe.each(typeScript)("the %s scaffold", (template) => {
  test("installs, and its types hold, whatever model it asks", async () => {
    const checks = modelSources.map(async (model) => {
      const cwd = await scaffold(folder, { name: "my-agent", template, model });
      const { exitCode, output } = await runLines(folder, cwd, "bun install\nbun run check");
      expect([model, exitCode, exitCode === 0 ? "" : output]).toEqual([model, 0, ""]);
    });
    await Promise.all(checks);
  });

  test("is run by its README as by its Dockerfile", async () => {
    const cwd = join(folder.path, `${template}-gateway`);
    const shells = codeBlocks(await Bun.file(join(cwd, "README.md")).text()).filter(
      ({ language }) => language === "sh",
    );
    expect(shells[1]?.text).toMatch(/^bun install\nexport ASTRO_GATEWAY_URL=\S+\n.*\nPORT=3000 bun run start\n$/);
    expect(await Bun.file(join(cwd, "package.json")).text()).toContain('"start": "bun agent/main.ts"');
    expect(await Bun.file(join(cwd, "Dockerfile")).text()).toContain('CMD ["bun", "agent/main.ts"]');
  });

  test("answers through the gateway", () => expectToAnswer(template));
});

test.each(["mastra", "ai-sdk"] as const)("the gateway page's example for %s runs with its packages", expectGuideToRun);

describe.each(python)("the %s scaffold", (template) => {
  test("answers through the gateway, where its packages are installed", async () => {
    for (const model of modelSources) await scaffold(folder, { name: "my-agent", template, model });
    const cwd = join(folder.path, `${template}-gateway`);
    const { exitCode, output } = await runLines(folder, cwd, `python3 -c '${requiredPackages}'`);
    if (exitCode === 0) {
      await expectToAnswer(template);
      if (template === "langchain") await expectGuideToRun(template);
      return;
    }
    process.stdout.write(
      `Python has not the packages of ${template}: its files were read, and its request sent instead.\n`,
    );
    expect(output).toMatch(/ModuleNotFoundError|PackageNotFoundError|AssertionError/);
    await expectReadable(template);
  });
});

/** Fails unless every line of requirements.txt is installed in that version. */
const requiredPackages = [
  "from importlib.metadata import version",
  'for line in open("requirements.txt").read().split():',
  '    name, wanted = line.split("==")',
  "    assert version(name) == wanted, line",
].join("\n");

/** Without Python's packages: it is Python, and what its files say it would send is answered. */
async function expectReadable(template: TemplateName): Promise<void> {
  for (const model of modelSources) {
    const cwd = join(folder.path, `${template}-${model}`);
    const { exitCode, output } = await runLines(folder, cwd, "python3 -m compileall -q agent");
    expect([exitCode, output]).toEqual([0, ""]);
  }
  const source = await Bun.file(join(folder.path, `${template}-gateway/agent/model.py`)).text();
  expect(source).toContain('base_url=required("ASTRO_GATEWAY_URL")');
  expect(source).toContain('api_key=required("ASTRO_GATEWAY_API_KEY")');
  const model = /os\.environ\.get\("MODEL_DEFAULT"\) or "([^"]+)"/.exec(source)?.[1];
  const answer = await sandbox.post("/v1/chat/completions", {
    model,
    messages: [{ role: "user", content: "Hello" }],
    stream: true,
  });
  expect([answer.status, (await answer.text()).includes("claude-sonnet-4-6")]).toEqual([200, true]);
}

/** What the examples of the gateway page are known by. */
const inGuide = { mastra: "@mastra/core/agent", "ai-sdk": 'from "ai"', langchain: "langchain.chat_models" } as const;

/** The gateway page's example for the scaffold's framework, beside its packages: it type-checks, and prints an answer. */
async function expectGuideToRun(template: keyof typeof inGuide): Promise<void> {
  const page = codeBlocks(await Bun.file(join(root, "docs/guides/ai-gateway.md")).text());
  const [example, ...others] = page.filter(({ text }) => text.includes(inGuide[template]));
  expect(others).toEqual([]);
  const cwd = join(folder.path, `${template}-gateway`);
  const isPython = templates[template].language === "python";
  await Bun.write(join(cwd, isPython ? "agent/guide.py" : "agent/guide.ts"), example?.text ?? "");
  const { exitCode, output } = await runLines(
    folder,
    cwd,
    isPython ? "python3 agent/guide.py" : "bun run check\nbun agent/guide.ts",
    { ASTRO_GATEWAY_URL: `${sandbox.url}/v1`, ASTRO_GATEWAY_API_KEY: sandbox.liveKey },
  );
  expect([exitCode, output]).toEqual([0, expect.stringContaining("in place of claude-sonnet-4-6")]);
}

async function expectToAnswer(template: TemplateName): Promise<void> {
  const [bySandbox, byUpstream] = await Promise.all([begin(template, sandbox), begin(template, overUpstream)]);
  await expectPage(bySandbox.agent);
  await expectSandboxAnswers(bySandbox.agent);
  await expectWords(bySandbox.agent, bySandbox.keyId);
  await expectUpstreamAnswers(template, byUpstream.agent, byUpstream.keyId);
  await expectToFinish(byUpstream.agent);
  for (const { agent, secret } of [bySandbox, byUpstream]) {
    expect(agent.printed()).not.toContain(secret);
    // Nothing of what was asked, no key, no error at full length.
    const lines = agent.printed().trim().split("\n");
    expect(lines.filter((line) => !/^(?:Listening on port \d+\.$|No answer \(|INFO: )/.test(line))).toEqual([]);
    expect(agent.printed()).not.toMatch(/current_time|Tell me|Hello/);
  }
}

test("a person talks to the agent on its page, on a phone, and reads what went wrong", async () => {
  const { agent } = await begin("openai", sandbox);
  const browser = await openBrowser();
  try {
    await onPage(browser, agent.url, { width: "phone", expected: [/502/] }, async (page) => {
      await page.goto("/");
      const message = page.getByLabel("Message");
      await message.fill(question);
      await message.press("Enter");
      await page.getByText(/The tool current_time returned/).waitFor();
      await message.fill("Tell me more. [sandbox:error=503]");
      await page.getByRole("button", { name: "Send" }).click();
      await page.getByText("The model service could not answer. Ask again in a moment.").waitFor();
      expect(await message.inputValue()).toBe("Tell me more. [sandbox:error=503]");
      await message.fill("Tell me more.");
      await message.press("Enter");
      await page.getByText(/You asked: "Tell me more\."/).waitFor();
    });
  } finally {
    await browser.close();
  }
});

type Begun = { readonly agent: RunningAgent; readonly keyId: string; readonly secret: string };

/** The scaffold that asks the gateway, with a key of its own. */
async function begin(template: TemplateName, gateway: OperatedGateway): Promise<Begun> {
  const { secret, id } = await gateway.operator.key({ name: template });
  const agent = await startAgent(folder, join(folder.path, `${template}-gateway`), {
    ASTRO_GATEWAY_URL: `${gateway.url}/v1`,
    ASTRO_GATEWAY_API_KEY: secret,
    MODEL_DEFAULT: "claude-sonnet-4-6",
  });
  return { agent, keyId: id, secret };
}

async function expectPage({ url }: RunningAgent): Promise<void> {
  const page = await fetch(url);
  expect([page.status, page.headers.get("content-type")]).toEqual([200, expect.stringContaining("text/html")]);
  expect(await page.text()).toContain("<h1>my-agent</h1>");
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: "ok" });
}

async function expectSandboxAnswers(agent: RunningAgent): Promise<void> {
  const whole = await agent.ask(question);
  expect([whole.status, whole.error]).toEqual([200, ""]);
  expect(whole.answer).toContain("The tool current_time returned:");
  expect(whole.answer).toContain(thisYear);
  const pieces = await agent.stream("Tell me something. [sandbox:pace=20]");
  expect(pieces.length).toBeGreaterThan(2);
  expect(pieces.join("")).toContain("a simulated answer in place of claude-sonnet-4-6");
  const broken = await agent.stream("Tell me something. [sandbox:stream_error]");
  expect(broken.join("")).toMatch(/^This is .*\n\n\[The answer broke off\. The model service could not answer\..*\]$/s);
}

/** What a person is told who asks wrongly, too often, without credits or with a dead key. */
async function expectWords(agent: RunningAgent, keyId: string): Promise<void> {
  const change = async (fields: JsonObject) => {
    const { status } = await sandbox.operator.send("PATCH", `/keys/${keyId}`, fields);
    expect(status).toBe(200);
  };
  expect(await agent.ask("")).toMatchObject({ status: 400, error: expect.stringMatching(/message/) });
  await change({ spend_limit_usd: "0.000000000001" });
  expect(await agent.ask("Hello")).toMatchObject({ status: 402, error: expect.stringMatching(/no credits left/) });
  await change({ spend_limit_usd: null, rate_limit_per_minute: 1 });
  const answers = [await agent.ask("Hello"), await agent.ask("Hello"), await agent.ask("Hello")];
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.error).toMatch(/Wait a moment/);
  expect((await sandbox.operator.send("POST", `/keys/${keyId}/revoke`)).status).toBe(200);
  expect(await agent.ask("Hello")).toMatchObject({ status: 401, error: expect.stringMatching(/key/) });
}

async function expectUpstreamAnswers(template: TemplateName, agent: RunningAgent, keyId: string): Promise<void> {
  const pieces = await agent.stream(question);
  expect(pieces.join("")).toBe("It is late in Paris, and the stars are out.");
  const rows = await usageOf(overUpstream, keyId, 2);
  const facts = rows.map(({ model, provider, status }) => [model, provider, status]);
  expect(facts).toEqual(Array.from({ length: 2 }, () => ["claude-sonnet-4-6", "openrouter", 200]));
  expect(rows.reduce((sum, row) => sum + Number(row["debit_usd"]), 0)).toBeCloseTo(debitOfTwoCalls, 12);
  const protocols = template === "ai-sdk" ? "responses" : "chat-completions";
  expect(rows.map(({ protocol }) => protocol)).toEqual([protocols, protocols]);
  const trace = await overUpstream.get(`/v1/traces/${String(rows[0]?.["request_id"])}`);
  expect(trace).toMatchObject({ object: "route_trace", billing: { debit_usd: rows[0]?.["debit_usd"] } });
}

/** The rows of a key's requests, once there are so many: they are written just after the answer. */
async function usageOf(gateway: OperatedGateway, keyId: string, count: number): Promise<JsonObject[]> {
  for (let tries = 0; ; tries++) {
    const { body } = await gateway.operator.send("GET", "/usage?limit=100");
    const rows = Array.isArray(body["data"]) ? body["data"].filter(isObject) : [];
    const found = rows.filter((row) => row["key_id"] === keyId);
    if (found.length >= count || tries === 50) return found;
    await Bun.sleep(20);
  }
}

/** An answer that has begun is given to its end, then the agent ends: by itself, or as uvicorn by the signal once more. */
async function expectToFinish(agent: RunningAgent): Promise<void> {
  let ended: Promise<number> | undefined;
  const pieces = await agent.stream("Tell me slowly.", () => {
    ended ??= agent.end();
  });
  expect(pieces.length).toBeGreaterThan(2);
  expect(pieces.join("")).toBe(slowAnswer);
  expect([0, 128 + constants.signals.SIGTERM]).toContain((await ended) ?? -1);
}
