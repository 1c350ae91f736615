// Guards the documents: generated pages are up to date, links lead somewhere, the first commands need nothing but Node.

import { dirname, join } from "node:path";
import { existsSync } from "node:fs";
import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { isObject, objectAt, parseObject, stringAt, type JsonObject } from "../server/contracts/json.ts";
import { policySchema } from "../server/contracts/policy.ts";
import { generatedFiles } from "../scripts/documents/documents.ts";
import { finding, listFiles, root } from "./tidy/source-tree.ts";

describe("generated documentation", () => {
  test("is what `npm run docs` writes", async () => {
    const files = await generatedFiles(root);
    expect(files.size).toBeGreaterThan(4);
    const stale: string[] = [];
    for (const [path, text] of files) {
      const written = Bun.file(join(root, path));
      if (!(await written.exists()) || (await written.text()) !== text) stale.push(`${path}: run \`npm run docs\``);
    }
    expect(stale).toEqual([]);
  }, 60_000);

  test("explains every field of a policy", () => {
    const schema = parseObject(JSON.stringify(z.toJSONSchema(policySchema, { io: "input" }))) ?? {};
    const groups = objectEntries(schema);
    expect(groups.length).toBe(8);
    const silent = groups.flatMap(([group, fields]) =>
      objectEntries(fields)
        .filter(([, field]) => !stringAt(field, "description"))
        .map(([name]) => `${group}.${name}: add .describe() in contracts/policy.ts`),
    );
    expect(silent).toEqual([]);
  });
});

function objectEntries(schema: JsonObject): [string, JsonObject][] {
  return Object.entries(objectAt(schema, "properties") ?? {}).flatMap(([name, value]): [string, JsonObject][] =>
    isObject(value) ? [[name, value]] : [],
  );
}

test("links between documents lead to files and headings that exist", async () => {
  const pages = listFiles("*.md", "docs/**/*.md");
  expect(pages.length).toBeGreaterThan(10);
  const texts = new Map(await Promise.all(pages.map(async (path) => [path, await readText(path)] as const)));
  const broken = [...texts].flatMap(([path, text]) =>
    linksOf(text)
      .filter(({ target }) => !leadsSomewhere(path, target, texts))
      .map(({ target, line }) => finding(path, line, `${target} leads nowhere, use a path from this file instead`)),
  );
  expect(broken).toEqual([]);
});

function readText(path: string): Promise<string> {
  return Bun.file(join(root, path)).text();
}

function linksOf(text: string): { target: string; line: number }[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => ({ target: match[1] ?? "", line: text.slice(0, match.index).split("\n").length }))
    .filter(({ target }) => !/^[a-z]+:/.test(target));
}

function leadsSomewhere(from: string, target: string, texts: ReadonlyMap<string, string>): boolean {
  const [file = "", heading] = target.split("#");
  const path = file === "" ? from : join(dirname(from), file);
  if (!existsSync(join(root, path))) return false;
  return heading === undefined || headingsOf(texts.get(path) ?? "").has(heading);
}

/** The anchors that GitHub gives to the headings of a page. */
function headingsOf(text: string): Set<string> {
  const titles = [...text.matchAll(/^#{1,6} (.+)$/gm)].map((match) => match[1] ?? "");
  return new Set(
    titles.map((title) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, "")
        .replaceAll(" ", "-"),
    ),
  );
}

test("documents do without sales talk", async () => {
  const pages = listFiles("*.md", "docs/**/*.md").filter((path) => !path.includes("/reference/"));
  expect(pages.length).toBeGreaterThan(10);
  const banned = /\b(?:simply|obviously|blazing|seamless(?:ly)?|powerful|effortless(?:ly)?|world-class)\b|\w!(?:\s|$)/i;
  const found: string[] = [];
  for (const path of pages) {
    const lines = (await readText(path)).split("\n");
    lines.forEach((line, index) => {
      const word = banned.exec(line.replaceAll(/`[^`]*`/g, ""));
      if (word) found.push(finding(path, index + 1, `"${word[0].trim()}" adds nothing, use the fact instead`));
    });
  }
  expect(found).toEqual([]);
});

describe("README.md", () => {
  test("starts the server and the tests with Node alone", async () => {
    const text = await readText("README.md");
    expect(text).toMatch(/^npm start$/m);
    expect(text).toMatch(/^npm test$/m);
    expect(text).toMatch(/Node(?:\.js)? 20/);
  });

  test("names only scripts that package.json has", async () => {
    const scripts = objectAt(parseObject(await readText("package.json")) ?? {}, "scripts") ?? {};
    const named = [...(await readText("README.md")).matchAll(/\bnpm run ([a-z-]+)/g)].map((match) => match[1] ?? "");
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
