// `ast spec` and `ast add` as a process: what they print, write and refuse.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { runAst } from "../../cli/run-ast.ts";
import { arrayAt, parseObject } from "../../server/contracts/json.ts";
import { readBlueprint } from "../../blueprint/read-blueprint.ts";
import { installAst } from "../support/ast.ts";
import { root } from "../tidy/source-tree.ts";

const ast = installAst();
const folder = mkdtempSync(join(tmpdir(), "ast-spec-"));
let cwd = "";
let tries = 0;

beforeEach(() => {
  cwd = join(folder, `project-${++tries}`);
  mkdirSync(cwd);
});
afterAll(() => {
  ast.remove();
  rmSync(folder, { recursive: true });
});

const right = `spec: blueprint/v1
name: my-agent
agent: { image: my-agent:latest }
# what it thinks with
models:
  default: { provider: gateway, models: [claude-haiku-4-5] }
`;
const wrong = right.replace("models:\n", "modles:\n").replace("image:", "imgae:");

const file = () => join(cwd, "astropods.yml");
/** In this process, which is faster than a hundred of its own; the first test and the one on a terminal start `ast`. */
async function run(words: readonly string[], input?: string) {
  const text = { stdout: "", stderr: "" };
  const stream = (into: keyof typeof text) => ({
    write: (part: string) => void (text[into] += part),
    isTerminal: false,
  });
  const code = await runAst(words, {
    env: { HOME: ast.home, ASTRO_CONFIG_HOME: join(ast.home, ".ast"), ASTRO_NO_KEYRING: "1" },
    accessToken: undefined,
    cwd,
    platform: process.platform,
    version: "0.0.0",
    signal: new AbortController().signal,
    isInputTerminal: false,
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    now: Date.now,
    sleep: Bun.sleep,
    piped: () => Promise.resolve(input),
  });
  return { code, ...text, json: parseObject(text.stdout) ?? {} };
}

describe("ast spec validate", () => {
  test("says that a file is right", async () => {
    await Bun.write(file(), right);
    const { code, stdout } = await ast.run(["spec", "validate"], { cwd });
    expect([code, stdout]).toEqual([0, "✓ astropods.yml is valid\n"]);
  });

  test("shows everything that is wrong, with its lines, and ends with 1", async () => {
    await Bun.write(file(), wrong);
    const { code, stdout } = await run(["spec", "validate"]);
    expect(code).toBe(1);
    expect(stdout).toContain("astropods.yml:3:10: error: There is no key `imgae` in `agent`. [unknown-key]");
    expect(stdout).toContain("Hint: Did you mean `image`?");
    expect(stdout).toContain("5 | modles:\n    | ^^^^^^");
    expect(stdout).toContain("✗ astropods.yml: 3 errors\n");
  });

  test("answers programs, and reads what is piped in", async () => {
    const { code, json } = await run(["spec", "validate", "--file", "-", "--json"], wrong);
    expect(code).toBe(1);
    expect(json).toMatchObject({ file: "standard input", valid: false, name: null });
    expect(arrayAt(json, "findings")).toHaveLength(3);
    expect(arrayAt(json, "findings")?.[0]).toMatchObject({ code: "image-or-build", line: 3, severity: "error" });
  });

  test("takes a block that was pasted from a page, and warnings for errors when asked to", async () => {
    await Bun.write(file(), "agent:\n image: my-agent:latest\n astro_ai_gateway: true\n");
    expect(await run(["spec", "validate", "--json"])).toMatchObject({
      code: 0,
      json: { name: `project-${tries}`, valid: true },
    });
    expect((await run(["spec", "validate", "--strict"])).code).toBe(1);
  });

  test("says where it looked when there is no file", async () => {
    const { code, stderr } = await run(["spec", "validate"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`There is no astropods.yml in ${cwd}.`)]);
  });
});

