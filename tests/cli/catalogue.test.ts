// What holds for every command of `ast`: its words are its own, and every line that help and guides show can be typed.

import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import { catalogue } from "../../cli/commands/index.ts";
import { completionScript, shells } from "../../cli/completion.ts";
import { Problem } from "../../cli/problem.ts";
import { readArguments } from "../../cli/program.ts";
import { codeBlocks } from "../readme/code-blocks.ts";
import { listFiles, root } from "../tidy/source-tree.ts";

const commands = catalogue.commands;

test("no two commands have a spelling in common", () => {
  const spellings = commands.flatMap(({ path, aliases = [] }) => [path, ...aliases].map((words) => words.join(" ")));
  expect(spellings.length).toBeGreaterThan(40);
  expect(spellings.filter((spelling, index) => spellings.indexOf(spelling) !== index)).toEqual([]);
});

test("summaries begin with a capital, and end without a full stop", () => {
  const texts = commands.flatMap(({ options, arguments: taken }) => [...Object.values(options), ...taken]);
  const summaries = commands.map(({ summary }) => summary);
  expect(summaries.filter((text) => !/^\p{Lu}/u.test(text))).toEqual([]);
  expect([...summaries, ...texts.map(({ summary }) => summary)].filter((text) => text.endsWith("."))).toEqual([]);
});

test("every word of the overview leads somewhere", () => {
  const first = new Set(commands.flatMap(({ path, aliases = [] }) => [path[0], ...aliases.map(([word]) => word)]));
  const known = new Set([...first, ...catalogue.groups.flatMap(({ path, aliases = [] }) => [path[0], ...aliases])]);
  const listed = catalogue.sections.flatMap(({ words }) => words);
  expect(listed.filter((word) => !known.has(word))).toEqual([]);
});

/** What of a line in a shell `ast` is given; undefined when it is no such line. */
function wordsOf(line: string): string[] | undefined {
  const [, typed] = /(?:^|[|&;(]\s*|\bnpx )ast ([^#|&;)]*)/.exec(line.replace(/^\$ /, "")) ?? [];
  if (typed === undefined) return undefined;
  const [before = ""] = typed.split(/ [<>] /);
  return [...before.matchAll(/(?:"[^"]*"|'[^']*'|\S)+/g)].map(([word]) => word.replaceAll(/["']/g, ""));
}

function problemOf(line: string): string[] {
  const words = wordsOf(line);
  // The program answers that by itself, before it reads anything else.
  if (words === undefined || words[0] === "--version") return [];
  try {
    readArguments(catalogue, words);
    return [];
  } catch (thrown) {
    return [`${line}: ${thrown instanceof Problem ? thrown.message : String(thrown)}`];
  }
}

describe("every line that is shown can be typed", () => {
  test("in help", () => {
    const lines = commands.flatMap(({ examples = [] }) => examples.map(({ line }) => line));
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.filter((line) => wordsOf(line) === undefined)).toEqual([]);
    expect(lines.flatMap(problemOf)).toEqual([]);
  });

  test("in the guides", async () => {
    const paths = listFiles("README.md", "docs/guides/*.md", "cli/templates/**/*.md");
    const lines: string[] = [];
    for (const path of paths) {
      const text = await Bun.file(join(root, path)).text();
      const blocks = codeBlocks(text).filter(({ language }) => ["sh", "bash", "console"].includes(language));
      lines.push(...blocks.flatMap((block) => block.text.split("\n")).filter((line) => wordsOf(line) !== undefined));
    }
    expect(lines.length).toBeGreaterThan(30);
    expect(lines.flatMap(problemOf)).toEqual([]);
  });
});

describe("completion", () => {
  const bash = (...typed: readonly string[]) => {
    const script = `${completionScript("bash", catalogue)}
COMP_WORDS=(ast "$@"); COMP_CWORD=$#; _ast_completion; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, exitCode } = Bun.spawnSync(["bash", "-c", script, "bash", ...typed]);
    expect(exitCode).toBe(0);
    return stdout.toString().trim().split("\n");
  };

  test("in bash knows the words and options that may follow, whatever stands between", () => {
    expect(bash("rede")).toEqual(["redeploy"]);
    expect(bash("agent", "lo")).toEqual(["logs"]);
    expect(bash("--json", "bp", "bui")).toEqual(["build", "builds"]);
    expect(bash("agent", "logs", "support", "--wor")).toEqual(["--workload"]);
    expect(bash("dev", "project", "sta")).toEqual(["start"]);
  });

  test.each([...shells])("in %s names every command that is listed", (shell) => {
    const script = completionScript(shell, catalogue);
    const last = commands.filter(({ hidden }) => !hidden).map(({ path }) => path.at(-1) ?? "");
    expect(last.filter((word) => !script.includes(word))).toEqual([]);
  });
});
