// Jobs that run once with a revision, after it serves. One that fails is told and changes nothing.

import type { Workload } from "../../blueprint/workload.ts";
import type { Revision } from "../runtime.ts";
import { jobEnd, jobTemplate, startJob } from "./jobs.ts";
import { lastLines } from "./last-lines.ts";
import { objectName } from "./names.ts";
import type { Report, RollOutContext } from "./roll-out.ts";
import { hideValues } from "./secrecy.ts";

/** Waits for each as long as the revision may take to start; what takes longer goes on by itself. */
export async function runStartupJobs(
  context: RollOutContext,
  revision: Revision,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const jobs = revision.workloads.filter(({ run }) => run === "startup");
  await Promise.all(jobs.map((workload) => runOne(context, revision, workload, report, signal)));
}

async function runOne(
  { api, pollMs }: RollOutContext,
  revision: Revision,
  workload: Workload,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const { name } = workload;
  const late = AbortSignal.timeout(revision.startTimeoutMs);
  const either = AbortSignal.any([signal, late]);
  let pod: string | undefined;
  try {
    const job = `${objectName(revision.project, name)}-r${revision.number}`;
    const template = await jobTemplate(api, revision.project, name);
    if (template === undefined) return;
    if ((await api.get("Job", job, either)) === undefined) await startJob(api, template, { name: job }, either);
    report({ kind: "job", workload: name, message: `${name} runs` });
    const { exitCode } = await jobEnd(api, job, ({ metadata }) => (pod = metadata.name), pollMs, either);
    if (exitCode === 0) {
      report({ kind: "job", workload: name, message: `${name} is done` });
      return;
    }
    const [line] = pod === undefined ? [] : (await lastLines(api, pod, "current")).slice(-1);
    const said = line === undefined ? "" : `: ${hideValues(revision)(line)}`;
    report({ kind: "warning", workload: name, message: `${name} ended with exit code ${exitCode}${said}` });
  } catch (error) {
    const message = error instanceof Error ? hideValues(revision)(error.message) : String(error);
    if (either.aborted) report({ kind: "job", workload: name, message: `${name} goes on by itself` });
    else report({ kind: "warning", workload: name, message: `${name} does not run: ${message}` });
  }
}
