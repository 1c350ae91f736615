// Reads cli/templates when this program is transpiled or bundled, not when it runs: imported with `type: "macro"`, the
// files become part of the program, so that `ast` stays one file.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** Every file below cli/templates: its path with forward slashes, and its text. */
export function readTemplateFiles(): Record<string, string> {
  const folder = join(import.meta.dir, "..", "templates");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  return Object.fromEntries(
    files.map((path) => [relative(folder, path).replaceAll(sep, "/"), readFileSync(path, "utf8")]),
  );
}
