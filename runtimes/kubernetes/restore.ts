// Puts back what served before a roll-out that failed.

import type { Revision } from "../runtime.ts";
import { pause, type ClusterApi } from "./cluster-api.ts";
import { podsOf } from "./follow.ts";
import { serverObject } from "./observed.ts";
import { namesOf, pruneProject, removeProject, waitForRemoval } from "./removal.ts";
import type { ServingRecord } from "./record.ts";
import type { Manifest } from "./resources.ts";
import type { RollOutContext } from "./roll-out.ts";
import { isComplete } from "./rollout-progress.ts";

/** Data that was replaced by a revision that failed gets so long to come back. */
const returnTimeoutMs = 60_000;

/** Resolves when nothing of the failed revision is left and the older one is ready again, or was given its time. */
export async function restore(
  context: RollOutContext,
  revision: Revision,
  former: ServingRecord | undefined,
  formerClaims: ReadonlySet<string>,
): Promise<void> {
  const { api } = context;
  if (former === undefined) {
    await removeProject(api, revision.project, (name) => formerClaims.has(name), context);
    return;
  }
  const lasting = former.manifests.filter(({ kind }) => kind !== "PersistentVolumeClaim");
  for (const manifest of lasting) await api.apply(manifest);
  const removed = await pruneProject(api, revision.project, former.manifests);
  await waitForRemoval(api, removed, context);
  await dropStuckPods(context, revision.project, lasting);
  await waitForServers(context, lasting);
  for (const name of await namesOf(api, "PersistentVolumeClaim", revision.project)) {
    if (!formerClaims.has(name)) await api.remove("PersistentVolumeClaim", name);
  }
}

/** A stateful set does not replace a pod by itself that never became ready. */
async function dropStuckPods(context: RollOutContext, project: string, manifests: readonly Manifest[]): Promise<void> {
  for (const manifest of manifests.filter(({ kind }) => kind === "StatefulSet")) {
    const read = await settledStatus(context, manifest);
    const hash = read?.status.updateRevision;
    if (hash === undefined || hash === "") continue;
    const pods = await podsOf(context.api, project, manifest.metadata.labels?.["app.kubernetes.io/name"]);
    const stuck = pods.filter(({ metadata, status }) => {
      const isReady = status.containerStatuses.some(({ ready }) => ready);
      return metadata.labels["controller-revision-hash"] !== hash && !isReady;
    });
    for (const { metadata } of stuck) await context.api.remove("Pod", metadata.name);
  }
}

/** The controller has to have seen the change before its status says which template is meant. */
async function settledStatus(
  { api, now, pollMs }: RollOutContext,
  { kind, metadata }: Manifest,
): Promise<ReturnType<typeof serverObject.parse> | undefined> {
  const end = now() + returnTimeoutMs;
  for (;;) {
    const server = serverObject.safeParse(await api.get(kind, metadata.name)).data;
    if (server === undefined || server.status.observedGeneration >= server.metadata.generation) return server;
    if (now() > end) return undefined;
    await pause(pollMs);
  }
}

async function waitForServers({ api, now, pollMs }: RollOutContext, manifests: readonly Manifest[]): Promise<void> {
  const end = now() + returnTimeoutMs;
  const servers = manifests.filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet");
  for (;;) {
    const states = await Promise.all(servers.map((manifest) => isBack(api, manifest)));
    if (states.every(Boolean) || now() > end) return;
    await pause(pollMs);
  }
}

async function isBack(api: ClusterApi, { kind, metadata }: Manifest): Promise<boolean> {
  const server = serverObject.safeParse(await api.get(kind, metadata.name));
  return server.success && isComplete(server.data);
}
