// The folder of `ast`: `~/.ast`, or what ASTRO_CONFIG_HOME names. For the person alone: 0700, and 0600 for each file.

import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { isObject, parseObject, type JsonObject } from "../../server/contracts/json.ts";
import type { Environment } from "../context.ts";
import { Problem } from "../problem.ts";

export type Settings = {
  /** Absolute. */
  readonly folder: string;
  /** Undefined when there is no such file. @throws Problem when it is no JSON object */
  readonly read: (file: string) => JsonObject | undefined;
  /** Replaces the file in one step. @throws Problem */
  readonly write: (file: string, content: JsonObject) => void;
  readonly remove: (file: string) => void;
};

export function openSettings(environment: Environment): Settings {
  const folder = resolve(environment["ASTRO_CONFIG_HOME"] || join(environment["HOME"] || homedir(), ".ast"));
  return {
    folder,
    read: (file) => readSettings(join(folder, file)),
    write: (file, content) => writeSettings(folder, file, content),
    remove: (file) => rmSync(join(folder, file), { force: true }),
  };
}

function readSettings(path: string): JsonObject | undefined {
  const text = textOf(path);
  if (text === undefined) return undefined;
  const content = parseObject(text);
  if (isObject(content)) return content;
  throw new Problem("failed", `${path} is not a JSON object.`, {
    hint: "Mend it, or delete it and run `ast login` again.",
  });
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw new Problem("failed", `${path} cannot be read: ${wordsOf(cause)}`, { cause });
  }
}

function writeSettings(folder: string, file: string, content: JsonObject): void {
  const path = join(folder, file);
  const fresh = `${path}.${randomUUID()}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    writeFileSync(fresh, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
    renameSync(fresh, path);
  } catch (cause) {
    rmSync(fresh, { force: true });
    throw new Problem("failed", `${path} cannot be written: ${wordsOf(cause)}`, {
      hint: "ASTRO_CONFIG_HOME names another folder.",
      cause,
    });
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ENOTDIR");
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
