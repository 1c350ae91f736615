// Plays the controllers and the scheduler: pods for deployments, stateful sets and jobs, replaced as they would be, and the
// removal of what nobody owns any more.

import { createHash } from "node:crypto";
import { arrayAt, isObject, numberAt, objectAt, stringAt, type JsonObject } from "../../../server/contracts/json.ts";
import { isDeleted, labelsOf, ownersOf, uidOf, type Store, type Stored } from "./store.ts";

/** One second of the cluster's clocks takes so long, so that tests need not wait. */
const secondMs = 20;

export type Controllers = { tick(): void };

export function createControllers(store: Store): Controllers {
  /** When a deployment last moved, by uid. */
  const moved = new Map<string, { readonly state: string; readonly at: number }>();
  return {
    tick: () => {
      for (const item of store.all("deployments")) rollDeployment(store, item, moved);
      for (const item of store.all("replicasets")) keepReplicas(store, item);
      for (const item of store.all("statefulsets")) keepStatefulSet(store, item);
      for (const item of store.all("jobs")) runJob(store, item);
      collect(store);
    },
  };
}

function spec(item: Stored): JsonObject {
  return objectAt(item.object, "spec") ?? {};
}

function template(item: Stored): JsonObject {
  return objectAt(spec(item), "template") ?? {};
}

function hash(item: Stored): string {
  return createHash("sha256")
    .update(JSON.stringify(template(item)))
    .digest("hex")
    .slice(0, 10);
}

function owner(item: Stored): JsonObject {
  const { apiVersion, kind } = item.object;
  return { apiVersion: apiVersion ?? "", kind: kind ?? "", name: item.name, uid: uidOf(item), controller: true };
}

function makePod(store: Store, by: Stored, name: string, labels: JsonObject): void {
  const made = template(by);
  const metadata = objectAt(made, "metadata") ?? {};
  const podSpec = objectAt(made, "spec") ?? {};
  const isPlaced = objectAt(podSpec, "nodeSelector") === undefined;
  const unschedulable = {
    type: "PodScheduled",
    status: "False",
    reason: "Unschedulable",
    message: "0/1 nodes are available",
  };
  store.put("pods", by.namespace, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...metadata,
      name,
      labels: { ...objectAt(metadata, "labels"), ...labels },
      ownerReferences: [owner(by)],
    },
    spec: isPlaced ? { ...podSpec, nodeName: "worker" } : podSpec,
    status: { phase: "Pending", ...(isPlaced ? {} : { conditions: [unschedulable] }) },
  });
}

function podsOf(store: Store, by: Stored): Stored[] {
  return store.ownedBy(uidOf(by)).filter(({ plural }) => plural === "pods");
}

function isReady(pod: Stored): boolean {
  const status = objectAt(pod.object, "status") ?? {};
  const containers = (arrayAt(status, "containerStatuses") ?? []).filter(isObject);
  return !isDeleted(pod) && containers.length > 0 && containers.every((container) => container["ready"] === true);
}

const readySince = new WeakMap<Stored, number>();

function isAvailable(pod: Stored, minReadySeconds: number): boolean {
  if (!isReady(pod)) {
    readySince.delete(pod);
    return false;
  }
  const since = readySince.get(pod) ?? Date.now();
  readySince.set(pod, since);
  return Date.now() - since >= minReadySeconds * secondMs;
}

function setStatus(store: Store, item: Stored, status: JsonObject): void {
  if (!Bun.deepEquals(item.object["status"], status)) store.update(item, { ...item.object, status });
}

function rollDeployment(
  store: Store,
  item: Stored,
  moved: Map<string, { readonly state: string; readonly at: number }>,
): void {
  if (isDeleted(item)) return;
  const wanted = numberAt(spec(item), "replicas") ?? 1;
  const wait = numberAt(spec(item), "minReadySeconds") ?? 0;
  const name = `${item.name}-${hash(item)}`;
  const sets = store.ownedBy(uidOf(item)).filter(({ plural }) => plural === "replicasets");
  const current = sets.find((set) => set.name === name) ?? makeReplicaSet(store, item, name);
  const older = sets.filter((set) => set.name !== name);
  const count = (list: readonly Stored[]): number =>
    list.reduce((sum, set) => sum + (numberAt(spec(set), "replicas") ?? 0), 0);
  const available = (set: Stored): number => podsOf(store, set).filter((pod) => isAvailable(pod, wait)).length;
  // One more than wanted at most, and never fewer available than wanted.
  const room = Math.max(0, wanted + 1 - count(older) - count([current]));
  const target = wanted === 0 ? 0 : Math.min(wanted, count([current]) + room);
  scale(store, current, target);
  let spare =
    wanted === 0 ? count(older) : older.reduce((sum, set) => sum + available(set), 0) + available(current) - wanted;
  for (const set of older) {
    const replicas = numberAt(spec(set), "replicas") ?? 0;
    const broken = Math.max(0, replicas - available(set));
    const less = Math.min(replicas, broken + Math.max(0, spare));
    if (less > 0) scale(store, set, replicas - less);
    spare -= Math.max(0, less - broken);
  }
  const pods = [current, ...older].flatMap((set) => podsOf(store, set)).filter((pod) => !isDeleted(pod));
  const state = JSON.stringify([name, count(older), available(current), pods.length]);
  const known = moved.get(uidOf(item));
  if (known?.state !== state) moved.set(uidOf(item), { state, at: Date.now() });
  const deadline = (numberAt(spec(item), "progressDeadlineSeconds") ?? 600) * 1000;
  const isLate = available(current) < wanted && Date.now() - (moved.get(uidOf(item))?.at ?? 0) > deadline;
  setStatus(store, item, {
    observedGeneration: objectAt(item.object, "metadata")?.["generation"] ?? 1,
    replicas: pods.length,
    updatedReplicas: podsOf(store, current).filter((pod) => !isDeleted(pod)).length,
    readyReplicas: pods.filter(isReady).length,
    availableReplicas: pods.filter((pod) => isAvailable(pod, wait)).length,
    conditions: isLate
      ? [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: "" }]
      : [],
  });
}