describe("ast spec explain", () => {
  test("lists what each container gets, and from where", async () => {
    await Bun.write(file(), `${right}knowledge: { cache: { provider: redis } }\n`);
    const { code, stdout } = await run(["spec", "explain"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^agent\n/);
    expect(stdout).toMatch(/^REDIS_URL +redis:\/\/knowledge-cache:6379 +knowledge\.cache$/m);
    expect(stdout).toMatch(/^MODEL_DEFAULT +the model that is chosen, else claude-haiku-4-5 +models\.default$/m);
    expect(stdout).toMatch(/^ASTRO_GATEWAY_API_KEY +a managed key of the gateway +models\.default$/m);
    expect(stdout).toMatch(/^knowledge-cache\n {2}no variables$/m);
  });

  test("says what a key means, without a file", async () => {
    const { stdout } = await run(["spec", "explain", "agent.inputs.datatype"]);
    expect(stdout).toContain("agent.inputs[0].datatype");
    expect(stdout).toContain("string, boolean, number, array or object");
    const { json } = await run(["spec", "explain", "models.x", "--json"]);
    expect(arrayAt(json, "keys")).toHaveLength(5);
  });

  test("knows what was probably meant", async () => {
    expect(await run(["spec", "explain", "agent.imgae"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Did you mean agent.image?"),
    });
  });
});

describe("ast add", () => {
  test("adds entries of every kind, and leaves the rest of the file as it stands", async () => {
    await Bun.write(file(), right);
    for (const words of [
      ["model", "deep", "--provider", "gateway", "--model", "claude-opus-4-8", "--model", "claude-sonnet-4-6"],
      ["knowledge", "redis"],
      ["provider", "my-jira", "--scope", "integrations", "--secret", "TOKEN", "--variable", "SITE"],
      ["tool", "my-jira"],
      ["ingestion", "docs", "--build", "jobs", "--trigger", "startup"],
      ["input", "MODE", "--option", "fast", "--option", "slow", "--default", "fast"],
    ]) {
      expect(await run(["add", ...words])).toMatchObject({ code: 0, stderr: "" });
    }
    const text = await Bun.file(file()).text();
    for (const line of right.split("\n")) expect(text).toContain(line);
    const { blueprint, diagnostics } = readBlueprint(text);
    expect(diagnostics).toEqual([]);
    expect(blueprint).toMatchObject({
      models: [{ name: "default" }, { name: "deep", models: ["claude-opus-4-8", "claude-sonnet-4-6"] }],
      knowledge: [{ name: "redis", kind: { provider: "redis" } }],
      integrations: [{ name: "my-jira", kind: { provider: "my-jira" } }],
      ingestion: [{ name: "docs", trigger: "startup" }],
      inputs: [{ name: "MODE", options: ["fast", "slow"], default: "fast" }],
    });
  });

  test("shows what changes, says what will be asked for, and writes nothing with --dry-run", async () => {
    await Bun.write(file(), right);
    const { stdout } = await run(["add", "model", "openai", "--dry-run"]);
    expect(stdout).toContain("+  openai:\n+    provider: openai\n");
    expect(stdout).toContain("It asks for OPENAI_API_KEY: ast project configure");
    expect(await Bun.file(file()).text()).toBe(right);
  });

  test("refuses what would make the file invalid, or is too little to go on", async () => {
    await Bun.write(file(), right);
    const refused = async (code: number, said: RegExp, ...words: string[]) => {
      const ended = await run(["add", ...words]);
      expect([ended.code, ended.stderr]).toEqual([code, expect.stringMatching(said)]);
    };
    await refused(5, /has an entry `default` already/, "model", "default", "--provider", "openai");
    await refused(2, /both give the variable `MODEL_DEFAULT`/, "model", "Default", "--provider", "gateway");
    await refused(2, /no provider redsi for knowledge/, "knowledge", "x", "--provider", "redsi");
    await refused(2, /--provider or --image/, "tool", "x");
    await refused(2, /70000 is no port/, "tool", "x", "--image", "a", "--port", "70000");
    await refused(2, /not both/, "tool", "x", "--image", "a", "--provider", "github");
    await refused(2, /`1A` cannot be|must be the name/, "input", "1A");
    expect(await Bun.file(file()).text()).toBe(right);
    await Bun.write(file(), wrong);
    await refused(2, /astropods\.yml has errors/, "tool", "github");
  });

  test("asks on a terminal for what was not said", async () => {
    await Bun.write(file(), right);
    let shown = "";
    const child = Bun.spawn([process.execPath, join(root, "cli/main.ts"), "add", "knowledge"], {
      cwd,
      env: { PATH: process.env["PATH"], HOME: ast.home, ASTRO_CONFIG_HOME: join(ast.home, ".ast"), TERM: "xterm" },
      terminal: { cols: 100, rows: 40, data: (_terminal, data) => (shown += new TextDecoder().decode(data)) },
    });
    const answer = async (asked: RegExp, keys: string) => {
      for (let looks = 0; !asked.test(shown) && looks < 500; looks++) await Bun.sleep(20);
      expect(shown).toMatch(asked);
      child.terminal?.write(keys);
    };
    await answer(/What is it called\?/, "cache\r");
    await answer(/What is cache\?/, "\u001b[B\r");
    expect(await child.exited).toBe(0);
    expect(readBlueprint(await Bun.file(file()).text()).blueprint?.knowledge).toMatchObject([
      { name: "cache", kind: { provider: "redis" } },
    ]);
  });
});
