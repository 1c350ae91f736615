// How a project's things are found in the engine: labels on everything, and names that people can read.

import { createHash } from "node:crypto";
import type { Revision } from "../runtime.ts";
import type { Workload } from "../../blueprint/workload.ts";

export const label = {
  project: "astrolabe.project",
  workload: "astrolabe.workload",
  component: "astrolabe.component",
  revision: "astrolabe.revision",
  /** A digest of all that a container was made from: equal ones need not be made anew. */
  made: "astrolabe.made",
  /** `always`, `startup`, `manual` or `schedule`. */
  run: "astrolabe.run",
  /** On containers that revisions share, since they hold data. */
  shared: "astrolabe.shared",
  /** On the volume whose existence says which revision serves. */
  serving: "astrolabe.serving",
} as const;

/** The engine's filter for what belongs to a project, or to one of its workloads. */
export function ofProject(project: string, workload?: string): { label: string[] } {
  return {
    label: [`${label.project}=${project}`, ...(workload === undefined ? [] : [`${label.workload}=${workload}`])],
  };
}

export function networkName(project: string, revision: number): string {
  return `${project}-r${revision}`;
}

export function volumeName(project: string, volume: string): string {
  return `${project}-${volume}`;
}

/** `my-agent-agent-r3`; further replicas end in `-2` and so on. */
export function containerName(project: string, workload: string, revision: number, replica: number): string {
  return `${project}-${workload}-r${revision}${replica === 1 ? "" : `-${replica}`}`;
}

/** A volume that holds nothing: making it is how a revision becomes the one that serves, at once for all its workloads. */
export function servingName(project: string, revision: number): string {
  return `${project}-serving-r${revision}`;
}

/** A store: only one container at a time may have its data, so revisions share it. */
export function isShared({ volume, component }: Workload): boolean {
  return volume !== undefined && !hasOpenVolume(component);
}

/** The agent, its jobs and the messaging service may use one folder side by side, each as its own user. */
export function hasOpenVolume(component: Workload["component"]): boolean {
  return component === "agent" || component === "messaging" || component === "ingestion";
}

export function runKind(workload: Workload): "always" | "startup" | "manual" | "schedule" {
  return typeof workload.run === "string" ? workload.run : "schedule";
}

export function projectLabels(revision: Revision): Record<string, string> {
  return {
    ...revision.labels,
    [label.project]: revision.project,
    [label.revision]: String(revision.number),
  };
}

/** Of everything that makes a container what it is; the environment's values cannot be told from it. */
export function digestOf(parts: unknown): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
