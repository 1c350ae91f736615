// The lines of a text file of the data, compressed or not.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { DataMistake } from "./data-mistake.ts";

export type Line = { readonly number: number; readonly text: string };

export type LinesOfFile = { readonly file: string; readonly lines: readonly Line[] };

/** Far more than any file of the data unpacks to. */
const mostBytes = 1_000_000_000;

/**
 * @param name Without `.gz`; the compressed file is taken first where both are there.
 * @returns Lines that are not empty; undefined when there is no such file.
 * @throws DataMistake when it cannot be unpacked.
 */
export function readLines(directory: string, name: string): LinesOfFile | undefined {
  const file = [`${name}.gz`, name].map((known) => join(directory, known)).find((path) => existsSync(path));
  if (file === undefined) return undefined;
  const lines = textOf(file)
    .split("\n")
    .map((text, index) => ({ number: index + 1, text: text.replace(/\r$/, "") }))
    .filter(({ text }) => text !== "");
  return { file, lines };
}

/** @throws DataMistake when there is no such file, or it cannot be unpacked. */
export function requireLines(directory: string, name: string, because: string): LinesOfFile {
  const read = readLines(directory, name);
  if (read === undefined) throw new DataMistake(join(directory, `${name}.gz`), undefined, `is missing, but ${because}`);
  return read;
}

function textOf(file: string): string {
  const bytes = readFileSync(file);
  if (!file.endsWith(".gz")) return bytes.toString("utf8");
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes }).toString("utf8");
  } catch {
    throw new DataMistake(file, undefined, "is not a whole gzip file");
  }
}
