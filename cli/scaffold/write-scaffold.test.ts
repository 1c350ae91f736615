import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { ScaffoldRequest } from "./scaffold-files.ts";
import { writeScaffold } from "./write-scaffold.ts";

const mastra: ScaffoldRequest = { name: "my-agent", template: "mastra", model: "gateway" };
const langchain: ScaffoldRequest = { name: "my-agent", template: "langchain", model: "anthropic" };
let parent: string;
let folder: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "write-scaffold-"));
  folder = join(parent, "my-agent");
});
afterEach(() => rmSync(parent, { recursive: true }));

const put = (path: string, text: string) => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const read = (path: string) => readFileSync(join(folder, path), "utf8");

describe("a scaffold is written", () => {
  test("into a folder that is not there yet", async () => {
    const result = await writeScaffold(folder, mastra, false);
    expect(result).toMatchObject({ written: expect.arrayContaining(["astropods.yml", "agent/agent.ts"]) });
    expect(read("astropods.yml")).toContain('name: "my-agent"');
  });

  test("into a folder that is empty but for its repository", async () => {
    put(".git/config", "[core]");
    expect(await writeScaffold(folder, mastra, false)).toHaveProperty("written");
    expect(read(".git/config")).toBe("[core]");
  });

  test("over another one that nobody changed, which is then gone; installed packages and keys stay", async () => {
    await writeScaffold(folder, mastra, false);
    put("node_modules/zod/index.js", "");
    put(".env", "KEY=1");
    expect(await writeScaffold(folder, langchain, true)).toHaveProperty("written");
    expect([existsSync(join(folder, "package.json")), existsSync(join(folder, "agent/agent.py"))]).toEqual([
      false,
      true,
    ]);
    expect(existsSync(join(folder, "agent/agent.ts"))).toBe(false);
    expect(read(".env")).toBe("KEY=1");
    expect(existsSync(join(folder, "node_modules/zod/index.js"))).toBe(true);
  });
});

describe("nothing is touched", () => {
  test("in a folder that holds something, unless force is used", async () => {
    put("notes.txt", "mine");
    expect(await writeScaffold(folder, mastra, false)).toEqual({ refused: "not-empty" });
    expect(existsSync(join(folder, "astropods.yml"))).toBe(false);
  });

  test("with force when there is a file of somebody else", async () => {
    await writeScaffold(folder, mastra, false);
    put("agent/notes.txt", "mine");
    expect(await writeScaffold(folder, langchain, true)).toEqual({ refused: "not-ours", paths: ["agent/notes.txt"] });
    expect([read("agent/notes.txt"), existsSync(join(folder, "package.json"))]).toEqual(["mine", true]);
  });

  test("with force when a file of the scaffold was changed", async () => {
    await writeScaffold(folder, mastra, false);
    put("agent/tools.ts", `${read("agent/tools.ts")}// mine\n`);
    expect(await writeScaffold(folder, mastra, true)).toEqual({ refused: "not-ours", paths: ["agent/tools.ts"] });
    expect(read("agent/tools.ts")).toEndWith("// mine\n");
  });

  test("behind a link, be it the folder itself, one inside or a file", async () => {
    const elsewhere = join(parent, "elsewhere");
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, folder);
    expect(await writeScaffold(folder, mastra, true)).toEqual({ refused: "not-a-folder" });
    rmSync(folder);
    mkdirSync(folder);
    symlinkSync(elsewhere, join(folder, "agent"));
    symlinkSync(join(parent, "target"), join(folder, "README.md"));
    const result = await writeScaffold(folder, mastra, true);
    expect(result).toEqual({ refused: "not-ours", paths: expect.arrayContaining(["agent", "README.md"]) });
    expect(existsSync(join(elsewhere, "agent.ts"))).toBe(false);
  });

  test("where a file has the folder's name", async () => {
    writeFileSync(folder, "mine");
    expect(await writeScaffold(folder, mastra, true)).toEqual({ refused: "not-a-folder" });
    expect(readFileSync(folder, "utf8")).toBe("mine");
  });
});
