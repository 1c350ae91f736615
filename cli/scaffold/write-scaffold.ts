// Puts a scaffold into a folder, and touches nothing there that is not a scaffold's own.

import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { scaffoldFiles, type ScaffoldRequest } from "./scaffold-files.ts";
import { modelSources, templateNames } from "./templates.ts";

export type ScaffoldResult =
  | { readonly written: readonly string[] }
  /** The folder holds something, and `force` was not given. */
  | { readonly refused: "not-empty" }
  /** It holds these, which no scaffold of this name wrote, or which were changed since; at most ten are named. */
  | { readonly refused: "not-ours"; readonly paths: readonly string[] }
  /** There is something of that name which is not a folder. */
  | { readonly refused: "not-a-folder" };

/** What installing and running leaves behind, and version control: neither in the way nor touched. */
const leftAlone = new Set(["node_modules", "bun.lock", ".venv", "__pycache__", ".ast", ".git", ".env"]);

/**
 * Writes the scaffold's files into `folder`, which is made when it is missing.
 * @param force replaces a scaffold that is there already. Refused unless every file is as a scaffold of this name has it.
 * @throws Error of the file system, with its code
 */
export function writeScaffold(folder: string, request: ScaffoldRequest, force: boolean): ScaffoldResult {
  const kind = lstatSync(folder, { throwIfNoEntry: false });
  if (kind !== undefined && !kind.isDirectory()) return { refused: "not-a-folder" };
  const found = kind === undefined ? [] : listFiles(folder, "");
  const occupied = kind !== undefined && readdirSync(folder).some((name) => name !== ".git");
  if (occupied && !force) return { refused: "not-empty" };
  const foreign = found.filter((path) => !isOurs(folder, path, request.name));
  if (foreign.length > 0) return { refused: "not-ours", paths: foreign.slice(0, 10) };
  for (const path of found) rmSync(join(folder, path));
  const files = scaffoldFiles(request);
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

/** Whether some scaffold of this name has this file with this text. */
function isOurs(folder: string, path: string, name: string): boolean {
  const file = join(folder, path);
  if (!lstatSync(file).isFile()) return false;
  const text = readFileSync(file, "utf8");
  return templateNames.some((template) =>
    modelSources.some((model) => scaffoldFiles({ name, template, model }).get(path) === text),
  );
}
