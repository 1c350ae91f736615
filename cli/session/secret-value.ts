// A secret's value, by the ways in which it can be given without standing in the process list.

import type { Context } from "../context.ts";
import { usageProblem } from "../problem.ts";

export const valueOption = {
  kind: "text",
  placeholder: "<value>",
  summary: "The value; - reads standard input, so that no secret stands in the history of your shell",
} as const;

/** @throws Problem usage when it is empty, or nobody can be asked */
export async function secretValue(
  { prompts, piped }: Context,
  typed: string | undefined,
  name: string,
  isSecret: boolean,
): Promise<string> {
  if (typed === "-") {
    const value = (await piped())?.replace(/\r?\n$/, "");
    if (value) return value;
    throw usageProblem("Nothing came by standard input.", `Write: ... | ast secrets create ${name} --value -`);
  }
  if (typed === "") throw usageProblem("The value is empty.");
  if (typed !== undefined) return typed;
  const question = { message: `Value of ${name}`, instead: "--value -, and the value by standard input" };
  const check = (answer: string) => (answer === "" ? "It needs a value." : undefined);
  return isSecret ? prompts.secret(question, check) : prompts.text(question, check);
}
