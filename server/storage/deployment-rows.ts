// Rows of deployments, their revisions, steps and job runs, and what they are to the domain.

import type { Insertable, Selectable } from "kysely";
import { z } from "zod";
import type { Deployment, JobRun, RecordedStep, Revision } from "../agents/deployment.ts";
import { jobRunStatuses, jobTriggers, wishes } from "../agents/deployment.ts";
import type { NewRevision } from "../agents/deployment-records.ts";
import {
  deploymentStatuses,
  failureSchema,
  revisionReasons,
  revisionStatuses,
} from "../contracts/agents-deployments.ts";
import { asId, type DeploymentId, type JobRunId, type WorkspaceId } from "../contracts/ids.ts";
import { parseJson } from "../contracts/json.ts";
import type { DeploymentTables } from "./deployment-tables.ts";
import { optionalNumber, wordOf } from "./read-column.ts";

const doorSchema = z.strictObject({
  access: z.enum(["members", "public"]),
  kind: z.enum(["frontend", "messaging"]),
  workload: z.string(),
  port: z.number(),
});

export function deploymentFromRow(row: Selectable<DeploymentTables["deployments"]>): Deployment {
  return {
    id: asId<DeploymentId>(row.id),
    workspaceId: asId<WorkspaceId>(row.workspace_id),
    blueprintId: row.blueprint_id,
    blueprintName: row.blueprint_name,
    displayName: row.display_name,
    label: row.label,
    status: wordOf(deploymentStatuses, row.status),
    statusReason: row.status_reason ?? undefined,
    wish: wordOf(wishes, row.wish),
    revision: Number(row.revision),
    servingRevision: optionalNumber(row.serving_revision),
    door: row.door === null ? undefined : doorSchema.parse(parseJson(row.door)),
    sealedValues: row.sealed_values ?? undefined,
    version: Number(row.version),
    createdBy: row.created_by,
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  };
}

/** As it is stored at first: pending, and due at once. */
export function newDeploymentRow(deployment: Deployment): Insertable<DeploymentTables["deployments"]> {
  return {
    id: deployment.id,
    workspace_id: deployment.workspaceId,
    blueprint_id: deployment.blueprintId,
    blueprint_name: deployment.blueprintName,
    display_name: deployment.displayName,
    label: deployment.label,
    status: deployment.status,
    status_reason: null,
    status_since: deployment.createdAt,
    wish: deployment.wish,
    revision: deployment.revision,
    serving_revision: null,
    running: 0,
    door: deployment.door === undefined ? null : JSON.stringify(deployment.door),
    sealed_values: null,
    version: deployment.version,
    due_at: deployment.createdAt,
    tries: 0,
    lease_by: null,
    lease_until: 0,
    created_by: deployment.createdBy,
    created_at: deployment.createdAt,
    updated_at: deployment.updatedAt,
  };
}

export function revisionFromRow(row: Selectable<DeploymentTables["deployment_revisions"]>): Revision {
  return {
    deploymentId: asId<DeploymentId>(row.deployment_id),
    number: Number(row.number),
    buildId: row.build_id,
    status: wordOf(revisionStatuses, row.status),
    reason: wordOf(revisionReasons, row.reason),
    fromRevision: optionalNumber(row.from_revision),
    failure: row.failure === null ? undefined : failureSchema.parse(parseJson(row.failure)),
    sealedTemplate: row.sealed_template,
    createdBy: row.created_by,
    createdAt: Number(row.created_at),
    startedAt: optionalNumber(row.started_at),
    servingFrom: optionalNumber(row.serving_from),
    servingTo: optionalNumber(row.serving_to),
  };
}

export function newRevisionRow(
  id: DeploymentId,
  number: number,
  revision: NewRevision,
): Insertable<DeploymentTables["deployment_revisions"]> {
  return {
    deployment_id: id,
    number,
    build_id: revision.buildId,
    status: "pending",
    reason: revision.reason,
    from_revision: revision.fromRevision ?? null,
    failure: null,
    sealed_template: revision.sealedTemplate,
    vault_names: JSON.stringify(revision.vaultNames),
    created_by: revision.createdBy,
    created_at: revision.createdAt,
    started_at: null,
    serving_from: null,
    serving_to: null,
  };
}

export function stepFromRow(row: Selectable<DeploymentTables["deployment_steps"]>): RecordedStep {
  return { at: Number(row.at), kind: row.kind, workload: row.workload ?? undefined, message: row.message };
}

export function jobRunFromRow(row: Selectable<DeploymentTables["job_runs"]>): JobRun {
  return {
    id: asId<JobRunId>(row.id),
    deploymentId: asId<DeploymentId>(row.deployment_id),
    job: row.job,
    trigger: wordOf(jobTriggers, row.started_by),
    status: wordOf(jobRunStatuses, row.status),
    exitCode: optionalNumber(row.exit_code),
    message: row.message ?? undefined,
    createdAt: Number(row.created_at),
    startedAt: optionalNumber(row.started_at),
    endedAt: optionalNumber(row.ended_at),
  };
}

export function jobRunRow(run: JobRun): Insertable<DeploymentTables["job_runs"]> {
  return {
    id: run.id,
    deployment_id: run.deploymentId,
    job: run.job,
    started_by: run.trigger,
    status: run.status,
    exit_code: run.exitCode ?? null,
    message: run.message ?? null,
    lease_by: null,
    lease_until: 0,
    created_at: run.createdAt,
    started_at: run.startedAt ?? null,
    ended_at: run.endedAt ?? null,
  };
}
