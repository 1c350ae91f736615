// The blueprint of a folder: astropods.yml, or one of the other names that programs have looked for.

import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { usageProblem } from "../problem.ts";

/** In the order in which they are looked for. */
export const blueprintFileNames = ["astropods.yml", "astropods.yaml", "astroai.yml", "astro.yml"] as const;

/** The absolute path; undefined when the folder has none. */
export function findBlueprintFile(folder: string): string | undefined {
  return blueprintFileNames.map((name) => resolve(folder, name)).find((path) => existsSync(path));
}

/** @param given by `--file`, from the folder. @throws Problem usage when there is no such file */
export function blueprintFile(folder: string, given: string | undefined): string {
  const path = given === undefined ? findBlueprintFile(folder) : resolve(folder, given);
  if (path !== undefined && existsSync(path)) return path;
  throw usageProblem(
    given === undefined ? `There is no astropods.yml in ${folder}.` : `There is no file ${path}.`,
    given === undefined
      ? "Go to the agent's folder, name the file with --file, or make an agent: ast create <name>"
      : "Name the agent's astropods.yml.",
  );
}

/** The name that the folder's blueprint gives itself, without `@account/`; undefined when it gives none. */
export async function nameOfFolder(folder: string): Promise<string | undefined> {
  const path = findBlueprintFile(folder);
  if (path === undefined) return undefined;
  const { parseDocument } = await import("yaml");
  const name: unknown = parseDocument(readFileSync(path, "utf8")).get("name");
  return typeof name === "string" && name !== "" ? name.replace(/^@[^/]*\//, "") : undefined;
}
