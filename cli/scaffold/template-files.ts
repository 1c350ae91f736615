// Reads cli/templates: as a macro, when the program is bundled, or from the files when it runs.

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
