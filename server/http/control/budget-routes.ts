// Routes for what budgets have left, and for the feed of events of a workspace.

import { listSchema } from "../../contracts/control.ts";
import { budgetStatusSchema, eventQuerySchema, eventSchema } from "../../contracts/control-workspaces.ts";
import type { WorkspaceEvent } from "../../contracts/events.ts";
import { asId, type EventId, type KeyId } from "../../contracts/ids.ts";
import { getKey } from "../../keys/manage-keys.ts";
import { formatUsd } from "../../money/picodollars.ts";
import { budgetUse, type BudgetUse } from "../../workspaces/budget-status.ts";
import { readers } from "./access.ts";
import { noBody, noQuery, workspaceRoute } from "./declared-route.ts";
import { page } from "./pages.ts";
import { isoTime } from "./shown-values.ts";

export const budgetRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/budget",
    auth: readers,
    tag: "Budgets",
    summary: "Get a workspace's budget status",
    description: "What is spent and held in the present day and month. Set the budget itself with the workspace.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: budgetStatusSchema,
    handle: async ({ workspace: { id, budget }, services }) => {
      const limits = { owner: `workspace:${id}`, budget, spendLimit: undefined };
      const periods = (await budgetUse(services.budgets, limits, services.now())).map(showUse);
      return {
        object: "budget_status" as const,
        owner: "workspace" as const,
        owner_id: id,
        budget: budget ?? null,
        periods,
      };
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/keys/:key/budget",
    auth: readers,
    tag: "Budgets",
    summary: "Get a key's budget status",
    description: "What is spent and held in the present day and month, and of its spend limit.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: budgetStatusSchema,
    handle: async ({ workspace, param, services }) => {
      const { id, budget, spendLimit } = await getKey(services.keys, workspace.id, asId<KeyId>(param("key")));
      const limits = { owner: `key:${id}`, budget, spendLimit };
      const periods = (await budgetUse(services.budgets, limits, services.now())).map(showUse);
      return { object: "budget_status" as const, owner: "key" as const, owner_id: id, budget: budget ?? null, periods };
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/events",
    auth: readers,
    tag: "Events",
    summary: "List events",
    description: "Newest first. Events are kept for 30 days.",
    query: eventQuerySchema,
    body: noBody,
    status: 200,
    response: listSchema(eventSchema),
    handle: ({ workspace, query, services }) =>
      page(
        query,
        (cursor, limit) => {
          const before = cursor === undefined ? undefined : asId<EventId>(cursor);
          return services.events.list(workspace.id, { before, limit, type: query.type });
        },
        (event) => event.id,
        (events) => events.map(showEvent),
      ),
  }),
];

function showUse({ period, limit, spent, pledged, resetsAt }: BudgetUse) {
  return {
    period,
    limit_usd: formatUsd(limit),
    spent_usd: formatUsd(spent),
    held_usd: formatUsd(pledged),
    resets_at: resetsAt ?? null,
  };
}

function showEvent({ id, type, data, createdAt }: WorkspaceEvent) {
  return { object: "event" as const, id, type, data: { ...data }, created_at: isoTime(createdAt) };
}
