// Deployments as the agents' API shows them.

import type { Runtime, WorkloadState } from "../../../runtimes/runtime.ts";
import type { DeploymentStatus } from "../../contracts/agents-deployments.ts";
import { openTemplate } from "../../agents/revision-template.ts";
import type { DeployServices } from "../../agents/deploy-services.ts";
import type { Deployment, JobRun, RecordedStep, Revision } from "../../agents/deployment.ts";
import type { Workspace } from "../../workspaces/workspace.ts";
import { isoTime, optionalTime } from "../control/shown-values.ts";

/** An engine that does not answer must not hold up what is known without it. */
const workloadsMs = 5_000;

/** @param revisions those that the deployment's numbers name; a missing one shows no build, and as waiting. */
export function showSummary(
  { places }: Pick<DeployServices, "places">,
  workspace: Workspace,
  deployment: Deployment,
  revisions: ReadonlyMap<number, Pick<Revision, "buildId" | "status">>,
) {
  const number = deployment.servingRevision ?? deployment.revision;
  return {
    id: deployment.id,
    name: deployment.blueprintName,
    display_name: deployment.displayName,
    build_id: revisions.get(number)?.buildId ?? "",
    namespace: deployment.label,
    status: deployment.status,
    status_reason: deployment.statusReason ?? null,
    created_at: isoTime(deployment.createdAt),
    updated_at: isoTime(deployment.updatedAt),
    account: workspace.slug,
    revision: deployment.revision,
    serving_revision: deployment.servingRevision ?? null,
    newest_status: revisions.get(deployment.revision)?.status ?? "pending",
    external_urls: showUrls(places, deployment),
  };
}

const waiting: Readonly<Record<Exclude<DeploymentStatus, "active">, string>> = {
  pending: "It waits for its turn.",
  provisioning: "Its containers are being brought up.",
  failed: "Its last revision failed.",
  scaled_down: "Its containers were taken away; waking it brings them back.",
  stopped: "It is paused.",
  suspended: "The workspace is suspended.",
  undeploying: "It is being taken away.",
  undeployed: "It was taken away.",
};

function showUrls(places: DeployServices["places"], { door, status, label }: Deployment) {
  const url = places.frontendUrl(label);
  if (door === undefined || url === undefined || status === "undeployed") return [];
  const message = status === "active" ? "" : waiting[status];
  return [{ name: door.workload, url, type: door.kind, ready: status === "active", message }];
}

/** Names and references only: values of a template are never shown. */
export function showRevision(services: Pick<DeployServices, "sealingKey">, revision: Revision) {
  const template = openTemplate(services, revision.deploymentId, revision.sealedTemplate);
  const variables = Object.entries(template?.variables ?? {}).map(
    ([name, given]) => [name, { ref: "ref" in given ? given.ref : null }] as const,
  );
  return {
    revision: revision.number,
    build_id: revision.buildId,
    status: revision.status,
    reason: revision.reason,
    from_revision: revision.fromRevision ?? null,
    failure: revision.failure ?? null,
    created_at: isoTime(revision.createdAt),
    created_by: revision.createdBy,
    serving_from: optionalTime(revision.servingFrom),
    serving_to: optionalTime(revision.servingTo),
    interfaces: template?.interfaces ?? { adapters: [] },
    models: template?.models ?? {},
    schedules: template?.schedules ?? {},
    variables: Object.fromEntries(variables),
  };
}

export function showStep({ at, kind, workload, message }: RecordedStep) {
  return { at: isoTime(at), kind, workload: workload ?? null, message };
}

export function showJobRun(run: JobRun) {
  return {
    id: run.id,
    job: run.job,
    trigger: run.trigger,
    status: run.status,
    exit_code: run.exitCode ?? null,
    message: run.message ?? null,
    created_at: isoTime(run.createdAt),
    started_at: optionalTime(run.startedAt),
    ended_at: optionalTime(run.endedAt),
  };
}

export type AskedWorkloads = {
  readonly states: readonly WorkloadState[];
  /** Why they are not known; undefined when they are. */
  readonly problem: string | undefined;
};

/** What runs, or why that is not known. */
export async function askWorkloads(services: DeployServices, deployment: Deployment): Promise<AskedWorkloads> {
  if (deployment.status === "undeployed") return { states: [], problem: undefined };
  if (services.runtime === undefined) return { states: [], problem: "This server runs no agents." };
  const late = Bun.sleep(workloadsMs).then(() => "late" as const);
  try {
    const states = await Promise.race([services.runtime().then((runtime) => listed(runtime, deployment)), late]);
    return states === "late" ? { states: [], problem: "The engine does not answer." } : { states, problem: undefined };
  } catch (error) {
    return { states: [], problem: error instanceof Error ? error.message : "The engine cannot be asked." };
  }
}

function listed(runtime: Runtime, { label }: Deployment): Promise<readonly WorkloadState[]> {
  return runtime.workloads(label);
}

export function showWorkload(state: WorkloadState) {
  return {
    name: state.name,
    component: state.component,
    pod_name: state.instance,
    containers: [{ name: state.name }],
    state: state.state,
    message: state.message ?? null,
    restarts: state.restarts,
  };
}

/** An agent that should serve, and of which the engine has nothing running, was taken away by somebody else. */
export function seenStatus({ status }: Deployment, { states, problem }: AskedWorkloads): DeploymentStatus {
  const agents = states.filter(({ component }) => component === "agent");
  const isGone = problem === undefined && agents.every(({ state }) => state === "stopped");
  return status === "active" && isGone ? "scaled_down" : status;
}
