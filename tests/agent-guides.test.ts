// The pages that agent developers read: their YAML is read as a blueprint, their code runs against a whole gateway with the
// two variables that an agent is given, and their tables agree with the source.

import { join } from "node:path";
import { mkdir, rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { usesGateway } from "../blueprint/blueprint.ts";
import { readBlueprint } from "../blueprint/read-blueprint.ts";
import { catalogue as commands } from "../cli/commands/index.ts";
import { readArguments } from "../cli/program.ts";
import { scaffoldFiles } from "../cli/scaffold/scaffold-files.ts";
import { modelSources, templateNames } from "../cli/scaffold/templates.ts";
import { errorTable } from "../server/contracts/errors.ts";
import { isObject, type JsonObject } from "../server/contracts/json.ts";
import { codeBlocks } from "./readme/code-blocks.ts";
import { startOperatedGateway, type OperatedGateway } from "./support/operator.ts";
import { root } from "./tidy/source-tree.ts";

setDefaultTimeout(60_000);

const gatewayPage = await Bun.file(join(root, "docs/guides/ai-gateway.md")).text();
const agentsPage = await Bun.file(join(root, "docs/guides/agents.md")).text();
const blocks = codeBlocks(gatewayPage);
/** What the first edition of the gateway's page showed, and people have in their agents. */
const firstYaml = ["agent:", "  image: my-agent:latest", "  astro_ai_gateway: true", ""].join("\n");
const firstPython = `from openai import OpenAI
import os

client = OpenAI(
    api_key=os.environ["ASTRO_GATEWAY_API_KEY"],
    base_url=os.environ["ASTRO_GATEWAY_URL"],
)

response = client.chat.completions.create(
    model="claude-sonnet-4-6",
    messages=[{"role": "user", "content": "Hello"}],
)
`;

describe("the YAML of the gateway's page", () => {
  const files = blocks.filter(({ language }) => language === "yaml").map(({ text }) => text);

  test("has the first edition's example as it stands", () => {
    expect(files).toContain(firstYaml);
  });

  test("is a blueprint that uses the gateway", () => {
    expect(files.length).toBe(3);
    for (const file of files) {
      const { blueprint, diagnostics } = readBlueprint(file, { fallbackName: "my-agent" });
      expect([file, diagnostics.filter(({ severity }) => severity === "error")]).toEqual([file, []]);
      expect([file, blueprint !== undefined && usesGateway(blueprint)]).toEqual([file, true]);
    }
  });
});

describe("the code of the gateway's page, with an agent's variables,", () => {
  let gateway: OperatedGateway;
  let keyId = "";
  let env: Record<string, string> = {};
  const folder = join(root, "tmp", `agent-guides-${process.pid}`);

  beforeAll(async () => {
    gateway = await startOperatedGateway();
    const { secret, id } = await gateway.operator.key({ name: "an agent's key" });
    keyId = id;
    env = { ASTRO_GATEWAY_URL: `${gateway.url}/v1`, ASTRO_GATEWAY_API_KEY: secret };
    // Below the root, so that packages resolve as they would in a project.
    await mkdir(folder, { recursive: true });
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
    await gateway.close();
  });

  test.each(["openai", "@anthropic-ai/sdk"])("in TypeScript with %s prints the answer", async (name) => {
    const [found] = blocks.filter(({ language, text }) => language === "ts" && text.includes(`from "${name}"`));
    const file = join(folder, `${name.replaceAll(/\W/g, "")}.ts`);
    await Bun.write(file, found?.text ?? "");
    const { output, exitCode } = await run([process.execPath, file]);
    expect([exitCode, output]).toEqual([0, expect.stringContaining("in place of claude-sonnet-4-6")]);
    await expectDebit();
  });

  test("in curl is answered", async () => {
    const curl = blocks.find(({ text }) => text.startsWith("curl "))?.text ?? "";
    const { output, exitCode } = await run(["bash", "-e", "-c", curl.replace("curl", "curl -s --fail-with-body")]);
    expect([exitCode, output]).toEqual([0, expect.stringContaining("in place of claude-sonnet-4-6")]);
    await expectDebit();
  });

  test("in Python is answered, at the address with /v1 and without", async () => {
    const python = blocks.filter(({ language, text }) => language === "python" && text.includes("import OpenAI"));
    expect(python.map(({ text }) => text)).toContain(firstPython);
    expect(python).toHaveLength(2);
    const hasPackage = (await run(["python3", "-c", "import openai"])).exitCode === 0;
    if (!hasPackage) {
      process.stdout.write("Python has no openai package: the examples were read, and their requests sent instead.\n");
      const messages = [{ role: "user", content: "Hello" }];
      for (const path of ["/chat/completions", "/v1/chat/completions"]) {
        const answer = await gateway.post(path, { model: "claude-sonnet-4-6", messages });
        expect([path, answer.status]).toEqual([path, 200]);
      }
      const input = ["One text", "Another"];
      expect((await gateway.post("/v1/embeddings", { model: "titan-embed-text-v2", input })).status).toBe(200);
      return;
    }
    for (const url of [gateway.url, `${gateway.url}/v1`]) {
      const printing = `${firstPython}print(response.choices[0].message.content)`;
      const { output, exitCode } = await run(["python3", "-c", printing], { ASTRO_GATEWAY_URL: url });
      expect([url, exitCode, output]).toEqual([url, 0, expect.stringContaining("in place of claude-sonnet-4-6")]);
    }
    const embeddings = python.find(({ text }) => text.includes("embeddings"))?.text ?? "";
    const { output, exitCode } = await run(["python3", "-c", embeddings]);
    expect([exitCode, output]).toEqual([0, "1024\n"]);
    await expectDebit();
  });

  /** The newest request of the key was paid by the workspace. */
  async function expectDebit(): Promise<void> {
    let row: JsonObject | undefined;
    for (let looks = 0; row === undefined && looks < 50; looks++) {
      const { body } = await gateway.operator.send("GET", "/usage?limit=1");
      [row] = Array.isArray(body["data"]) ? body["data"].filter(isObject) : [];
      if (row === undefined) await Bun.sleep(20);
    }
    expect(row).toMatchObject({ key_id: keyId, status: 200 });
    expect(Number(row?.["debit_usd"])).toBeGreaterThan(0);
  }

  async function run(command: string[], more: Record<string, string> = {}) {
    const child = Bun.spawn(command, {
      cwd: root,
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env, ...more },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [output, errors, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    return { output: exitCode === 0 ? output : output + errors, exitCode };
  }
});

test("every `ast` line of the pages and of the scaffolds is one that `ast` takes", async () => {
  const scaffolds = templateNames.flatMap((template) =>
    modelSources.map(
      async (model) => (await scaffoldFiles({ name: "my-agent", template, model })).get("README.md") ?? "",
    ),
  );
  const readme = await Bun.file(join(root, "README.md")).text();
  const shells = [agentsPage, gatewayPage, readme, ...(await Promise.all(scaffolds))].flatMap((page) =>
    codeBlocks(page).filter(({ language }) => ["bash", "sh"].includes(language)),
  );
  const lines = new Set(
    shells.flatMap(({ text }) => [...text.matchAll(/(?<=^|&& )ast (.*)$/gm)].map(([, words = ""]) => words)),
  );
  expect(lines.size).toBeGreaterThan(8);
  for (const line of lines) {
    expect([line, readArguments(commands, line.split(" ")).kind]).toEqual([line, "command"]);
  }
});

describe("the tables", () => {
  test("of errors have the codes and statuses of the source", () => {
    const statuses: Record<string, number> = Object.fromEntries(
      Object.entries(errorTable).map(([code, { status }]) => [code, status]),
    );
    const rows = [...gatewayPage.matchAll(/^\| (\d{3}) +\| `(\w+)`/gm)].map(([, status, code = ""]) => [
      code,
      Number(status),
    ]);
    expect(rows.length).toBeGreaterThan(5);
    for (const [code = "", status] of rows) expect([code, status]).toEqual([code, statuses[code]]);
  });

  test("of models and templates name those that there are", async () => {
    const models = await Bun.file(join(root, "docs/reference/models.md")).text();
    const named = [...gatewayPage.matchAll(/^\| `((?:claude|titan)-[\w-]+)`/gm)].map(([, id = ""]) => id);
    expect(named).toHaveLength(4);
    for (const id of named) expect(models).toContain(`| \`${id}\``);
    const listed = [...agentsPage.matchAll(/^\| `([\w-]+)`/gm)].map(([, name = ""]) => name);
    expect(listed.toSorted()).toEqual([...templateNames].toSorted());
  });
});
