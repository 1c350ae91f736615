// `ast create` as a process: what it writes, prints and refuses, and how it asks on a terminal.

import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "bun:test";
import { objectAt, parseObject } from "../../server/contracts/json.ts";
import { installAst } from "../support/ast.ts";
import { root } from "../tidy/source-tree.ts";

const ast = installAst();
const folder = mkdtempSync(join(tmpdir(), "ast-create-"));
let cwd = "";
let tries = 0;

beforeEach(() => {
  cwd = join(folder, String(++tries));
  mkdirSync(cwd);
});
afterAll(() => {
  ast.remove();
  rmSync(folder, { recursive: true });
});

test("without options it is a Mastra agent that asks the gateway, and the next steps are printed", async () => {
  const { code, stdout } = await ast.run(["create", "my-agent"], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/Created my-agent: TypeScript agent with Mastra\. Models: the AI gateway/);
  expect(stdout).toContain("  cd my-agent\n  ast login\n  ast dev\n");
  expect(await Bun.file(join(cwd, "my-agent/package.json")).text()).toContain("@mastra/core");
});

test("template, model and place are chosen; --json tells what was written", async () => {
  const words = ["project", "create", "my-agent", "-t", "langchain", "-m", "anthropic", "-p", "some where", "--json"];
  const { code, json } = await ast.run(words, { cwd });
  const made = join(cwd, "some where/my-agent");
  expect(code).toBe(0);
  expect(json).toMatchObject({
    name: "my-agent",
    template: "langchain",
    model: "anthropic",
    folder: made,
    files: expect.arrayContaining(["astropods.yml", "agent/agent.py", ".env.example"]),
    next: ["cd 'some where/my-agent'", "ast configure", "ast dev"],
  });
  expect(existsSync(join(made, "requirements.txt"))).toBe(true);
});

test("what is there stays: a second time it is refused, and with --force too once something was changed", async () => {
  await ast.run(["create", "my-agent"], { cwd });
  const again = await ast.run(["create", "my-agent"], { cwd });
  expect([again.code, again.stderr]).toEqual([5, expect.stringContaining("my-agent is not empty.")]);
  expect((await ast.run(["create", "my-agent", "-t", "ai-sdk", "--force"], { cwd })).code).toBe(0);
  await Bun.write(join(cwd, "my-agent/notes.txt"), "mine");
  const forced = await ast.run(["create", "my-agent", "--force"], { cwd });
  expect([forced.code, forced.stderr]).toEqual([5, expect.stringContaining("notes.txt")]);
  expect(await Bun.file(join(cwd, "my-agent/package.json")).text()).toContain('"ai"');
});

test.each([
  [["create", "My_Agent"], /lower-case letters/],
  [["create", "model"], /platform's own word/],
  [["create", "@acme/helper"], /Leave the account out/],
  [["create", "my-agent", "-t", "rails"], /mastra, ai-sdk, openai, langchain, openai-python/],
  [["create"], /ast create <name>/],
])("%j is refused with the way out, and nothing is written", async (words, said) => {
  const { code, stderr } = await ast.run(words, { cwd });
  expect(code).toBe(2);
  expect(stderr).toMatch(said);
  expect([...new Bun.Glob("**").scanSync({ cwd, onlyFiles: false })]).toEqual([]);
});

test("a place that cannot be written to is named", async () => {
  await Bun.write(join(cwd, "file"), "");
  const { code, stderr } = await ast.run(["create", "my-agent", "--path", "file"], { cwd });
  expect([code, stderr]).toEqual([1, expect.stringMatching(/file\S* cannot be written: .*\n.*--path/)]);
});

test("on a terminal it asks for the name, the template and the model", async () => {
  let shown = "";
  const child = Bun.spawn([process.execPath, join(root, "cli/main.ts"), "create"], {
    cwd,
    env: {
      PATH: process.env["PATH"],
      HOME: ast.home,
      ASTRO_CONFIG_HOME: join(ast.home, ".ast"),
      ASTRO_NO_KEYRING: "1",
      TERM: "xterm",
    },
    terminal: { cols: 100, rows: 40, data: (_terminal, data) => (shown += new TextDecoder().decode(data)) },
  });
  const answer = async (asked: RegExp, keys: string) => {
    for (let looks = 0; !asked.test(shown) && looks < 500; looks++) await Bun.sleep(20);
    expect(shown).toMatch(asked);
    child.terminal?.write(keys);
  };
  await answer(/What is the agent called\?/, "asked-for\r");
  await answer(/What is it made with\?/, "\u001b[B\u001b[B\r");
  await answer(/Whose models does it ask\?/, "\u001b[B\r");
  expect(await child.exited).toBe(0);
  const made = parseObject(await Bun.file(join(cwd, "asked-for/package.json")).text()) ?? {};
  expect(Object.keys(objectAt(made, "dependencies") ?? {})).toEqual(["openai", "zod"]);
  expect(existsSync(join(cwd, "asked-for/.env.example"))).toBe(true);
});
