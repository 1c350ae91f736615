// What an engine refuses, in our words: its status decides the code, its sentence is kept without the values of the
// environment.

import { z } from "zod";
import { RuntimeError, type RuntimeErrorCode } from "../runtime.ts";

const engineAnswer = z.looseObject({
  statusCode: z.number().optional(),
  reason: z.string().optional(),
  json: z.looseObject({ message: z.string().optional(), cause: z.string().optional() }).optional().catch(undefined),
  message: z.string().optional(),
});

/** The status that the engine answered with; undefined when it did not answer. */
export function statusOf(error: unknown): number | undefined {
  return engineAnswer.safeParse(error).data?.statusCode;
}

export function isMissing(error: unknown): boolean {
  return statusOf(error) === 404;
}

/** `work`, where a missing thing is no error. */
export async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The sentence that the engine gave. Values in `secrets` are left out of it. */
export function engineMessage(error: unknown, secrets: readonly string[] = []): string {
  const answer = engineAnswer.safeParse(error).data;
  const text = answer?.json?.message ?? answer?.message ?? String(error);
  return withoutSecrets(text.replace(/^\(HTTP code \d+\) [^-]*- /, "").trim(), secrets);
}

/** Shorter values are too ordinary to be recognised in a text. */
const shortestSecret = 4;

export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= shortestSecret)
    .toSorted((one, other) => other.length - one.length)
    .reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
}

/** Whatever was thrown while something was done, as a RuntimeError. Aborts are passed on by the caller. */
export function asRuntimeError(
  error: unknown,
  doing: { readonly what: string; readonly workload?: string; readonly secrets?: readonly string[] },
): RuntimeError {
  if (error instanceof RuntimeError) return error;
  const message = engineMessage(error, doing.secrets ?? []);
  const { code, hint } = judge(statusOf(error), message);
  return new RuntimeError(code, `${doing.what}: ${message}${/[.!?]$/.test(message) ? "" : "."}`, {
    hint,
    ...(doing.workload === undefined ? {} : { workload: doing.workload }),
  });
}

function judge(status: number | undefined, message: string): { code: RuntimeErrorCode; hint: string } {
  if (/address pools|could not find an available|no available network/i.test(message)) {
    return {
      code: "conflict",
      hint: "The engine has no free addresses for another network: remove unused ones with `docker network prune`, or widen default-address-pools.",
    };
  }
  if (/port is already allocated|address already in use|proxy already running/i.test(message)) {
    return { code: "conflict", hint: "Something else listens on that port: end it, or choose another port." };
  }
  if (status === 409)
    return { code: "conflict", hint: "Something with that name is in the way: remove it, then try again." };
  if (status === undefined && /ECONN|EPIPE|ENOENT|socket|Unable to connect|closed/i.test(message)) {
    return { code: "unavailable", hint: "Look whether the engine runs: `docker info` or `podman info`." };
  }
  return {
    code: "failed",
    hint: "The engine's own log says more; `docker info` or `podman info` shows whether it is well.",
  };
}
