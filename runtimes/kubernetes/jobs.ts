// Jobs made from their template, and what came of them.

import { RuntimeError } from "../runtime.ts";
import { pause, type ClusterApi } from "./cluster-api.ts";
import { identity, objectName } from "./names.ts";
import {
  anyObject,
  cronJobObject,
  isFinished,
  jobObject,
  podObject,
  readAll,
  type CronJobObject,
  type PodObject,
} from "./observed.ts";
import { troubleOf } from "./pod-trouble.ts";
import { resources } from "./resources.ts";

export type JobEnd = { readonly exitCode: number };

/** Undefined when the workload is no job of the project. */
export async function jobTemplate(
  api: ClusterApi,
  project: string,
  workload: string,
): Promise<CronJobObject | undefined> {
  return cronJobObject.safeParse(await api.get("CronJob", objectName(project, workload))).data;
}

/**
 * Starts a job and returns its name; the template owns it, so that both go together. With a name of its own it is made
 * once; then it may exist already.
 */
export async function startJob(
  api: ClusterApi,
  template: CronJobObject,
  naming: { readonly name: string } | { readonly generateName: string },
  signal?: AbortSignal,
): Promise<string> {
  const { name, uid } = template.metadata;
  const owner = { apiVersion: resources.CronJob.apiVersion, kind: "CronJob", name, uid, controller: true };
  const { labels, annotations } = template.spec.jobTemplate.metadata;
  const made = await api.create(
    "Job",
    {
      apiVersion: resources.Job.apiVersion,
      kind: "Job",
      metadata: { ...naming, labels, annotations, ownerReferences: [owner] },
      spec: template.spec.jobTemplate.spec,
    },
    signal,
  );
  return anyObject.parse(made).metadata.name;
}

export async function hasRunningJob(api: ClusterApi, project: string, workload: string): Promise<boolean> {
  const jobs = readAll(jobObject, await api.list("Job", identity(project, workload)));
  return jobs.some((job) => !isFinished(job));
}

/**
 * Waits for a job's end; `seen` is told of its pod as soon as that has a log. Throws RuntimeError for a job that cannot
 * start, and the signal's reason.
 */
export async function jobEnd(
  api: ClusterApi,
  job: string,
  seen: (pod: PodObject) => void,
  pollMs: number,
  signal: AbortSignal,
): Promise<JobEnd> {
  for (;;) {
    const read = jobObject.safeParse(await api.get("Job", job, signal));
    if (!read.success) {
      throw new RuntimeError("conflict", `the job ${job} was taken away while it ran`, { hint: "Run it again." });
    }
    const [pod] = readAll(podObject, await api.list("Pod", { "batch.kubernetes.io/job-name": job }, signal));
    const container = pod?.status.containerStatuses[0];
    if (pod !== undefined && (container?.state.running ?? container?.state.terminated) !== undefined) seen(pod);
    const exitCode = container?.state.terminated?.exitCode;
    if (exitCode !== undefined) return { exitCode };
    if (isFinished(read.data)) return lostEnd(job, read.data.status.succeeded > 0);
    const trouble = pod === undefined ? undefined : troubleOf(pod);
    if (trouble?.final === true)
      throw new RuntimeError(trouble.code, `${job}: ${trouble.message}`, { hint: trouble.hint });
    await pause(pollMs, signal);
  }
}

function lostEnd(job: string, isSuccess: boolean): JobEnd {
  if (isSuccess) return { exitCode: 0 };
  throw new RuntimeError("exited", `${job} failed, and its pod is gone`, { hint: "Run it again, and follow its log." });
}
