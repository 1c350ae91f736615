// What deployments ask of storage. server/storage/deployment-store.ts and its neighbours implement it.

import type { DeploymentStatus, RolloutFailure } from "../contracts/agents-deployments.ts";
import type { NewEvent } from "../contracts/events.ts";
import type { DeploymentId, JobRunId, UserId, WorkspaceId } from "../contracts/ids.ts";
import type { Deployment, Door, JobRun, RecordedStep, Revision, Wish } from "./deployment.ts";

/** A revision that is asked for; storage numbers it. `vaultNames`: the variables of the vault that it refers to. */
export type NewRevision = Pick<
  Revision,
  "buildId" | "reason" | "fromRevision" | "sealedTemplate" | "createdBy" | "createdAt"
> & { readonly vaultNames: readonly string[] };

export type DeploymentRecords = {
  /** Stores a deployment with its first revision; false when one of the workspace has this display name. */
  insert(deployment: Deployment, revision: NewRevision): Promise<boolean>;
  /**
   * Adds a revision, which takes the place of those that have not come up. With `start` the deployment is wished running,
   * else it stays as wished. Undefined when it is undeployed or there is none.
   */
  addRevision(id: DeploymentId, revision: NewRevision, options: AddOptions): Promise<number | "name_taken" | undefined>;
  /** Notes what is wanted; one that is undeployed stays so. Undefined when there is none. */
  setWish(id: DeploymentId, wish: Wish, at: number): Promise<Deployment | undefined>;
  find(id: DeploymentId): Promise<Deployment | undefined>;
  findByLabel(label: string): Promise<Deployment | undefined>;
  /** Newest first, undeployed ones left out. */
  list(workspaceId: WorkspaceId, limit: number): Promise<Deployment[]>;
  /** Those that are not undeployed. */
  count(workspaceId: WorkspaceId): Promise<number>;
  revision(id: DeploymentId, number: number): Promise<Revision | undefined>;
  /** Newest first. */
  revisions(id: DeploymentId, limit: number): Promise<Revision[]>;
  /** Revisions of every deployment of a blueprint, undeployed ones included, newest first. */
  history(
    workspaceId: WorkspaceId,
    blueprintName: string,
    limit: number,
  ): Promise<{ readonly deployment: Deployment; readonly revision: Revision }[]>;
  steps(id: DeploymentId, revision: number): Promise<RecordedStep[]>;
};

export type AddOptions = {
  readonly start: boolean;
  /** Undefined: stays as it is. */
  readonly displayName: string | undefined;
};

/** What a lease holder learns when it renews. */
export type Standing = {
  readonly wish: Wish;
  readonly revision: number;
  readonly workspaceSuspended: boolean;
};

export type Claimed = Standing & {
  readonly deployment: Deployment;
  /** When the status of now began. */
  readonly statusSince: number;
  readonly running: boolean;
  /** How often in a row it could not be finished. */
  readonly tries: number;
};

export type DeploymentChange = {
  readonly status?: DeploymentStatus;
  readonly statusReason?: string | undefined;
  readonly running?: boolean;
  /** Counts only while nothing was wished since the claim, of this version. */
  readonly wish?: { readonly to: Wish; readonly version: number };
  readonly sealedValues?: string;
};

/** The worker's side. Whatever changes a deployment here needs the lease; false or undefined: it is lost. */
export type DeploymentWork = {
  /** Makes those due whose workspace was suspended, or is no longer. */
  noteSuspensions(now: number): Promise<void>;
  due(now: number, limit: number): Promise<DeploymentId[]>;
  claim(id: DeploymentId, lease: Lease, now: number): Promise<Claimed | undefined>;
  renew(id: DeploymentId, lease: Lease): Promise<Standing | undefined>;
  /** Due again at `dueAt`; at once when something was wished since `claimed`. */
  release(
    claimed: Claimed,
    by: string,
    next: { readonly dueAt: number | undefined; readonly tries: number },
  ): Promise<void>;
  change(id: DeploymentId, by: string, change: DeploymentChange, now: number): Promise<boolean>;
  /** Its rollout begins, or goes on. Gives when it began. */
  startRevision(id: DeploymentId, number: number, by: string, now: number): Promise<number | undefined>;
  /** Back to waiting, as if its rollout had never begun. */
  putBack(id: DeploymentId, number: number, by: string): Promise<boolean>;
  /** It serves from now on, and the one before it no longer; tells of it. */
  serve(id: DeploymentId, number: number, by: string, serving: Serving): Promise<boolean>;
  /** It has failed, and the deployment is as `change` says; tells of it. `over`: it was on its way no more. */
  fail(id: DeploymentId, number: number, by: string, failing: Failing): Promise<"failed" | "over" | "lost">;
  /** It is gone: what it ran with is forgotten, its history stays. */
  bury(id: DeploymentId, by: string, now: number): Promise<boolean>;
  addSteps(id: DeploymentId, revision: number, steps: readonly RecordedStep[]): Promise<void>;
};

export type Serving = { readonly at: number; readonly door: Door | undefined; readonly event: NewEvent };

export type Failing = {
  readonly at: number;
  readonly failure: RolloutFailure;
  readonly change: DeploymentChange;
  readonly event: NewEvent;
};

export type Lease = { readonly by: string; readonly until: number };

export type JobRecords = {
  insert(run: JobRun): Promise<void>;
  /** The last runs of each job of a deployment, newest first. */
  runs(id: DeploymentId, perJob: number): Promise<JobRun[]>;
  /** Waiting runs, and running ones whose lease ran out. */
  open(now: number, limit: number): Promise<JobRun[]>;
  /** False when another one has it. A run that was under way when its server ended is claimed to be failed. */
  claim(id: JobRunId, lease: Lease, now: number): Promise<boolean>;
  renew(id: JobRunId, lease: Lease): Promise<boolean>;
  end(id: JobRunId, result: Pick<JobRun, "status" | "exitCode" | "message">, now: number): Promise<void>;
  /** Takes the place of every schedule of the deployment. */
  setSchedules(id: DeploymentId, schedules: readonly Schedule[]): Promise<void>;
  schedules(id: DeploymentId): Promise<Schedule[]>;
  dueSchedules(now: number, limit: number): Promise<(Schedule & { readonly deploymentId: DeploymentId })[]>;
  /** Moves a schedule on and stores the run it is due for, if any; false when another server did. */
  advance(id: DeploymentId, schedule: Schedule, nextAt: number, run: JobRun | undefined): Promise<boolean>;
};

export type Schedule = { readonly job: string; readonly cron: string; readonly nextAt: number };

export type DoorCode = {
  readonly deploymentId: DeploymentId;
  readonly userId: UserId;
  readonly sessionId: string;
  readonly browserHash: string;
  readonly path: string;
};

export type DoorRecords = {
  insert(codeHash: string, code: DoorCode, expiresAt: number): Promise<void>;
  /** Deletes it; undefined when there is none, or it has expired. */
  spend(codeHash: string, now: number): Promise<DoorCode | undefined>;
  prune(now: number): Promise<void>;
  /** Whether the session is still there, and its user a member of the workspace. */
  mayEnter(sessionId: string, userId: UserId, workspaceId: WorkspaceId, now: number): Promise<boolean>;
};
