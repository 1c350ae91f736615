// Deployments as the agents' API tells them, and how their state is said.

import type { z } from "zod";
import type {
  deploymentSchema,
  deploymentsSchema,
  deploymentSummarySchema,
  revisionSchema,
} from "../../../../server/contracts/agents-deployments.ts";
import type { deploymentUsageSchema, logLineSchema } from "../../../../server/contracts/agents-logs.ts";
import type { Tone } from "../../ui/status.tsx";

export type Deployments = z.output<typeof deploymentsSchema>;
export type DeploymentSummary = z.output<typeof deploymentSummarySchema>;
export type Deployment = z.output<typeof deploymentSchema>;
export type DeploymentRevision = z.output<typeof revisionSchema>;
export type Workload = Deployment["workloads"][number];
export type Job = Deployment["jobs"][number];
export type JobRun = Job["runs"][number];
export type LogLine = z.output<typeof logLineSchema>;
export type DeploymentUsage = z.output<typeof deploymentUsageSchema>;
export type DeploymentStatus = DeploymentSummary["status"];

export const deploymentsPath = "/api/v1/deployments";

export function deploymentPath(id: string): string {
  return `${deploymentsPath}/${encodeURIComponent(id)}`;
}

export const statusTones: Readonly<Record<DeploymentStatus, Tone>> = {
  pending: "brass",
  provisioning: "brass",
  active: "good",
  failed: "bad",
  scaled_down: "plain",
  stopped: "plain",
  suspended: "bad",
  undeploying: "brass",
  undeployed: "plain",
};

export const statusWords: Readonly<Record<DeploymentStatus, string>> = {
  pending: "Waiting",
  provisioning: "Starting",
  active: "Active",
  failed: "Failed",
  scaled_down: "Scaled down",
  stopped: "Paused",
  suspended: "Suspended",
  undeploying: "Being removed",
  undeployed: "Removed",
};

export const revisionTones: Readonly<Record<DeploymentRevision["status"], Tone>> = {
  pending: "brass",
  provisioning: "brass",
  active: "good",
  replaced: "plain",
  failed: "bad",
  superseded: "plain",
};

export const revisionWords: Readonly<Record<DeploymentRevision["status"], string>> = {
  pending: "Waiting",
  provisioning: "Starting",
  active: "Serves",
  replaced: "Served before",
  failed: "Failed",
  superseded: "Overtaken",
};

export const reasonWords: Readonly<Record<DeploymentRevision["reason"], string>> = {
  deploy: "Deployed",
  redeploy: "Redeployed",
  rollback: "Rolled back",
  key_rotation: "Key rotated",
};

/** What runs it, as logs call it. */
export function workloadOfJob({ name }: Pick<Job, "name">): string {
  return `ingestion-${name}`;
}

/** Whether it changes by itself, so that it is worth asking for again soon. */
export function isMoving(status: DeploymentStatus): boolean {
  return status === "pending" || status === "provisioning" || status === "undeploying";
}

/** Whether the newest revision failed while an older one is kept, which the status does not tell. */
export function hasFailedNewest({ serving_revision: serving, newest_status: newest }: DeploymentSummary): boolean {
  return serving !== null && newest === "failed";
}

/** Whether a revision is on its way. */
export function isComing(status: DeploymentRevision["status"]): boolean {
  return status === "pending" || status === "provisioning";
}

/** Whether it or its newest revision is on its way: an active one may be getting its next revision. */
export function isRollingOut({ status, newest }: Pick<Deployment, "status" | "newest">): boolean {
  return isMoving(status) || isComing(newest.status);
}

/** Whether anything can still be done with it. */
export function isThere(status: DeploymentStatus): boolean {
  return status !== "undeploying" && status !== "undeployed";
}
