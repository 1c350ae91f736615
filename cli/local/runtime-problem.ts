// A failure of the container engine as a problem of the command.

import { RuntimeError, type RuntimeErrorCode } from "../../runtimes/runtime.ts";
import { Problem, type ProblemKind } from "../problem.ts";

const kinds: Partial<Record<RuntimeErrorCode, ProblemKind>> = { not_found: "not_found", conflict: "refused" };

/** Runs `work`; what the engine refuses is thrown as a Problem with the last lines that were written. */
export async function explainingEngine<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof RuntimeError ? problemOf(error) : error;
  }
}

export function problemOf(error: RuntimeError): Problem {
  return new Problem(kinds[error.code] ?? "failed", error.message, {
    code: `engine_${error.code}`,
    hint: error.hint,
    lines: error.lastLines.map((line) => `| ${line}`),
    cause: error,
  });
}
