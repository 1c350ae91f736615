// Values that an agent gets on this machine: of its .env file, and those kept by `ast project configure`, which win.

import { existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { z } from "zod";
import type { Settings } from "../session/settings.ts";
import { Problem, usageProblem } from "../problem.ts";

/** In the settings folder, 0600: values by the project's folder. */
const configFile = "project-configs.json";

const storedConfig = z.looseObject({ name: z.string().optional(), vars: z.record(z.string(), z.string()).default({}) });

export type StoredValues = Readonly<Record<string, string>>;

/** @throws Problem when the file was changed so that it cannot be read */
export function readStoredValues(settings: Settings, folder: string): StoredValues {
  const entry = settings.read(configFile)?.[realpathSync(folder)];
  if (entry === undefined) return {};
  const stored = storedConfig.safeParse(entry);
  if (stored.success) return stored.data.vars;
  throw new Problem("failed", `The values of this project in ${join(settings.folder, configFile)} cannot be read.`, {
    hint: "Mend the file, or take this project's entry out and run: ast project configure",
  });
}

export function writeStoredValues(settings: Settings, folder: string, name: string, vars: StoredValues): void {
  const others = settings.read(configFile) ?? {};
  settings.write(configFile, { ...others, [realpathSync(folder)]: { name, vars: { ...vars } } });
}

/** `name` becomes a variable only if a shell could have it as one. */
export const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

export type EnvironmentFile = { readonly path: string; readonly values: StoredValues };

/**
 * The file of --env, else `.env` beside the blueprint; undefined when there is none.
 * @throws Problem usage when the file of --env does not exist
 */
export async function readEnvironmentFile(
  folder: string,
  cwd: string,
  given: string | undefined,
): Promise<EnvironmentFile | undefined> {
  const path = given === undefined ? join(folder, ".env") : resolve(cwd, given);
  if (!existsSync(path)) {
    if (given === undefined) return undefined;
    throw usageProblem(`There is no file ${path}.`, "Name a file with lines such as NAME=value.");
  }
  const { parse } = await import("dotenv");
  return { path, values: parse(readFileSync(path)) };
}

export type ProjectValues = { readonly values: ReadonlyMap<string, string>; readonly told: readonly string[] };

/** What there is, and lines that say where it came from. Values are never among them. */
export async function projectValues(
  settings: Settings,
  folder: string,
  cwd: string,
  given: string | undefined,
): Promise<ProjectValues> {
  const file = await readEnvironmentFile(folder, cwd, given);
  const stored = readStoredValues(settings, folder);
  const counted = (count: number) => `${count} value${count === 1 ? "" : "s"}`;
  const ofFile = Object.keys(file?.values ?? {}).length;
  const ofStore = Object.keys(stored).length;
  return {
    values: new Map(Object.entries({ ...file?.values, ...stored })),
    told: [
      ...(file === undefined ? [] : [`${counted(ofFile)} from ${basename(file.path)}`]),
      ...(ofStore === 0 ? [] : [`${counted(ofStore)} from ast project configure`]),
    ],
  };
}
