// A deployment: an agent that runs in a workspace under a name, and the revisions it went through.

import type {
  AgentInterfaces,
  DeploymentStatus,
  RevisionReason,
  RevisionStatus,
  RolloutFailure,
} from "../contracts/agents-deployments.ts";
import type { DeploymentId, JobRunId, UserId, WorkspaceId } from "../contracts/ids.ts";

/** What people want of it; the worker brings the containers to it. */
export const wishes = ["running", "stopped", "undeployed"] as const;
export type Wish = (typeof wishes)[number];

export type Deployment = {
  readonly id: DeploymentId;
  readonly workspaceId: WorkspaceId;
  readonly blueprintId: string;
  /** Without the account. */
  readonly blueprintName: string;
  /** Unique in the workspace as long as it is not undeployed. */
  readonly displayName: string;
  /** The runtime's project and the first part of the host name; unique on the server, for ever. */
  readonly label: string;
  readonly status: DeploymentStatus;
  /** Undefined: nothing to say beyond the status. */
  readonly statusReason: string | undefined;
  readonly wish: Wish;
  /** The newest revision. */
  readonly revision: number;
  /** The revision whose containers are there, running or stopped; undefined before the first. */
  readonly servingRevision: number | undefined;
  /** Where the front door leads to; undefined: nobody is let in. */
  readonly door: Door | undefined;
  /** Made once, kept sealed: JSON of name to value. Undefined before they were needed. */
  readonly sealedValues: string | undefined;
  /** Grows with every wish; tells the worker that what it is doing may be out of date. */
  readonly version: number;
  readonly createdBy: string;
  /** Unix milliseconds, as all times here. */
  readonly createdAt: number;
  readonly updatedAt: number;
};

/** The workload that people reach by the deployment's host name, and who may. */
export type Door = {
  readonly access: "members" | "public";
  readonly kind: "frontend" | "messaging";
  readonly workload: string;
  readonly port: number;
};

export type Revision = {
  readonly deploymentId: DeploymentId;
  /** Counts from 1 in its deployment. */
  readonly number: number;
  readonly buildId: string;
  readonly status: RevisionStatus;
  readonly reason: RevisionReason;
  /** For rollbacks: whose template it runs. */
  readonly fromRevision: number | undefined;
  readonly failure: RolloutFailure | undefined;
  /** Sealed JSON of `RevisionTemplate`: it holds values. */
  readonly sealedTemplate: string;
  readonly createdBy: string;
  readonly createdAt: number;
  /** When its rollout began. */
  readonly startedAt: number | undefined;
  readonly servingFrom: number | undefined;
  /** Undefined while it serves, and when it never did. */
  readonly servingTo: number | undefined;
};

/** What a revision runs with, once kept values are filled in. */
export type RevisionTemplate = {
  readonly interfaces: AgentInterfaces;
  readonly variables: Readonly<Record<string, { readonly value: string } | { readonly ref: string }>>;
  readonly models: Readonly<Record<string, string>>;
  readonly schedules: Readonly<Record<string, string>>;
};

/** Something that was done for a revision, for people who watch. */
export type RecordedStep = {
  readonly at: number;
  readonly kind: string;
  readonly workload: string | undefined;
  readonly message: string;
};

export const jobTriggers = ["manual", "schedule", "startup"] as const;
export const jobRunStatuses = ["waiting", "running", "succeeded", "failed"] as const;

export type JobRun = {
  readonly id: JobRunId;
  readonly deploymentId: DeploymentId;
  /** As in the blueprint's `ingestion`. */
  readonly job: string;
  readonly trigger: (typeof jobTriggers)[number];
  readonly status: (typeof jobRunStatuses)[number];
  readonly exitCode: number | undefined;
  readonly message: string | undefined;
  readonly createdAt: number;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
};

/** Who asks for a change. */
export type Requester = {
  /** An email, or `operator`. */
  readonly name: string;
  /** Undefined for the operator token. */
  readonly userId: UserId | undefined;
};
