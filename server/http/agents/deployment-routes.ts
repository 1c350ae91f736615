// Routes for deployments that are there: listing and looking at them, pausing, waking, going back, taking them away.

import { usesGateway } from "../../../blueprint/blueprint.ts";
import {
  changedDeploymentSchema,
  deploymentAnswerSchema,
  deploymentsSchema,
  listDeploymentsQuerySchema,
  restartedSchema,
  rollbackRequestSchema,
  undeployRequestSchema,
} from "../../contracts/agents-deployments.ts";
import { accessOf } from "../../agents/agent-choices.ts";
import {
  redeploy,
  restartWorkload,
  rollBack,
  stopDeployment,
  undeploy,
  wakeDeployment,
} from "../../agents/change-deployment.ts";
import type { DeployServices } from "../../agents/deploy-services.ts";
import type { Deployment } from "../../agents/deployment.ts";
import { findDeployment, noDeployment } from "../../agents/find-deployment.ts";
import { openTemplate } from "../../agents/revision-template.ts";
import type { Workspace } from "../../workspaces/workspace.ts";
import { authorOf, builders, readers, signedIn, type Caller } from "../control/access.ts";
import { accountOf, admitTo, noAccount } from "../control/authorize.ts";
import { controlRoute, deploymentRoute, noBody, noQuery } from "../control/declared-route.ts";
import type { ControlServices } from "../control/services.ts";
import { getWorkspace } from "../../workspaces/manage-workspaces.ts";
import { showJobs } from "./shown-jobs.ts";
import { askWorkloads, seenStatus, showRevision, showStep, showSummary, showWorkload } from "./shown-deployments.ts";

const tag = "Agents: deployments";
const mostListed = 200;
const path = "/api/v1/deployments/:deployment";

const changing = {
  method: "POST",
  auth: builders,
  tag,
  query: noQuery,
  body: noBody,
  status: 200,
  response: changedDeploymentSchema,
} as const;
const suspended = ["deployment_not_found", "account_suspended", "access_pending"] as const;
const starting = [...suspended, "service_unavailable"] as const;

export const deploymentRoutes = [
  controlRoute({
    method: "GET",
    path: "/api/v1/deployments",
    auth: signedIn,
    tag,
    summary: "List deployments",
    description: "Of one account, newest first. Undeployed ones are left out.",
    query: listDeploymentsQuerySchema,
    body: noBody,
    status: 200,
    response: deploymentsSchema,
    errors: ["account_not_found"],
    handle: async ({ query, caller, services }) => {
      const workspace = await accountNamed(services, query.account, caller);
      const work = await services.deployments();
      const found = await work.records.list(workspace.id, mostListed);
      const deployments = await Promise.all(found.map((deployment) => summaryOf(work, workspace, deployment)));
      return { deployments, count: deployments.length };
    },
  }),
  deploymentRoute({
    method: "GET",
    path,
    auth: readers,
    tag,
    summary: "Get a deployment",
    description: "With what runs of it, and what the rollout of its newest revision did.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: deploymentAnswerSchema,
    errors: ["deployment_not_found"],
    handle: async ({ workspace, deployment, services }) => ({
      deployment: await showDeployment(await services.deployments(), workspace, deployment),
    }),
  }),
  deploymentRoute({
    ...changing,
    path: `${path}/stop`,
    summary: "Pause a deployment",
    description: "Its containers end; its data, its key and its address stay. A job that runs is ended too.",
    errors: ["deployment_not_found"],
    handle: async ({ deployment, services }) => changed(await stopDeployment(await services.deployments(), deployment)),
  }),
  deploymentRoute({
    ...changing,
    path: `${path}/wakeup`,
    summary: "Wake a deployment",
    description: "Also brings back containers that somebody else took away.",
    errors: starting,
    handle: async ({ workspace, deployment, services }) =>
      changed(await wakeDeployment(await services.deployments(), workspace, deployment)),
  }),
  deploymentRoute({
    ...changing,
    path: `${path}/rollback`,
    summary: "Roll a deployment back",
    description: "Makes a new revision that runs what an older one ran: its build, its values and its choices.",
    body: rollbackRequestSchema,
    errors: [...starting, "build_not_found"],
    handle: async ({ workspace, deployment, body, caller, services }) => {
      const work = await services.deployments();
      await rollBack(work, workspace, deployment, body?.revision, authorOf(caller));
      return changed(await findDeployment(work.records, deployment.id));
    },
  }),
  deploymentRoute({
    ...changing,
    path: `${path}/redeploy`,
    summary: "Redeploy a deployment",
    description: "Makes a new revision of the same build and choices; values of the vault are read anew.",
    errors: starting,
    handle: async ({ workspace, deployment, caller, services }) => {
      const work = await services.deployments();
      await redeploy(work, workspace, deployment, authorOf(caller));
      return changed(await findDeployment(work.records, deployment.id));
    },
  }),
  deploymentRoute({
    ...changing,
    path: `${path}/pods/:pod/restart`,
    summary: "Restart a workload",
    description: "By the name of one of its containers or pods, or by its own.",
    response: restartedSchema,
    errors: [...starting, "conflict"],
    handle: async ({ workspace, deployment, param, services }) => {
      const work = await services.deployments();
      const workload = await restartWorkload(work, workspace, deployment, param("pod"));
      return { deployment_id: deployment.id, workload, status: "restarted" as const };
    },
  }),
  controlRoute({
    ...changing,
    auth: signedIn,
    path: "/api/v1/undeploy",
    summary: "Undeploy a deployment",
    description:
      "Its key ends at once, then its containers, its data and its address go. Repeating it changes nothing; where the " +
      "engine cannot be reached the server goes on until it is done.",
    body: undeployRequestSchema,
    errors: ["deployment_not_found"],
    handle: async ({ body, caller, services }) => {
      const work = await services.deployments();
      const deployment = await findDeployment(work.records, body.deployment_id);
      await admitTo(deployment.workspaceId, builders, caller, services.members.records, () =>
        noDeployment(body.deployment_id),
      );
      return changed(await undeploy(work, deployment));
    },
  }),
];

