// Taking a project's objects away: all of them, or those that a revision does not need.

import { RuntimeError } from "../runtime.ts";
import { pause, type ClusterApi } from "./cluster-api.ts";
import { identity } from "./names.ts";
import { anyObject, isFinished, jobObject, readAll } from "./observed.ts";
import { recordName, secretsUsed } from "./record.ts";
import type { Kind, Manifest } from "./resources.ts";

/** First what calls and starts others, last what they need. Jobs go with their schedule or template. */
const revisionKinds = [
  "Ingress",
  "CronJob",
  "Deployment",
  "StatefulSet",
  "Service",
  "Secret",
  "NetworkPolicy",
] as const satisfies readonly Kind[];

export type Waiting = { readonly pollMs: number; readonly now: () => number };

const removalTimeoutMs = 120_000;

/** Resolves when nothing is left, pods included. Throws RuntimeError `failed` when something stays. */
export async function removeProject(
  api: ClusterApi,
  project: string,
  keepClaim: (name: string) => boolean,
  waiting: Waiting,
): Promise<void> {
  for (const kind of [...revisionKinds, "Job"] as const) {
    for (const name of await namesOf(api, kind, project)) await api.remove(kind, name);
  }
  await waitUntilGone(api, [...revisionKinds, "Job", "Pod"], project, () => true, waiting);
  for (const name of await namesOf(api, "PersistentVolumeClaim", project)) {
    if (!keepClaim(name)) await api.remove("PersistentVolumeClaim", name);
  }
  await waitUntilGone(api, ["PersistentVolumeClaim"], project, (name) => !keepClaim(name), waiting);
}

export type Named = { readonly kind: Kind; readonly name: string };

/** What the revision that serves does not have goes, without waiting for it; secrets stay while a job uses them. */
export async function pruneProject(api: ClusterApi, project: string, serving: readonly Manifest[]): Promise<Named[]> {
  const jobs = await api.list("Job", identity(project));
  const running = jobs.filter((job) => readAll(jobObject, [job]).some((item) => !isFinished(item)));
  const kept = new Set([
    ...serving.map(({ kind, metadata }) => `${kind}/${metadata.name}`),
    ...[...secretsUsed([...serving, ...running]), recordName(project)].map((name) => `Secret/${name}`),
  ]);
  const removed: Named[] = [];
  for (const kind of revisionKinds) {
    const names = (await namesOf(api, kind, project)).filter((name) => !kept.has(`${kind}/${name}`));
    for (const name of names) await api.remove(kind, name);
    removed.push(...names.map((name) => ({ kind, name })));
  }
  return removed;
}

/** Throws RuntimeError `failed` when one of them stays. */
export async function waitForRemoval(api: ClusterApi, removed: readonly Named[], waiting: Waiting): Promise<void> {
  let left = removed;
  await waitUntilNone(async () => {
    const found = await Promise.all(left.map(async ({ kind, name }) => (await api.get(kind, name)) !== undefined));
    left = left.filter((_, index) => found[index]);
    return left.map(({ kind, name }) => `${kind} ${name}`);
  }, waiting);
}

export async function namesOf(api: ClusterApi, kind: Kind, project: string): Promise<string[]> {
  return readAll(anyObject, await api.list(kind, identity(project))).map(({ metadata }) => metadata.name);
}

async function waitUntilGone(
  api: ClusterApi,
  kinds: readonly Kind[],
  project: string,
  counts: (name: string) => boolean,
  waiting: Waiting,
): Promise<void> {
  await waitUntilNone(async () => {
    const lists = kinds.map(async (kind) => {
      const names = (await namesOf(api, kind, project)).filter(counts);
      return names.map((name) => `${kind} ${name}`);
    });
    return (await Promise.all(lists)).flat();
  }, waiting);
}

async function waitUntilNone(find: () => Promise<readonly string[]>, { pollMs, now }: Waiting): Promise<void> {
  const end = now() + removalTimeoutMs;
  for (;;) {
    const left = await find();
    if (left.length === 0) return;
    if (now() > end) {
      throw new RuntimeError("failed", `${left.slice(0, 5).join(", ")} could not be taken away in time`, {
        hint: "See with `kubectl describe` what holds it, and remove the agent again.",
      });
    }
    await pause(pollMs);
  }
}
