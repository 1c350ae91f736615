// `ast agent trigger`: runs a job of a deployed agent now.

import { getDeployment, runJob } from "../api/deployments.ts";
import { command } from "../command.ts";
import type { Context } from "../context.ts";
import { readTimeout } from "../deployments/deploy-request.ts";
import { targetOf, targetOptions } from "../deployments/target.ts";
import { Problem } from "../problem.ts";

const askEveryMs = 1500;

export const agentTriggerCommand = command({
  path: ["agent", "trigger"],
  summary: "Run a job of an agent now",
  arguments: [{ name: "job", summary: "As in the blueprint's ingestion" }],
  options: {
    ...targetOptions,
    wait: { kind: "flag", summary: "Wait for its end; exits with 1 when it fails" },
    timeout: { kind: "text", placeholder: "<seconds>", summary: "How long --wait waits (default: 900)" },
  },
  examples: [{ does: "Of the agent of this folder", line: "ast agent trigger import --wait" }],
  async run(call) {
    const waitMs = call.flag("wait") ? readTimeout(call.text("timeout")) : undefined;
    const job = call.argument("job");
    const { api, cwd, text, output } = call;
    const target = await targetOf({ api, cwd, text, optional: () => undefined });
    const { value, document } = await runJob(api, target.id, job);
    if (waitMs === undefined) {
      output.answer(document, () => output.done(`${job} of ${target.display_name} is on its way: run ${value.id}.`));
      return;
    }
    await waitForRun(call, target.id, job, value.id, waitMs);
  },
});

async function waitForRun(context: Context, id: string, job: string, run: string, waitMs: number): Promise<void> {
  const { api, output, now, sleep } = context;
  const end = now() + waitMs;
  const progress = output.progress(`${job} runs`);
  try {
    for (;;) {
      const { value } = await getDeployment(api, id);
      const found = value.jobs.find(({ name }) => name === job)?.runs.find((candidate) => candidate.id === run);
      if (found?.status === "succeeded") {
        progress.stop();
        output.answer({ ...found }, () => output.done(`${job} has ended well.`));
        return;
      }
      if (found?.status === "failed") {
        throw new Problem("failed", `${job} failed: ${found.message ?? `exit code ${found.exit_code ?? "unknown"}`}`, {
          code: "job_failed",
          hint: `What it wrote: ast logs ${value.display_name} --workload ingestion-${job}`,
        });
      }
      if (now() >= end) throw new Problem("timed_out", `${job} has not ended within the time of --timeout.`);
      await sleep(askEveryMs);
    }
  } finally {
    progress.stop();
  }
}
