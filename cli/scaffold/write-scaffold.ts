// Puts a scaffold into a folder, and touches nothing there that is not a scaffold's own.

import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { scaffoldFiles, type ScaffoldFiles, type ScaffoldRequest } from "./scaffold-files.ts";
import { modelSources, templateNames } from "./templates.ts";

export type ScaffoldResult =
  | { readonly written: readonly string[] }
  /** The folder holds something, and `force` was not given. */
  | { readonly refused: "not-empty" }
  /** It holds these, which no scaffold of this name wrote, or which were changed since. */
  | { readonly refused: "not-ours"; readonly paths: readonly string[] }
  /** There is something of that name which is not a folder. */
  | { readonly refused: "not-a-folder" };

/** What installing and running leaves behind, and version control: neither in the way nor touched. */
const leftAlone = new Set(["node_modules", "bun.lock", ".venv", "__pycache__", ".ast", ".git", ".env"]);

/**
 * Writes the scaffold's files into `folder`, which is made when it is missing.
 * @param force replaces a scaffold that is there already; refused unless every file is as a scaffold of this name has it.
 * @throws Error of the file system, with its code
 */
export async function writeScaffold(folder: string, request: ScaffoldRequest, force: boolean): Promise<ScaffoldResult> {
  const kind = lstatSync(folder, { throwIfNoEntry: false });
  if (kind !== undefined && !kind.isDirectory()) return { refused: "not-a-folder" };
  const isNew = kind === undefined || readdirSync(folder).every((name) => name === ".git");
  if (!isNew && !force) return { refused: "not-empty" };
  const found = isNew ? [] : listFiles(folder, "");
  const renditions = isNew ? [] : await everyScaffold(request.name);
  const foreign = found.filter((path) => !isOurs(join(folder, path), path, renditions));
  if (foreign.length > 0) return { refused: "not-ours", paths: foreign };
  const files = await scaffoldFiles(request);
  for (const path of found) rmSync(join(folder, path));
  for (const [path, text] of files) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    // `wx`: a file that appeared in between is not overwritten.
    writeFileSync(join(folder, path), text, { flag: "wx" });
  }
  return { written: [...files.keys()] };
}

/** Everything below that is not a folder, links included; paths with forward slashes. */
function listFiles(folder: string, below: string): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .filter(({ name }) => !leftAlone.has(name))
    .flatMap((entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      return entry.isDirectory() ? listFiles(folder, path) : [path];
    });
}

function everyScaffold(name: string): Promise<ScaffoldFiles[]> {
  return Promise.all(
    templateNames.flatMap((template) => modelSources.map((model) => scaffoldFiles({ name, template, model }))),
  );
}

/** Whether some scaffold has this file with this text. */
function isOurs(file: string, path: string, renditions: readonly ScaffoldFiles[]): boolean {
  if (!lstatSync(file).isFile()) return false;
  const text = readFileSync(file, "utf8");
  return renditions.some((files) => files.get(path) === text);
}
