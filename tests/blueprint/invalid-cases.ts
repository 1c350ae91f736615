// Reads invalid.txt: blueprints that are wrong, each with everything that is to be said about it.
//
// `== title` begins a case, its lines up to the first `=> ` are the file, and each `=> line:column severity code: message`
// with its hint on the next line is one finding, in the order of the file.

import { join } from "node:path";
import type { Diagnostic } from "../../blueprint/diagnostic.ts";

export type InvalidCase = { readonly title: string; readonly source: string; readonly findings: readonly string[] };

export async function invalidCases(): Promise<InvalidCase[]> {
  const text = await Bun.file(join(import.meta.dir, "invalid.txt")).text();
  return text
    .split(/^== /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf("\n") + 1;
      const [source = "", ...findings] = part.slice(end).split(/^=> /m);
      return { title: part.slice(0, end).trim(), source, findings: findings.map((finding) => finding.trimEnd()) };
    });
}

/** A finding as invalid.txt writes it. */
export function asWritten({ line, column, severity, code, message, hint }: Diagnostic): string {
  return `${line}:${column} ${severity} ${code}: ${message}${hint === undefined ? "" : `\n   ${hint}`}`;
}