/** @throws GatewayError account_not_found for strangers, forbidden */
export async function accountNamed(services: ControlServices, name: string, caller: Caller): Promise<Workspace> {
  const found = await accountOf(name, services.workspaces);
  if (found === undefined) throw noAccount(name);
  await admitTo(found.id, readers, caller, services.members.records, () => noAccount(name));
  return getWorkspace(services.workspaces, found.id);
}

function changed({ id, status, revision, workspaceId }: Deployment) {
  return { deployment_id: id, status, revision, workspace_id: workspaceId };
}

async function summaryOf(work: DeployServices, workspace: Workspace, deployment: Deployment) {
  return showSummary(work, workspace, deployment, await namedRevisions(work, deployment));
}

async function namedRevisions({ records }: DeployServices, { id, revision, servingRevision }: Deployment) {
  const numbers = [...new Set([revision, servingRevision ?? revision])];
  const found = await Promise.all(numbers.map((number) => records.revision(id, number)));
  return new Map(found.flatMap((one) => (one === undefined ? [] : [[one.number, one] as const])));
}

async function showDeployment(work: DeployServices, workspace: Workspace, deployment: Deployment) {
  const { id, revision, servingRevision } = deployment;
  const [revisions, steps, asked, key] = await Promise.all([
    namedRevisions(work, deployment),
    work.records.steps(id, revision),
    askWorkloads(work, deployment),
    work.keys.shown(id),
  ]);
  const newest = revisions.get(revision);
  const running = revisions.get(servingRevision ?? revision);
  if (newest === undefined || running === undefined) throw new Error(`${id} has no revision ${revision}.`);
  const template = openTemplate(work, id, running.sealedTemplate);
  const build = await work.builds.find(deployment.blueprintId, running.buildId).catch(() => undefined);
  const blueprint = build && (await work.blueprints()).read(build.specContent);
  return {
    ...showSummary(work, workspace, deployment, revisions),
    status: seenStatus(deployment, asked),
    created_by: deployment.createdBy,
    access: template === undefined ? ("none" as const) : accessOf(template.interfaces),
    messaging_available: asked.states.some(({ component, state }) => component === "messaging" && state === "running"),
    uses_gateway: blueprint !== undefined && usesGateway(blueprint),
    gateway_key: key ?? null,
    workloads: asked.states.map(showWorkload),
    workloads_problem: asked.problem ?? null,
    newest: showRevision(work, newest),
    steps: steps.map(showStep),
    jobs: await showJobs(work, deployment, blueprint, template),
  };
}
