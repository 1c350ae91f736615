// The terms between the verdict and its checks.

import type { VerificationInput } from "./verification-input.ts";

/** What a check looks at: the input, and the answer's text in one piece. */
export type CheckedAnswer = VerificationInput & { readonly text: string };

/** What a check found. Details never quote more than a few words of the answer. */
export type Finding =
  | { readonly outcome: "passed" }
  | { readonly outcome: "failed"; readonly detail: string }
  /** It could not be carried out, and why. */
  | { readonly outcome: "not_run"; readonly detail: string };

export const passed: Finding = { outcome: "passed" };

export function failed(detail: string): Finding {
  return { outcome: "failed", detail };
}

export function notRun(detail: string): Finding {
  return { outcome: "not_run", detail };
}
