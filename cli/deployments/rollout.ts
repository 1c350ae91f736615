// Waits for a revision to serve, and tells how it goes; when it fails, why, with the last lines of what failed.

import { addressOf, getDeployment, type Deployment } from "../api/deployments.ts";
import type { Read } from "../api/blueprints.ts";
import type { Context } from "../context.ts";
import { Problem } from "../problem.ts";

const askEveryMs = 1500;

export type Wait = {
  readonly id: string;
  /** Undefined: whichever serves. */
  readonly revision: number | undefined;
  readonly timeoutMs: number;
};

/**
 * The deployment as soon as the revision serves.
 * @throws Problem failed with why it does not, timed_out, not_found when it is undeployed meanwhile
 */
export async function waitForRevision(context: Context, wait: Wait): Promise<Read<Deployment>> {
  const { api, output, now, sleep } = context;
  const end = now() + wait.timeoutMs;
  const progress = output.progress("Waiting for the server to begin");
  try {
    for (;;) {
      const read = await patiently(context, () => getDeployment(api, wait.id));
      const deployment = read?.value;
      if (read !== undefined && deployment !== undefined) {
        progress.update(progressOf(deployment));
        if (isServing(deployment, wait.revision)) return read;
        const problem = failureOf(deployment, wait.revision);
        if (problem !== undefined) throw problem;
      }
      if (now() >= end) throw lateProblem(deployment, wait);
      await sleep(askEveryMs);
    }
  } finally {
    progress.stop();
  }
}

/** A server that restarts in between does not end the wait. */
async function patiently<Value>({ output }: Context, ask: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await ask();
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.kind !== "failed" || thrown.code === "unknown_answer") throw thrown;
    output.detail(thrown.message);
    return undefined;
  }
}

/** Why it waits, where it does; else what was done last. */
function progressOf({ steps, status, status_reason: reason, newest, display_name }: Deployment): string {
  return `${display_name}, revision ${newest?.revision ?? "?"}: ${reason ?? steps.at(-1)?.message ?? status}`;
}

function isServing({ serving_revision: serving, status }: Deployment, revision: number | undefined): boolean {
  return status === "active" && (revision === undefined || serving === revision);
}

function failureOf(deployment: Deployment, revision: number | undefined): Problem | undefined {
  const { newest, status, status_reason: reason, display_name: name } = deployment;
  if (status === "undeploying" || status === "undeployed") {
    return new Problem("not_found", `${name} was undeployed meanwhile.`, { code: "undeployed" });
  }
  if (status === "suspended") {
    return new Problem("refused", `${name} cannot run: ${reason ?? "the account is suspended"}.`, {
      code: "suspended",
      hint: "It comes back by itself when the account is active again.",
    });
  }
  if (newest !== undefined && revision !== undefined && newest.revision > revision) {
    return new Problem("refused", `Revision ${newest.revision} of ${name} was asked for meanwhile.`, {
      code: "superseded",
      hint: `See how it goes: ast status ${name}`,
    });
  }
  const isFailed = status === "failed" || (revision !== undefined && newest?.status === "failed");
  return isFailed ? rolloutProblem(deployment) : undefined;
}

/** Why the newest revision does not serve. */
function rolloutProblem({ newest, serving_revision: serving, status_reason, display_name }: Deployment): Problem {
  const failure = newest?.failure;
  const what = `Revision ${newest?.revision ?? "?"} of ${display_name} does not serve`;
  const message = failure?.message ?? status_reason ?? "The server gives no reason.";
  const lastLines = failure?.log_lines ?? [];
  const isReplaced = serving !== null && serving !== undefined;
  return new Problem("failed", `${what}: ${message}`, {
    code: failure?.code ?? "rollout_failed",
    lines: [
      ...(lastLines.length === 0 ? [] : [`The last lines of ${failure?.workload ?? "its container"}:`]),
      ...lastLines.map((line) => `  ${line}`),
      ...(isReplaced ? [`Revision ${serving} serves on.`] : []),
    ],
    ...(failure?.hint ? { hint: failure.hint } : { hint: `More of it: ast logs ${display_name}` }),
  });
}

function lateProblem(deployment: Deployment | undefined, { timeoutMs, id }: Wait): Problem {
  const name = deployment?.display_name ?? id;
  const seconds = Math.round(timeoutMs / 1000);
  return new Problem(
    "timed_out",
    `${name} did not serve within ${seconds} s; it is ${deployment?.status ?? "unknown"}.`,
    {
      hint: `It may still come: ast status ${name}`,
    },
  );
}

/** What follows a rollout that worked. */
export function showServing({ output }: Context, { value, document }: Read<Deployment>): void {
  output.answer(document, () => {
    const address = addressOf(value);
    output.done(`${value.display_name} serves revision ${value.serving_revision ?? "?"} of build ${value.build_id}.`);
    if (address !== undefined) output.line(`  ${output.style.cyan(address)}`);
  });
}
