// Which secret holds a workload's environment. Secrets never change, so other values need another name; and what holds
// data keeps the secret it has as long as the values stay, so that it is not started anew.

import type { Workload } from "../../blueprint/workload.ts";
import type { Revision } from "../runtime.ts";
import type { ClusterApi } from "./cluster-api.ts";
import { identity, objectName, workloadLabel } from "./names.ts";
import { readAll, secretObject, type SecretObject } from "./observed.ts";
import { recordName } from "./record.ts";

/** By workload name. Names tell nothing of the values. */
export async function chooseSecretNames(api: ClusterApi, revision: Revision): Promise<ReadonlyMap<string, string>> {
  const found = readAll(secretObject, await api.list("Secret", identity(revision.project)));
  const existing = found.filter(({ metadata }) => metadata.name !== recordName(revision.project));
  return new Map(revision.workloads.map((workload) => [workload.name, secretName(revision, workload, existing)]));
}

/** Pure. */
export function secretName(revision: Revision, workload: Workload, existing: readonly SecretObject[]): string {
  const own = existing.filter(({ metadata }) => metadata.labels[workloadLabel] === workload.name);
  const base = `${objectName(revision.project, workload.name)}-r${revision.number}`;
  const reusable = workload.volume === undefined ? own.filter(({ metadata }) => isOf(metadata.name, base)) : own;
  const same = reusable.find(({ data }) => holds(data, workload.environment));
  if (same !== undefined) return same.metadata.name;
  const taken = new Set(own.map(({ metadata }) => metadata.name));
  let name = base;
  for (let attempt = 2; taken.has(name); attempt += 1) name = `${base}-${attempt}`;
  return name;
}

function isOf(name: string, base: string): boolean {
  return name === base || name.startsWith(`${base}-`);
}

function holds(data: Readonly<Record<string, string>>, environment: Readonly<Record<string, string>>): boolean {
  const pairs = Object.entries(environment);
  return (
    Object.keys(data).length === pairs.length &&
    pairs.every(([name, value]) => data[name] === Buffer.from(value).toString("base64"))
  );
}
