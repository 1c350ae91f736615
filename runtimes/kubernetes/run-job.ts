// A job that somebody asked for: its lines while it runs, then its exit code.

import { RuntimeError, type LogLine } from "../runtime.ts";
import type { ClusterApi } from "./cluster-api.ts";
import { hasRunningJob, jobEnd, jobTemplate, startJob, type JobEnd } from "./jobs.ts";
import { logLines } from "./log-lines.ts";
import { objectName } from "./names.ts";
import { containerName } from "./pod-template.ts";

/** After a job's end its last lines get so long to arrive. */
const lastLinesMs = 5_000;

/** See `Runtime.runJob`. */
export async function runJob(
  { api, pollMs }: { readonly api: ClusterApi; readonly pollMs: number },
  target: { readonly project: string; readonly workload: string },
  report: (line: LogLine) => void,
  signal: AbortSignal,
): Promise<JobEnd> {
  const { project, workload } = target;
  const template = await jobTemplate(api, project, workload);
  if (template === undefined) {
    throw new RuntimeError("not_found", `${project} has no job ${workload}`, { hint: "Deploy it first." });
  }
  if (await hasRunningJob(api, project, workload)) {
    throw new RuntimeError("conflict", `${workload} runs already`, { hint: "Wait for its end, then run it again." });
  }
  const job = await startJob(api, template, { generateName: `${objectName(project, workload)}-` }, signal);
  let lines: Promise<void> | undefined;
  const listening = new AbortController();
  try {
    const end = await jobEnd(
      api,
      job,
      (pod) => {
        lines ??= handOver(api, pod.metadata.name, report, AbortSignal.any([signal, listening.signal]));
      },
      pollMs,
      signal,
    );
    const timer = setTimeout(() => listening.abort(), lastLinesMs);
    await lines;
    clearTimeout(timer);
    return end;
  } catch (error) {
    listening.abort();
    await api.remove("Job", job);
    throw error;
  }
}

/** A log that breaks off does not fail the job. */
async function handOver(
  api: ClusterApi,
  pod: string,
  report: (line: LogLine) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const body = await api.log(pod, { container: containerName, follow: true }, signal);
    if (body === undefined) return;
    for await (const { at, stream, text, instance } of logLines(body, pod)) report({ at, stream, text, instance });
  } catch {
    // The exit code tells how it went.
  }
}
