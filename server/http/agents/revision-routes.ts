// Routes for what a deployment ran before: its revisions, and the history of a blueprint in an account.

import { deploymentHistorySchema, revisionsSchema, revisionStepsSchema } from "../../contracts/agents-deployments.ts";
import { readableBlueprint } from "../../agents/builds.ts";
import { GatewayError } from "../../contracts/errors.ts";
import { readers } from "../control/access.ts";
import { accountRoute, deploymentRoute, noBody, noQuery } from "../control/declared-route.ts";
import { isoTime } from "../control/shown-values.ts";
import { showRevision, showStep } from "./shown-deployments.ts";

const tag = "Agents: deployments";
const mostRevisions = 200;
const reading = { method: "GET", auth: readers, tag, query: noQuery, body: noBody, status: 200 } as const;

export const revisionRoutes = [
  deploymentRoute({
    ...reading,
    path: "/api/v1/deployments/:deployment/revisions",
    summary: "List revisions of a deployment",
    description: "Newest first, with why one failed and when each served. Values are never shown.",
    response: revisionsSchema,
    errors: ["deployment_not_found"],
    handle: async ({ deployment, services }) => {
      const work = await services.deployments();
      const found = await work.records.revisions(deployment.id, mostRevisions);
      return { revisions: found.map((revision) => showRevision(work, revision)), count: found.length };
    },
  }),
  deploymentRoute({
    ...reading,
    path: "/api/v1/deployments/:deployment/revisions/:revision",
    summary: "Get a revision of a deployment",
    description: "With what its rollout did, oldest first.",
    response: revisionStepsSchema,
    errors: ["deployment_not_found"],
    handle: async ({ deployment, param, services }) => {
      const work = await services.deployments();
      const number = /^\d{1,9}$/.test(param("revision")) ? Number(param("revision")) : 0;
      const revision = await work.records.revision(deployment.id, number);
      if (revision === undefined) throw new GatewayError("not_found", `There is no revision ${param("revision")}.`);
      const steps = await work.records.steps(deployment.id, number);
      return { revision: showRevision(work, revision), steps: steps.map(showStep) };
    },
  }),
  accountRoute({
    ...reading,
    path: "/api/v1/agents/:account/:name/deployment/history",
    summary: "List the deployment history of a blueprint",
    description: "The revisions of all its deployments in the account, undeployed ones included, newest first.",
    response: deploymentHistorySchema,
    errors: ["blueprint_not_found"],
    handle: async ({ workspace, param, services }) => {
      const { records } = await services.deployments();
      const found = await records.history(workspace.id, param("name"), mostRevisions);
      // What was deployed stays known when its blueprint is gone.
      if (found.length === 0) await readableBlueprint(services.agents.registry, workspace.id, param("name"), true);
      const deployments = found.map(({ deployment, revision }) => ({
        id: deployment.id,
        agent_name: deployment.blueprintName,
        display_name: deployment.displayName,
        revision: revision.number,
        build_id: revision.buildId,
        status: revision.status,
        deployed_at: isoTime(revision.createdAt),
      }));
      return { deployments, count: deployments.length };
    },
  }),
];
