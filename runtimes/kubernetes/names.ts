// What objects of a project are called, and the labels by which they are found again.

import { createHash } from "node:crypto";
import type { WorkloadComponent } from "../../blueprint/workload.ts";
import { RuntimeError } from "../runtime.ts";

/** Owns every field that the server sets. */
export const fieldManager = "astrolabe";

/** The longest that leaves room for what controllers append: a stateful set's name may have 52 characters. */
export const longestName = 52;

const dnsLabel = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const hashLength = 8;

/**
 * A DNS label that starts with a letter, of at most `longestName` characters. The hash keeps apart what would read alike:
 * project `a` with workload `b-c`, project `a-b` with workload `c`.
 */
export function objectName(project: string, part: string): string {
  if (!dnsLabel.test(project) || project.length > 40) {
    throw new RuntimeError("failed", `${project} cannot be a project's name in a cluster`, {
      hint: "Use lower-case letters, digits and hyphens, at most 40 of them.",
    });
  }
  const hash = createHash("sha256").update(`${project}/${part}`).digest("hex").slice(0, hashLength);
  const readable = `${/^[0-9]/.test(project) ? "p" : ""}${project}-${part.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
  return `${readable.slice(0, longestName - hashLength - 1).replace(/-+$/, "")}-${hash}`;
}

const nameLabel = "app.kubernetes.io/name";
const instanceLabel = "app.kubernetes.io/instance";
const managerLabel = "app.kubernetes.io/managed-by";
export const componentLabel = "app.kubernetes.io/component";
export const revisionLabel = "app.kubernetes.io/version";
export const workloadLabel = nameLabel;

/** `always`, `startup`, `manual` or `schedule`, on everything that runs. */
export const runLabel = "astrolabe/run";
/** How many replicas an object has unless it is stopped. */
export const replicasAnnotation = "astrolabe/replicas";
/** On a pod template: changing it starts the pods anew. */
export const restartAnnotation = "astrolabe/restarted-at";

/** Labels that never change: selectors are made of them. Without a workload they find all of a project. */
export function identity(project: string, workload?: string): Record<string, string> {
  return {
    [managerLabel]: fieldManager,
    [instanceLabel]: project,
    ...(workload === undefined ? {} : { [workloadLabel]: workload }),
  };
}

/** As the API's `labelSelector` takes it. */
export function selectorText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
}

export type Marks = { readonly labels: Record<string, string>; readonly annotations: Record<string, string> };

const labelName = /^[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^(?:[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?)?$/;

/** The caller's own labels below `astrolabe/`; what Kubernetes does not take as a label's value is an annotation. */
export function callerMarks(labels: Readonly<Record<string, string>>): Marks {
  const marks: Marks = { labels: {}, annotations: {} };
  for (const [name, value] of Object.entries(labels)) {
    const last = (name.split("/").at(-1) ?? "").replaceAll(/[^-_.A-Za-z0-9]+/g, "-").slice(0, 63);
    if (!labelName.test(last)) continue;
    (labelValue.test(value) ? marks.labels : marks.annotations)[`${fieldManager}/${last}`] = value;
  }
  return marks;
}

/** What every object of a workload bears. */
export function workloadMarks(
  project: string,
  number: number,
  workload: { readonly name: string; readonly component: WorkloadComponent },
  labels: Readonly<Record<string, string>>,
): Marks {
  const own = callerMarks(labels);
  return {
    labels: {
      ...own.labels,
      ...identity(project, workload.name),
      [componentLabel]: workload.component,
      [revisionLabel]: String(number),
    },
    annotations: own.annotations,
  };
}