function makeReplicaSet(store: Store, item: Stored, name: string): Stored {
  const made = template(item);
  const labels = { ...objectAt(objectAt(made, "metadata") ?? {}, "labels"), "pod-template-hash": hash(item) };
  return store.put("replicasets", item.namespace, {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name, labels, ownerReferences: [owner(item)] },
    spec: { replicas: 0, selector: { matchLabels: labels }, template: made },
  });
}

function scale(store: Store, set: Stored, replicas: number): void {
  if (numberAt(spec(set), "replicas") === replicas) return;
  store.update(set, { ...set.object, spec: { ...spec(set), replicas } });
}

function keepReplicas(store: Store, set: Stored): void {
  if (isDeleted(set)) return;
  const wanted = numberAt(spec(set), "replicas") ?? 0;
  const pods = podsOf(store, set).filter((pod) => !isDeleted(pod));
  const suffix = (): string => crypto.randomUUID().slice(0, 5);
  for (let made = pods.length; made < wanted; made += 1) {
    makePod(store, set, `${set.name}-${suffix()}`, {
      "pod-template-hash": stringAt(labelsOf(set), "pod-template-hash") ?? "",
    });
  }
  const worstFirst = pods.toSorted((one, other) => Number(isReady(one)) - Number(isReady(other)));
  for (const pod of worstFirst.slice(0, Math.max(0, pods.length - wanted))) store.remove(pod, false);
}

const settled = new WeakMap<Stored, string>();

function keepStatefulSet(store: Store, item: Stored): void {
  if (isDeleted(item)) return;
  const wanted = numberAt(spec(item), "replicas") ?? 1;
  const update = `${item.name}-${hash(item)}`;
  const revision = (pod: Stored): string => stringAt(labelsOf(pod), "controller-revision-hash") ?? "";
  const pods = podsOf(store, item);
  const alive = pods.filter((pod) => !isDeleted(pod));
  for (let index = 0; index < wanted; index += 1) {
    const name = `${item.name}-${index}`;
    if (pods.every((pod) => pod.name !== name)) makePod(store, item, name, { "controller-revision-hash": update });
  }
  for (const pod of alive) {
    const isSurplus = Number(pod.name.split("-").at(-1)) >= wanted;
    if (isSurplus || revision(pod) !== update) store.remove(pod, false);
  }
  const updated = alive.filter((pod) => revision(pod) === update);
  if (updated.length === wanted && updated.every(isReady)) settled.set(item, update);
  setStatus(store, item, {
    observedGeneration: objectAt(item.object, "metadata")?.["generation"] ?? 1,
    replicas: alive.length,
    updatedReplicas: updated.length,
    readyReplicas: alive.filter(isReady).length,
    availableReplicas: alive.filter((pod) => isAvailable(pod, numberAt(spec(item), "minReadySeconds") ?? 0)).length,
    currentRevision: settled.get(item) ?? update,
    updateRevision: update,
  });
}

function runJob(store: Store, job: Stored): void {
  if (isDeleted(job)) return;
  const [pod] = podsOf(store, job);
  const status = objectAt(job.object, "status") ?? {};
  if ((arrayAt(status, "conditions") ?? []).length > 0) return;
  if (pod === undefined) {
    makePod(store, job, `${job.name}-${crypto.randomUUID().slice(0, 5)}`, { "batch.kubernetes.io/job-name": job.name });
    setStatus(store, job, { active: 1 });
    return;
  }
  const phase = objectAt(pod.object, "status")?.["phase"];
  if (phase === "Succeeded")
    setStatus(store, job, { succeeded: 1, conditions: [{ type: "Complete", status: "True" }] });
  if (phase === "Failed") setStatus(store, job, { failed: 1, conditions: [{ type: "Failed", status: "True" }] });
}

const ownerPlurals: Readonly<Record<string, string>> = {
  Deployment: "deployments",
  ReplicaSet: "replicasets",
  StatefulSet: "statefulsets",
  Job: "jobs",
  CronJob: "cronjobs",
};

/** What is owned goes before its owner in the foreground, and after it otherwise. */
function collect(store: Store): void {
  for (const plural of ["pods", "replicasets", "jobs"]) {
    for (const item of store.all(plural)) {
      const [first] = ownersOf(item);
      if (first === undefined) continue;
      const kept = store.find(
        ownerPlurals[stringAt(first, "kind") ?? ""] ?? "",
        item.namespace,
        stringAt(first, "name") ?? "",
      );
      const isOrphan = kept === undefined || uidOf(kept) !== stringAt(first, "uid") || isDeleted(kept);
      if (isOrphan && !isDeleted(item)) store.remove(item, false);
    }
  }
  for (const plural of ["jobs", "replicasets", "cronjobs", "deployments", "statefulsets"]) {
    for (const item of store.all(plural)) {
      if (isDeleted(item) && store.ownedBy(uidOf(item)).length === 0) store.remove(item, true);
    }
  }
}
