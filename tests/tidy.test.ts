// Reads the source tree and fails on what the compiler and the linter cannot see: import directions, file headers,
// sizes, names, banned words. Each finding says what to do instead.

import { beforeAll, describe, expect, test } from "bun:test";
import { bannedTexts, describesTheRules } from "./tidy/banned-text.ts";
import { allowedFolders, laboratoryFolders, packageHomes } from "./tidy/import-rules.ts";
import { finding, listFiles, parseSource, readSources, resolveImport, type SourceFile } from "./tidy/source-tree.ts";

const mostLines = 400;
const bannedWords = ["utils", "util", "helpers", "helper", "common", "manager", "misc"];
const kebabCase = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:property|test|test-kit|contract|d))*\.(?:ts|tsx|mjs)$/;

let files: SourceFile[] = [];
let serverFiles: SourceFile[] = [];
let consoleFiles: SourceFile[] = [];

beforeAll(async () => {
  files = await readSources();
  serverFiles = files.filter((file) => file.path.startsWith("server/"));
  consoleFiles = files.filter((file) => file.path.startsWith("console/"));
});

/** Runs one rule over every file; fails when it saw hardly any, since an empty search would pass as well. */
function expectNone(over: readonly SourceFile[], atLeast: number, rule: (file: SourceFile) => readonly string[]): void {
  expect(over.length).toBeGreaterThan(atLeast);
  expect(over.flatMap((file) => rule(file))).toEqual([]);
}

/** `protocols` for server/protocols/responses/read.ts; empty for files directly in server/. */
function folderOf(path: string): string {
  const parts = path.split("/");
  return parts.length > 2 ? (parts[1] ?? "") : "";
}

function isSource(file: SourceFile): boolean {
  return !file.isTest && !file.path.endsWith(".d.ts");
}

describe("imports", () => {
  test("go from http over request and the domain folders down to contracts and money", () => {
    expectNone(serverFiles.filter(isSource), 20, (file) => file.imports.flatMap((item) => edgeFinding(file, item)));
  });

  test("of one domain folder never reach into a subfolder of another", () => {
    expectNone(serverFiles.filter(isSource), 20, (file) =>
      file.imports.flatMap(({ target, line }) => {
        const path = resolveImport(file.path, target) ?? "";
        const other = folderOf(path);
        const inside = path.split("/").length > 3 && other !== folderOf(file.path);
        const composes = ["", "request", "http"].includes(folderOf(file.path));
        return inside && other !== "" && !composes
          ? [
              finding(
                file.path,
                line,
                `${path} is inside of ${other}, use a file at the top of server/${other} instead`,
              ),
            ]
          : [];
      }),
    );
  });

  test("of HTTP and database packages stay in the folder that is their home", () => {
    expectNone(serverFiles.filter(isSource), 20, (file) =>
      file.imports.flatMap(({ target, line }) => {
        const home = packageHomes[packageOf(target)];
        return home === undefined || home.folders.includes(folderOf(file.path))
          ? []
          : [finding(file.path, line, `${target} is not for this folder, ${home.instead}`)];
      }),
    );
  });

  test("name the file with its extension", () => {
    expectNone(files, 50, (file) =>
      file.imports
        .filter(({ target }) => target.startsWith(".") && !/\.(?:ts|tsx|mjs|json|sql|css|md)$/.test(target))
        .map(({ target, line }) => finding(file.path, line, `${target} has no extension, use ${target}.ts instead`)),
    );
  });

  test("of the server come from nowhere outside of it but blueprint/, runtimes/ and the package's own description", () => {
    expectNone(serverFiles, 20, (file) =>
      file.imports
        .filter(({ target }) => {
          const path = resolveImport(file.path, target);
          const shared = path === "package.json" || /^(?:server|blueprint|runtimes)\//.test(path ?? "");
          const isCommand = file.path === "server/cli/commands/routing.ts" && path?.startsWith("routing/");
          return path !== undefined && !shared && !isCommand && !file.isTest;
        })
        .map(({ target, line }) => finding(file.path, line, `${target} is outside of server/, move it in instead`)),
    );
  });
});

describe("the console", () => {
  test("takes nothing from outside of itself but types of server/contracts, and tables there that import nothing", () => {
    const alone = new Set(files.filter(({ imports }) => imports.length === 0).map(({ path }) => path));
    expectNone(consoleFiles.filter(isSource), 40, (file) =>
      file.imports.flatMap(({ target, line }) => {
        const path = resolveImport(file.path, target);
        if (path === undefined || path.startsWith("console/")) return [];
        const isType = /^\s*(?:import|export) type\b/.test(statementAt(file, line));
        return path.startsWith("server/contracts/") && (isType || alone.has(path))
          ? []
          : [finding(file.path, line, `${target} is the server's, use \`import type\` from server/contracts instead`)];
      }),
    );
  });

  test("has a kit and a client that know no feature", () => {
    expectNone(consoleFiles, 40, (file) =>
      file.imports.flatMap(({ target, line }) => {
        const path = resolveImport(file.path, target) ?? "";
        const foundation = /^console\/src\/(?:ui|api)\//.test(file.path);
        return foundation && path.startsWith("console/src/features/")
          ? [finding(file.path, line, `${path} is a feature's, move what is general of it to ui/ or api/ instead`)]
          : [];
      }),
    );
  });
});

