// What a deployment used of the gateway, in all and by revision.

import { deploymentUsageQuerySchema, deploymentUsageSchema } from "../../contracts/agents-logs.ts";
import { keysOfAgent } from "../../agents/attribution.ts";
import { formatUsd } from "../../money/picodollars.ts";
import { invalidField } from "../../contracts/errors.ts";
import type { KeyId, WorkspaceId } from "../../contracts/ids.ts";
import { readers } from "../control/access.ts";
import { deploymentRoute, noBody } from "../control/declared-route.ts";
import type { ControlServices } from "../control/services.ts";
import { isoTime } from "../control/shown-values.ts";

const usualMs = 30 * 86_400_000;
const longestMs = 366 * 86_400_000;
/** Revisions told apart, the newest. */
const mostRevisions = 20;

export const deploymentUsageRoutes = [
  deploymentRoute({
    method: "GET",
    path: "/api/v1/deployments/:deployment/usage",
    auth: readers,
    tag: "Agents: deployments",
    summary: "Get what a deployment used",
    description:
      "Of the gateway, by default in the last 30 days. A request counts for the revision that served when it arrived; " +
      `the newest ${mostRevisions} are told apart.`,
    query: deploymentUsageQuerySchema,
    body: noBody,
    status: 200,
    response: deploymentUsageSchema,
    errors: ["deployment_not_found"],
    handle: async ({ workspace, deployment, query, services }) => {
      const to = query.to === undefined ? services.now() : Date.parse(query.to);
      const from = query.from === undefined ? to - usualMs : Date.parse(query.from);
      if (from >= to || to - from > longestMs) throw invalidField("from", "before `to`, by at most 366 days");
      const work = await services.deployments();
      const keyIds = await keysOfAgent(services.agents.attribution, workspace.id, { deployment: deployment.id });
      const sums = (start: number, end: number) => sumsOf(services, workspace.id, keyIds ?? [], start, end);
      const total = await sums(from, to);
      const byRevision = [];
      for (const revision of await work.records.revisions(deployment.id, mostRevisions)) {
        const start = Math.max(from, revision.servingFrom ?? to);
        const end = Math.min(to, revision.servingTo ?? to);
        if (start >= end) continue;
        const { requests, debit } = await sums(start, end);
        byRevision.push({ revision: revision.number, requests, cost_usd: formatUsd(debit) });
      }
      return {
        deployment_id: deployment.id,
        from: isoTime(from),
        to: isoTime(to),
        requests: total.requests,
        failed: total.errors,
        input_tokens: total.inputTokens,
        output_tokens: total.outputTokens,
        cost_usd: formatUsd(total.debit),
        by_revision: byRevision,
      };
    },
  }),
];

async function sumsOf(
  { usage }: ControlServices,
  workspaceId: WorkspaceId,
  keyIds: readonly KeyId[],
  from: number,
  to: number,
) {
  const query = { interval: "day", groupBy: undefined, rankBy: "cost", top: 1 } as const;
  return (await usage.series(workspaceId, { ...query, filter: { from, to, keyIds } })).total;
}
