// The values of a deployment as people type them: `KEY=value`, `KEY=@SECRET`, files of them.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "dotenv";
import { usageProblem } from "../problem.ts";

/** A value, a name in the vault, or neither: then the value is taken away. */
export type GivenVariable = { readonly value: string } | { readonly ref: string } | null;
export type GivenVariables = Readonly<Record<string, GivenVariable>>;

const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `K=value`, `K=@SECRET`, `K=@` for the secret called K, `K=\@x` for the value `@x`. @throws Problem usage */
export function readVariable(typed: string): readonly [string, GivenVariable] {
  const [name, value] = splitPair(typed, "--var", "KEY=value, or KEY=@SECRET for a value of the vault");
  if (!namePattern.test(name)) {
    throw usageProblem(`--var ${name}: a variable's name has letters, digits and _, and no digit first.`);
  }
  if (value.startsWith("\\@")) return [name, { value: value.slice(1) }];
  if (value === "@") return [name, { ref: name }];
  if (value.startsWith("@")) return [name, { ref: value.slice(1) }];
  return [name, { value }];
}

/** What of `name=value` stands before and behind the sign. @throws Problem usage */
export function splitPair(typed: string, option: string, form: string): readonly [string, string] {
  const at = typed.indexOf("=");
  // What was typed may be a secret whose name was forgotten.
  if (at <= 0)
    throw usageProblem(`${option} is given something that is not of the form it takes.`, `Write ${option} ${form}.`);
  return [typed.slice(0, at), typed.slice(at + 1)];
}

/** The values of a file in the form of `.env`. @throws Problem usage when it cannot be read */
export function readValuesFile(folder: string, path: string): Readonly<Record<string, string>> {
  return parse(textOf(resolve(folder, path)));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw usageProblem(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/**
 * All of them together; what stands on the command line wins over the file.
 * @param text of the file, when it came by standard input.
 */
export function gatherVariables(
  typed: readonly string[],
  removed: readonly string[],
  fromFile: Readonly<Record<string, string>>,
): GivenVariables {
  const file = Object.entries(fromFile).map(([name, value]): [string, GivenVariable] => [name, { value }]);
  const gone = removed.map((name): [string, GivenVariable] => [name, null]);
  return Object.fromEntries([...file, ...typed.map(readVariable), ...gone]);
}
