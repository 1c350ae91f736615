// Brings a revision into the cluster: its objects in order, then waiting until all of it is well, then taking away what the
// older one leaves. When it fails the older one is put back.

import { RuntimeError, type Revision, type RolloutStep } from "../runtime.ts";
import type { ClusterApi } from "./cluster-api.ts";
import { followServer } from "./follow.ts";
import { runStartupJobs } from "./startup-jobs.ts";
import { lasting, manifestsOf, namespaceManifest, type RevisionManifests } from "./manifests.ts";
import { namesOf, pruneProject, waitForRemoval } from "./removal.ts";
import { readRecord, writeRecord } from "./record.ts";
import { restore } from "./restore.ts";
import { withoutValues } from "./secrecy.ts";
import { chooseSecretNames } from "./secret-names.ts";
import type { KubernetesSettings } from "./settings.ts";

export type RollOutContext = {
  readonly api: ClusterApi;
  readonly settings: KubernetesSettings;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly pollMs: number;
};

export type Report = (step: RolloutStep) => void;

/** See `Runtime.rollOut`. */
export async function rollOut(
  context: RollOutContext,
  revision: Revision,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const { api, settings } = context;
  signal.throwIfAborted();
  await ensureNamespace(context, signal);
  const former = await readRecord(api, revision.project);
  const formerClaims = new Set(await namesOf(api, "PersistentVolumeClaim", revision.project));
  const manifests = manifestsOf(revision, await chooseSecretNames(api, revision), settings);
  try {
    await bringUp(context, revision, manifests, formerClaims, report, signal);
    await writeRecord(api, revision.project, { number: revision.number, manifests: lasting(manifests) });
  } catch (error) {
    const hidden = withoutValues(error, revision);
    const back = await restore(context, revision, former, formerClaims).catch((failure: unknown) => failure);
    if (back instanceof Error) throw both(hidden, withoutValues(back, revision));
    throw hidden;
  }
  await takeAway(context, revision, manifests, report);
  await runStartupJobs(context, revision, report, signal);
}

async function ensureNamespace({ api, settings }: RollOutContext, signal: AbortSignal): Promise<void> {
  if (!settings.createNamespace) return;
  if ((await api.get("Namespace", settings.namespace, signal)) === undefined) {
    await api.apply(namespaceManifest(settings.namespace), signal);
  }
}

async function bringUp(
  context: RollOutContext,
  revision: Revision,
  manifests: RevisionManifests,
  formerClaims: ReadonlySet<string>,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const { api } = context;
  const deadline = context.now() + revision.startTimeoutMs;
  const claims = manifests.claims.filter(({ metadata }) => !formerClaims.has(metadata.name));
  for (const manifest of [...manifests.foundation, ...claims]) await api.apply(manifest, signal);
  for (const stage of manifests.servers) {
    for (const { workload, manifest } of stage) {
      report({ kind: "create", workload: workload.name, message: `${workload.name} is given ${workload.image}` });
      await api.apply(manifest, signal);
    }
    const failure = new AbortController();
    const either = AbortSignal.any([signal, failure.signal]);
    await Promise.all(
      stage.map(({ workload, manifest }) =>
        followServer(context, revision, { workload, manifest, deadline }, report, either).catch((error: unknown) => {
          failure.abort(error);
          throw error;
        }),
      ),
    );
  }
  for (const manifest of manifests.front) await api.apply(manifest, signal);
  report({ kind: "switch", message: switched(revision, manifests) });
}

function switched(revision: Revision, { front }: RevisionManifests): string {
  const isPublic = front.some(({ kind }) => kind === "Ingress");
  const where = isPublic && revision.publicHost !== undefined ? ` at ${revision.publicHost}` : "";
  return `revision ${revision.number} serves${where}`;
}

/** It serves already: what stays behind is told, and taken away by the next roll-out. */
async function takeAway(
  context: RollOutContext,
  revision: Revision,
  manifests: RevisionManifests,
  report: Report,
): Promise<void> {
  const { api } = context;
  try {
    const removed = await pruneProject(api, revision.project, lasting(manifests));
    await waitForRemoval(api, removed, context);
    if (removed.length > 0)
      report({ kind: "remove", message: `${removed.length} objects of older revisions are gone` });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    report({ kind: "warning", message: `objects of older revisions stay behind: ${message}` });
  }
}

function both(failure: unknown, back: unknown): RuntimeError {
  const [first, second] = [failure, back].map((error) => (error instanceof Error ? error.message : String(error)));
  const known = failure instanceof RuntimeError ? failure : undefined;
  return new RuntimeError(
    known?.code ?? "failed",
    `${first}; and the older revision could not be put back: ${second}`,
    {
      hint: "See the namespace with `kubectl get pods`, then deploy again.",
      ...(known?.workload === undefined ? {} : { workload: known.workload }),
      lastLines: known?.lastLines ?? [],
      cause: failure,
    },
  );
}