describe("the command line", () => {
  test("takes nothing from outside of itself but blueprints, runtimes, guides, the readers of JSON and types", () => {
    const cliFiles = files.filter((file) => file.path.startsWith("cli/"));
    expectNone(cliFiles.filter(isSource), 10, (file) =>
      file.imports.flatMap(({ target, line }) => {
        const path = resolveImport(file.path, target);
        if (path === undefined || /^(?:cli|blueprint|runtimes|docs)\//.test(path) || path === "package.json") return [];
        const isType = /^\s*(?:import|export) type\b/.test(statementAt(file, line));
        return path === "server/contracts/json.ts" || (path.startsWith("server/contracts/") && isType)
          ? []
          : [finding(file.path, line, `${target} is the server's, use \`import type\` from server/contracts instead`)];
      }),
    );
  });
});

describe("the routing laboratory", () => {
  test("is loaded by its commands when it is first used", () => {
    expectNone(serverFiles.filter(isSource), 20, (file) =>
      file.imports.flatMap(({ target, line }) => {
        const isLaboratory = resolveImport(file.path, target)?.startsWith("routing/") === true;
        return isLaboratory && !/\bimport\(/.test(file.lines[line - 1] ?? "")
          ? [finding(file.path, line, `${target} is loaded at once, use import() at its first use instead`)]
          : [];
      }),
    );
  });

  test("takes nothing from outside of itself but the server's routing and contracts", () => {
    const laboratoryFiles = files.filter((file) => file.path.startsWith("routing/"));
    expectNone(laboratoryFiles.filter(isSource), 10, (file) =>
      file.imports.flatMap(({ target, line }) => {
        const path = resolveImport(file.path, target);
        return path === undefined || ["routing/", ...laboratoryFolders].some((folder) => path.startsWith(folder))
          ? []
          : [finding(file.path, line, `${path} is not for the laboratory, take it by parameter instead`)];
      }),
    );
  });
});

describe("blueprints", () => {
  test("take nothing from outside of themselves but readers of YAML and schemas: no files, no network, no environment", () => {
    const blueprintFiles = files.filter((file) => file.path.startsWith("blueprint/"));
    const known = /^(?:yaml|zod)$/;
    expectNone(blueprintFiles.filter(isSource), 30, (file) => [
      ...file.imports
        .filter(({ target }) => !known.test(target) && !resolveImport(file.path, target)?.startsWith("blueprint/"))
        .map(({ target, line }) => finding(file.path, line, `${target} is not for blueprints, take values instead`)),
      ...file.code.flatMap((text, index) =>
        /\b(?:process|Bun|fetch|Date)\b/.test(text)
          ? [finding(file.path, index + 1, "a blueprint is read alike everywhere, take values instead")]
          : [],
      ),
    ]);
  });
});

describe("the runtimes", () => {
  test("take nothing from outside of themselves but blueprints and the readers of JSON, and nothing of each other", () => {
    const runtimeFiles = files.filter((file) => file.path.startsWith("runtimes/"));
    expectNone(runtimeFiles.filter(isSource), 20, (file) =>
      file.imports.flatMap(({ target, line }) => {
        const path = resolveImport(file.path, target);
        if (path === undefined || path.startsWith("blueprint/") || path === "server/contracts/json.ts") return [];
        const own = folderOf(file.path);
        const isTop = path.startsWith("runtimes/") && folderOf(path) === "";
        return isTop || (path.startsWith("runtimes/") && own !== "" && folderOf(path) === own)
          ? []
          : [finding(file.path, line, `${path} is not for runtimes, take it by parameter instead`)];
      }),
    );
  });

  test("load their engine's client when it is first used", () => {
    const clients = ["dockerode", "@kubernetes/client-node", "tar-fs", "@balena/dockerignore"];
    expectNone(files.filter(isSource), 20, (file) =>
      file.imports.flatMap(({ target, line }) => {
        const isLoaded =
          /^\s*import type\b/.test(statementAt(file, line)) || /\bimport\(/.test(file.lines[line - 1] ?? "");
        const isHome = file.path.startsWith("runtimes/");
        return !clients.includes(packageOf(target)) || (isHome && isLoaded)
          ? []
          : [
              finding(
                file.path,
                line,
                `${target} is loaded at once, use import() in runtimes/ at its first use instead`,
              ),
            ];
      }),
    );
  });
});

/** The lines of the import that ends here. */
function statementAt({ lines }: SourceFile, line: number): string {
  const before = lines.slice(0, line);
  const start = before.findLastIndex((text) => /^\s*(?:import|export)\b/.test(text));
  return before.slice(start).join("\n");
}

function edgeFinding(file: SourceFile, { target, line }: { target: string; line: number }): string[] {
  const path = resolveImport(file.path, target);
  const from = folderOf(file.path);
  if (path === undefined || from === "") return [];
  const to = path.startsWith("server/") ? folderOf(path) : `${path.split("/")[0]}/`;
  if (from === to) return [];
  if (to !== "" && allowedFolders[from]?.includes(to)) return [];
  const allowed = allowedFolders[from]?.join(", ") ?? "a folder listed in tests/tidy/import-rules.ts";
  return [finding(file.path, line, `${from} may not import ${path}, use ${allowed || "nothing"} instead`)];
}

/** `hono` for `hono/streaming`, `@scope/name` for `@scope/name/part`. */
function packageOf(target: string): string {
  return target.startsWith("@") ? target.split("/").slice(0, 2).join("/") : (target.split("/")[0] ?? target);
}

describe("files", () => {
  test("open with a comment that says what they are for; tests beside the source say it by their sentences", () => {
    const headed = files.filter((file) => file.path.startsWith("tests/") || !file.isTest);
    expectNone(headed, 50, ({ path, lines }) => {
      const first = lines.findIndex((line) => !line.startsWith("#!"));
      return /^\/\/ \S.{15,}/.test(lines[first] ?? "")
        ? []
        : [finding(path, first + 1, "no opening comment, use one to three sentences on what the file is for instead")];
    });
  });

  test(`have at most ${mostLines} lines, tests and data excepted`, () => {
    const sized = files.filter((file) => !file.isTest && !file.path.includes("/data/"));
    expectNone(sized, 40, ({ path, lines }) =>
      lines.length > mostLines
        ? [finding(path, mostLines, `${lines.length} lines are two concepts, use one file for each instead`)]
        : [],
    );
  });

  test("are named in kebab-case after what they hold", () => {
    expectNone(files, 50, ({ path }) => {
      const name = path.split("/").at(-1) ?? "";
      const words = path.split(/[^a-z0-9]+/i);
      const banned = words.find((word) => bannedWords.includes(word.toLowerCase()));
      return [
        ...(kebabCase.test(name) ? [] : [finding(path, 1, `${name} is not kebab-case, use kebab-case instead`)]),
        ...(banned ? [finding(path, 1, `"${banned}" says nothing, use the name of the concept instead`)] : []),
      ];
    });
  });

  test("of SQL open with a comment too", async () => {
    const paths = listFiles("server/**/*.sql");
    expect(paths.length).toBeGreaterThan(0);
    const texts = await Promise.all(paths.map(async (path) => [path, await Bun.file(path).text()] as const));
    const bare = texts.filter(([, text]) => !/^-- \S/.test(text));
    expect(bare.map(([path]) => finding(path, 1, "no opening comment, use `-- what the file is for` instead"))).toEqual(
      [],
    );
  });
});

test("every provider and protocol folder has one way in: index.ts, or the file that bears its name", () => {
  const folders = new Set(
    listFiles("server/{providers,protocols}/*/*.ts").map((path) => path.split("/").slice(0, 3).join("/")),
  );
  expect(folders.size).toBeGreaterThan(2);
  const missing = [...folders].filter(
    (folder) => listFiles(`${folder}/index.ts`, `${folder}/${folder.split("/").at(-1)}.ts`).length === 0,
  );
  expect(missing.map((folder) => finding(`${folder}/index.ts`, 1, "is missing, use it as the way in"))).toEqual([]);
});

describe("the source does without", () => {
  for (const { pattern, where, applies, rule } of bannedTexts) {
    test(`${pattern.source}: ${rule}`, () => {
      const searched = files.filter((file) => !describesTheRules.test(file.path));
      expectNone(searched, 40, (file) =>
        applies(file)
          ? file[where === "code" ? "code" : "lines"].flatMap((line, index) =>
              pattern.test(line) ? [finding(file.path, index + 1, rule)] : [],
            )
          : [],
      );
    });
  }
});

describe("the reader of imports", () => {
  const source = parseSource(
    "server/request/run.ts",
    [
      'import { a } from "./a.ts";',
      "import {",
      "  b,",
      '} from "../keys/b.ts";',
      'export * from "./c.ts";',
      'import "./d.ts";',
      'const e = await import("./e.ts");',
      '// import { f } from "./f.ts";',
      'const g = "https://example.test"; // import("./g.ts")',
    ].join("\n"),
  );

  test("finds every form with its line, and nothing in comments", () => {
    expect(source.imports).toEqual([
      { target: "./a.ts", line: 1 },
      { target: "../keys/b.ts", line: 4 },
      { target: "./c.ts", line: 5 },
      { target: "./d.ts", line: 6 },
      { target: "./e.ts", line: 7 },
    ]);
  });

  test("blanks text in quotes, even what looks like a comment", () => {
    expect(source.code[8]?.trimEnd()).toBe("const g =                       ;");
  });

  test("names a crossing with its place and the way out", () => {
    const crossing = parseSource("server/contracts/x.ts", 'import { y } from "../http/y.ts";');
    expect(crossing.imports.flatMap((item) => edgeFinding(crossing, item))).toEqual([
      "server/contracts/x.ts:1: contracts may not import server/http/y.ts, use money instead",
    ]);
  });
});
