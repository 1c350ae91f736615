// Waits until a deployment or stateful set has come up, and says in words why it does not.

import type { Workload } from "../../blueprint/workload.ts";
import { RuntimeError, type Revision } from "../runtime.ts";
import { pause, type ClusterApi } from "./cluster-api.ts";
import { lastLines } from "./last-lines.ts";
import { identity, revisionLabel } from "./names.ts";
import { podObject, readAll, serverObject, type PodObject, type ServerObject } from "./observed.ts";
import type { Report, RollOutContext } from "./roll-out.ts";
import { notInTime, progressOf, type Found } from "./rollout-progress.ts";
import type { ServerManifest } from "./workload-manifests.ts";

type Followed = {
  readonly workload: Workload;
  readonly manifest: ServerManifest;
  /** Unix milliseconds. */
  readonly deadline: number;
};

/** Throws RuntimeError when it fails or its time is up, and the signal's reason when that is aborted. */
export async function followServer(
  context: RollOutContext,
  revision: Revision,
  { workload, manifest, deadline }: Followed,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const { api, now, pollMs } = context;
  let told = "";
  for (;;) {
    const server = await readServer(api, manifest, signal);
    const pods = newPods(server, revision.number, await podsOf(api, revision.project, workload.name, signal));
    const progress = progressOf(server, pods);
    if (progress.state === "ready") break;
    if (progress.state === "failed") throw await failure(api, workload.name, progress.trouble, pods, signal);
    if (now() >= deadline) throw await failure(api, workload.name, late(progress.trouble), pods, signal);
    if (progress.message !== told) {
      told = progress.message;
      report({ kind: "wait", workload: workload.name, message: `${workload.name}: ${told}` });
    }
    await pause(pollMs, signal);
  }
  const [port] = workload.ports;
  const message = `${workload.name} ${port === undefined ? "runs" : `answers on port ${port}`}`;
  report({ kind: "healthy", workload: workload.name, message });
}

async function readServer(api: ClusterApi, manifest: ServerManifest, signal: AbortSignal): Promise<ServerObject> {
  const found = await api.get(manifest.kind, manifest.metadata.name, signal);
  if (found !== undefined) return serverObject.parse(found);
  throw new RuntimeError("conflict", `${manifest.metadata.name} was taken away while it came up`, {
    hint: "See who else changes the namespace, and deploy again.",
  });
}

export async function podsOf(
  api: ClusterApi,
  project: string,
  workload: string | undefined,
  signal?: AbortSignal,
): Promise<PodObject[]> {
  return readAll(podObject, await api.list("Pod", identity(project, workload), signal));
}

/** Those made from the template that is being rolled out. */
function newPods(server: ServerObject, number: number, pods: readonly PodObject[]): PodObject[] {
  const hash = server.status.updateRevision;
  return pods.filter(({ metadata: { labels } }) =>
    hash === "" ? labels[revisionLabel] === String(number) : labels["controller-revision-hash"] === hash,
  );
}

function late(trouble: Found | undefined): Found {
  if (trouble === undefined) return notInTime();
  return { ...trouble, message: `${trouble.message}, until time was up` };
}

async function failure(
  api: ClusterApi,
  workload: string,
  trouble: Found,
  pods: readonly PodObject[],
  signal: AbortSignal,
): Promise<RuntimeError> {
  const pod = trouble.pod ?? pods[0]?.metadata.name;
  const lines = pod === undefined || trouble.log === "none" ? [] : await lastLines(api, pod, trouble.log, signal);
  return new RuntimeError(trouble.code, `${workload}: ${trouble.message}`, {
    hint: trouble.hint,
    workload,
    lastLines: lines,
  });
}
