import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, matchesGlob } from "node:path";
import { describe, expect, test } from "bun:test";
import { check } from "prettier";
import { parse } from "yaml";
import { usesGateway } from "../../blueprint/blueprint.ts";
import { readBlueprint } from "../../blueprint/read-blueprint.ts";
import { requestedValues } from "../../blueprint/requested-values.ts";
import { isObject, objectAt, parseObject } from "../../server/contracts/json.ts";
import { scaffoldFiles, type ScaffoldFiles } from "./scaffold-files.ts";
import { modelSources, templateNames, templates, type ModelSource, type TemplateName } from "./templates.ts";

const all = templateNames.flatMap((template) =>
  modelSources.map((model): [TemplateName, ModelSource] => [template, model]),
);

function text(files: ScaffoldFiles, path: string): string {
  const found = files.get(path);
  if (found === undefined) throw new Error(`there is no ${path}`);
  return found;
}

describe.each(all)("the scaffold of %s with models of %s", (template, model) => {
  test("is whole, filled in and formatted", async () => {
    const files = await scaffoldFiles({ name: "my-agent", template, model });
    const code = templates[template].language === "typescript" ? "ts" : "py";
    for (const path of [
      "astropods.yml",
      "Dockerfile",
      ".dockerignore",
      ".gitignore",
      "README.md",
      "AGENT.md",
      "AGENTS.md",
    ]) {
      expect(files.has(path), path).toBe(true);
    }
    expect(files.has(`agent/model.${code}`)).toBe(true);
    expect(files.has(".env.example")).toBe(model !== "gateway");
    for (const [path, content] of files) {
      expect(path).not.toMatch(/\.(?:gateway|anthropic|openai)\.|_gitignore/);
      expect([path, content.includes("{{")]).toEqual([path, false]);
      expect([path, content.endsWith("\n"), content.includes("\r")]).toEqual([path, true, false]);
      if (/\.(?:ts|json|md|yml|html)$/.test(path)) {
        expect([path, await check(content, { filepath: path, printWidth: 120 })]).toEqual([path, true]);
      }
    }
  });

  test("is a blueprint without a warning that gives the agent what its code reads", async () => {
    const files = await scaffoldFiles({ name: "my-agent", template, model });
    const { blueprint, diagnostics } = readBlueprint(text(files, "astropods.yml"));
    expect(diagnostics).toEqual([]);
    if (blueprint === undefined) return;
    expect([blueprint.name, usesGateway(blueprint)]).toEqual(["my-agent", model === "gateway"]);
    const given =
      model === "gateway"
        ? ["ASTRO_GATEWAY_URL", "ASTRO_GATEWAY_API_KEY", "MODEL_DEFAULT"]
        : requestedValues(blueprint).map(({ name }) => name);
    const code = [...files].filter(([path]) => path.startsWith("agent/")).map(([, content]) => content);
    const read = code.join("\n").matchAll(/(?:required\(|env\[|environ\.get\()"([A-Z_]+)"/g);
    const names = new Set([...read].map(([, name = ""]) => name));
    expect([...names].filter((name) => name !== "PORT").toSorted()).toEqual(given.toSorted());
  });

  test("pins every package to one version", async () => {
    const files = await scaffoldFiles({ name: "my-agent", template, model });
    const manifest = parseObject(files.get("package.json") ?? "") ?? {};
    const versions = ["dependencies", "devDependencies"].flatMap((group) =>
      Object.values(objectAt(manifest, group) ?? {}),
    );
    const lines = (files.get("requirements.txt") ?? "").split("\n").filter((line) => line !== "");
    expect(versions.length + lines.length).toBeGreaterThan(3);
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
    expect(lines.filter((line) => !/^[a-z-]+==\d+(?:\.\d+)+$/.test(line))).toEqual([]);
  });

  test("has an image in two stages that runs as nobody in particular, of files that it has", async () => {
    const files = await scaffoldFiles({ name: "my-agent", template, model });
    const lines = text(files, "Dockerfile").split("\n");
    const stages = lines.filter((line) => line.startsWith("FROM "));
    expect(stages).toHaveLength(2);
    for (const stage of stages) expect(stage).toMatch(/:\d+\.\d+[\w.-]*(?: AS \w+)?$/);
    expect(lines.filter((line) => line.startsWith("USER "))).toEqual(["USER 1000:1000"]);
    expect(lines.lastIndexOf("USER 1000:1000")).toBeGreaterThan(lines.lastIndexOf(stages[1] ?? ""));
    const copied = lines.flatMap((line) => {
      const words = /^COPY (?!--)(.*)$/.exec(line)?.[1]?.split(" ").slice(0, -1) ?? [];
      return words.filter((word) => !word.endsWith("*"));
    });
    const paths = [...files.keys()];
    const sent = text(files, ".dockerignore")
      .split("\n")
      .flatMap((line) => (line.startsWith("!") ? [line.slice(1)] : []));
    for (const word of copied) {
      expect([word, paths.some((path) => path === word || path.startsWith(`${word}/`))]).toEqual([word, true]);
      expect(sent).toContain(word);
    }
  });

  test("names only commands and files that there are in what it says", async () => {
    const files = await scaffoldFiles({ name: "my-agent", template, model });
    const scripts = objectAt(parseObject(files.get("package.json") ?? "") ?? {}, "scripts") ?? {};
    for (const page of ["README.md", "AGENTS.md"]) {
      const said = text(files, page);
      const named = [...said.matchAll(/`((?:agent\/)?[\w-]+\.(?:ts|py|html|md|yml|txt|json))`/g)].map(
        ([, path = ""]) => path,
      );
      expect(named.filter((path) => !files.has(path))).toEqual([]);
      const runs = [...said.matchAll(/bun run ([a-z]+)/g)].map(([, name = ""]) => name);
      expect(runs.filter((name) => !(name in scripts))).toEqual([]);
    }
  });
});

test("keys are kept out of git, and none is written", async () => {
  const files = await scaffoldFiles({ name: "my-agent", template: "openai", model: "openai" });
  expect(text(files, ".gitignore").split("\n")).toContain(".env");
  expect([...files.keys()].filter((path) => matchesGlob(path, "**/.env"))).toEqual([]);
});

test("a name that YAML takes for something else stays a name", async () => {
  for (const name of ["null", "true", "yes", "on", "e1"]) {
    const files = await scaffoldFiles({ name, template: "mastra", model: "gateway" });
    const read: unknown = parse(text(files, "astropods.yml"));
    expect(isObject(read) ? read["name"] : undefined).toBe(name);
  }
});

describe("the templates come along", () => {
  const program =
    'import { scaffoldFiles } from "./cli/scaffold/scaffold-files.ts";\n' +
    'const files = await scaffoldFiles({ name: "my-agent", template: "mastra", model: "gateway" });\n' +
    'console.log(files.get("package.json"));\n';

  test("as files where ast is a package, below node_modules", async () => {
    await inFolder(async (folder) => {
      const home = join(folder, "node_modules/astrolabe");
      await copySources(home, program);
      expect(await run(join(home, "main.ts"))).toContain('"@mastra/core"');
    });
  });

  test("inside of the program where it is one file", async () => {
    await inFolder(async (folder) => {
      const sources = join(folder, "sources");
      await copySources(sources, program);
      await Bun.build({ entrypoints: [join(sources, "main.ts")], outdir: folder, target: "bun" });
      rmSync(sources, { recursive: true });
      expect(await run(join(folder, "main.js"))).toContain('"@mastra/core"');
    });
  });

  async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "templates-"));
    try {
      await use(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  async function copySources(home: string, main: string): Promise<void> {
    const cli = dirname(import.meta.dir);
    for (const name of ["scaffold", "templates"]) cpSync(join(cli, name), join(home, "cli", name), { recursive: true });
    await Bun.write(join(home, "main.ts"), main);
  }

  async function run(path: string): Promise<string> {
    const child = Bun.spawn([process.execPath, path], { cwd: tmpdir(), stdout: "pipe", stderr: "pipe" });
    const [output, errors] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    return output + errors;
  }
});
