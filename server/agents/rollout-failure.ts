// Why a rollout did not come about, in words for the people of the workspace.

import { RuntimeError } from "../../runtimes/runtime.ts";
import type { RolloutFailure } from "../contracts/agents-deployments.ts";
import { GatewayError } from "../contracts/errors.ts";

const longestText = 1_000;
const mostLogLines = 20;

/** A reason against a rollout that the people of the workspace can do something about. */
export class RolloutRefusal extends Error {
  override readonly name = "RolloutRefusal";
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** What is thrown and of no known kind stays inside: undefined, and for the server's own log. */
export function failureOf(thrown: unknown): RolloutFailure | undefined {
  if (thrown instanceof RolloutRefusal) return failure(thrown.code, thrown.message, thrown.hint);
  if (thrown instanceof GatewayError) return failure(thrown.code, thrown.message, thrown.hint);
  if (!(thrown instanceof RuntimeError)) return undefined;
  return {
    ...failure(thrown.code, thrown.message, thrown.hint),
    workload: thrown.workload ?? null,
    log_lines: thrown.lastLines.slice(-mostLogLines).map((line) => line.slice(0, longestText)),
  };
}

export function failure(code: string, message: string, hint: string): RolloutFailure {
  return {
    code,
    message: message.slice(0, longestText),
    hint: hint.slice(0, longestText),
    workload: null,
    log_lines: [],
  };
}

/** Runtimes' messages begin in lower case where they are mostly read behind a colon. */
export function asSentence(message: string): string {
  return `${message.slice(0, 1).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? "" : "."}`;
}
