// Stopping a project by scaling it to nothing, bringing it back, and starting a workload's pods anew.

import { RuntimeError } from "../runtime.ts";
import { pause, type ClusterApi } from "./cluster-api.ts";
import { podsOf } from "./follow.ts";
import { identity, objectName, replicasAnnotation, restartAnnotation, runLabel } from "./names.ts";
import { anyObject, isFinished, jobObject, readAll, serverObject, type ServerObject } from "./observed.ts";
import { progressOf } from "./rollout-progress.ts";

export type StandstillContext = {
  readonly api: ClusterApi;
  readonly now: () => number;
  readonly pollMs: number;
};

const stopTimeoutMs = 120_000;
const resumeTimeoutMs = 300_000;

type Server = ServerObject & { readonly kind: "Deployment" | "StatefulSet" };

async function serversOf(api: ClusterApi, project: string): Promise<Server[]> {
  const found: Server[] = [];
  for (const kind of ["Deployment", "StatefulSet"] as const) {
    const servers = readAll(serverObject, await api.list(kind, identity(project)));
    found.push(...servers.map((server) => ({ ...server, kind })));
  }
  return found;
}

/** Resolves when no pod is left that runs. */
export async function stopProject({ api, now, pollMs }: StandstillContext, project: string): Promise<void> {
  await suspendSchedules(api, project, true);
  for (const { kind, metadata } of await serversOf(api, project)) await api.scale(kind, metadata.name, 0);
  for (const job of readAll(jobObject, await api.list("Job", identity(project)))) {
    if (!isFinished(job)) await api.remove("Job", job.metadata.name);
  }
  const end = now() + stopTimeoutMs;
  for (;;) {
    const pods = await podsOf(api, project, undefined);
    const running = pods.filter(({ status }) => status.phase !== "Succeeded" && status.phase !== "Failed");
    if (running.length === 0) return;
    if (now() > end) {
      throw new RuntimeError("failed", `${running[0]?.metadata.name ?? "a pod"} does not end`, {
        hint: "See with `kubectl describe pod` what holds it.",
      });
    }
    await pause(pollMs);
  }
}

/** Throws RuntimeError: `not_found`, or why something does not come back. */
export async function resumeProject({ api, now, pollMs }: StandstillContext, project: string): Promise<void> {
  const stopped = await serversOf(api, project);
  const schedules = await suspendSchedules(api, project, false);
  if (stopped.length === 0 && schedules === 0) {
    throw new RuntimeError("not_found", `nothing is left of ${project}`, { hint: "Deploy it." });
  }
  for (const { kind, metadata } of stopped) {
    await api.scale(kind, metadata.name, Math.max(1, Number(metadata.annotations[replicasAnnotation] ?? 1) || 1));
  }
  const end = now() + resumeTimeoutMs;
  for (;;) {
    const waiting = await notReady(api, project);
    if (waiting.length === 0) return;
    const failed =
      waiting.find(({ progress }) => progress.state === "failed") ?? (now() > end ? waiting[0] : undefined);
    if (failed !== undefined) throw doesNotReturn(failed);
    await pause(pollMs);
  }
}

type NotReady = { readonly name: string; readonly progress: ReturnType<typeof progressOf> };

async function notReady(api: ClusterApi, project: string): Promise<NotReady[]> {
  const pods = await podsOf(api, project, undefined);
  return (await serversOf(api, project)).flatMap((server) => {
    const name = server.metadata.labels["app.kubernetes.io/name"] ?? server.metadata.name;
    const progress = progressOf(
      server,
      pods.filter(({ metadata }) => metadata.labels["app.kubernetes.io/name"] === name),
    );
    return progress.state === "ready" ? [] : [{ name, progress }];
  });
}

function doesNotReturn({ name, progress }: NotReady): RuntimeError {
  const trouble = progress.state === "ready" ? undefined : progress.trouble;
  const message = trouble?.message ?? "it does not become ready in time";
  return new RuntimeError(trouble?.code ?? "unhealthy", `${name}: ${message}`, {
    hint: trouble?.hint ?? "See its log.",
    workload: name,
  });
}

/** How many there are. Templates that only wait to be asked stay suspended. */
async function suspendSchedules(api: ClusterApi, project: string, suspend: boolean): Promise<number> {
  const jobs = readAll(anyObject, await api.list("CronJob", identity(project)));
  for (const { metadata } of jobs) {
    if (metadata.labels[runLabel] === "schedule") await api.patch("CronJob", metadata.name, { spec: { suspend } });
  }
  return jobs.length;
}

/** New pods come before the old ones go, but where they hold data. Throws `not_found`. */
export async function restartWorkload(
  { api, now }: StandstillContext,
  project: string,
  workload: string,
): Promise<void> {
  const name = objectName(project, workload);
  const annotations = { [restartAnnotation]: new Date(now()).toISOString() };
  const change = { spec: { template: { metadata: { annotations } } } };
  for (const kind of ["Deployment", "StatefulSet"] as const) {
    if (await api.patch(kind, name, change)) return;
  }
  throw new RuntimeError("not_found", `${project} has no ${workload} that runs all the time`, {
    hint: "See which workloads it has.",
  });
}
