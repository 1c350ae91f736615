// Routes for what happened: traces, usage by request, usage over time and its export.

import { readPriceList } from "../../audit/price-lists.ts";
import { listSchema } from "../../contracts/control.ts";
import {
  exportQuerySchema,
  seriesQuerySchema,
  traceDetailSchema,
  traceHeadlineSchema,
  usageListQuerySchema,
  usageNamesSchema,
  usageRowSchema,
  usageSeriesSchema,
} from "../../contracts/control-activity.ts";
import { z } from "zod";
import { GatewayError } from "../../contracts/errors.ts";
import { asId, type KeyId, type RequestId, type WorkspaceId } from "../../contracts/ids.ts";
import { holdersOf } from "../../agents/attribution.ts";
import { alternativesOf } from "../../traces/alternatives.ts";
import { renderTrace, type TraceRows } from "../../traces/render-trace.ts";
import { sentHeaders } from "../../traces/sent-headers.ts";
import type { Grouping } from "../../workspaces/usage-records.ts";
import { readers } from "./access.ts";
import { noBody, noQuery, workspaceRoute } from "./declared-route.ts";
import type { ControlServices } from "./services.ts";
import { type Holders, optionalUsd, showHeadline, showUsage } from "./shown-usage.ts";
import { usageFilterOf } from "./usage-filters.ts";
import { keyNames, seriesFor } from "./usage-series.ts";
import { optionalTime } from "./shown-values.ts";
import { exportMedia, exportUsage } from "./usage-export.ts";

const tag = "Usage";
const namesOfMs = 30 * 86_400_000;
const filtered = "A search under a filter may end before its page is full: read on with `next_cursor`.";

export const activityRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/traces",
    auth: readers,
    tag,
    summary: "List traces",
    description: `Headlines of all requests, refused ones included, newest first. ${filtered}`,
    query: usageListQuerySchema,
    body: noBody,
    status: 200,
    response: listSchema(traceHeadlineSchema),
    handle: async ({ workspace, query, services }) => {
      const filter = await usageFilterOf(services, workspace.id, query);
      const { rows, next } = await services.usage.find(workspace.id, filter, pageOf(query));
      const ids = rows.map(({ requestId }) => requestId);
      const keyIds = rows.map(({ keyId }) => keyId);
      const [expiries, names, holders] = await Promise.all([
        services.usage.traceExpiries(workspace.id, ids),
        keyNames(services, workspace.id, keyIds),
        holdersOf(services.agents.attribution, workspace.id, keyIds),
      ]);
      const shown = rows.map((row) => {
        const { keyId, requestId } = row;
        const facts = { keyName: names.get(keyId), expiresAt: expiries.get(requestId), holder: holders.get(keyId) };
        return showHeadline(row, facts);
      });
      return listOf(shown, next);
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/traces/:request",
    auth: readers,
    tag,
    summary: "Get a trace",
    description: "The whole trace, with its key, its ledger entry, its headers and what other models would have cost.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: traceDetailSchema,
    handle: async ({ workspace, param, services }) => {
      const requestId = asId<RequestId>(param("request"));
      const rows = await services.traces.rows(workspace.id, requestId);
      if (!rows) throw new GatewayError("not_found", "This workspace has no request with that id.");
      return showTrace(services, workspace.id, rows);
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/usage",
    auth: readers,
    tag,
    summary: "List usage",
    description: `One row for each request, newest first. ${filtered}`,
    query: usageListQuerySchema,
    body: noBody,
    status: 200,
    response: listSchema(usageRowSchema),
    handle: async ({ workspace, query, services }) => {
      const filter = await usageFilterOf(services, workspace.id, query);
      const { rows, next } = await services.usage.find(workspace.id, filter, pageOf(query));
      const keyIds = rows.map(({ keyId }) => keyId);
      const holders = await holdersOf(services.agents.attribution, workspace.id, keyIds);
      return listOf(
        rows.map((row) => showUsage(row, holders)),
        next,
      );
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/usage/series",
    auth: readers,
    tag,
    summary: "Get usage over time",
    description:
      "Sums by hour, day or month in UTC, for all requests or by group. Exact, but for the percentiles, which are estimated from ranges. Without `from` it covers the last 24 hours, 30 days or 12 months.",
    query: seriesQuerySchema,
    body: noBody,
    status: 200,
    response: usageSeriesSchema,
    handle: ({ workspace, query, services }) => seriesFor(services, workspace.id, query),
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/usage/names",
    auth: readers,
    tag,
    summary: "List names in usage",
    description: "What the requests of the last 30 days can be filtered by: models, keys, stacks and the like.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: usageNamesSchema,
    handle: async ({ workspace, services }) => {
      const names = await services.usage.names(workspace.id, services.now() - namesOfMs);
      const keys = (names.get("key") ?? []).map((id) => asId<KeyId>(id));
      const [labels, holders] = await Promise.all([
        keyNames(services, workspace.id, keys),
        holdersOf(services.agents.attribution, workspace.id, keys),
      ]);
      const plain = (grouping: Grouping) => (names.get(grouping) ?? []).map((name) => ({ name, label: name }));
      return {
        object: "usage_names" as const,
        model: plain("model"),
        key: keys.map((id) => ({ name: id, label: labels.get(id) ?? id })),
        stack: plain("stack"),
        category: plain("category"),
        provider: plain("provider"),
        ...agentNames(holders),
      };
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/usage/export",
    auth: readers,
    tag,
    summary: "Export usage",
    description: "Every request that matches, newest first, as a file of CSV or of JSON lines.",
    query: exportQuerySchema,
    body: noBody,
    status: 200,
    media: exportMedia.csv,
    response: z.string(),
    handle: async ({ workspace, query, services }) => {
      const { format, ...asked } = query;
      const filter = await usageFilterOf(services, workspace.id, asked);
      const holders = (keyIds: readonly KeyId[]) => holdersOf(services.agents.attribution, workspace.id, keyIds);
      return exportUsage(services.usage, workspace.id, { format, filter, holders });
    },
  }),
];

function pageOf({ cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number }) {
  return { before: cursor === undefined ? undefined : asId<RequestId>(cursor), limit };
}

function listOf<Item>(data: Item[], next: RequestId | undefined) {
  return { object: "list" as const, data, has_more: next !== undefined, next_cursor: next ?? null };
}

/** The agents and the deployments among those whom keys belong to, by name. */
function agentNames(holders: Holders) {
  const deployed = [...holders.values()].flatMap((holder) => (holder.kind === "deployment" ? [holder] : []));
  const deployments = new Map(deployed.map(({ deploymentId, name }) => [deploymentId, name]));
  return {
    agent: [...new Set(deployed.map(({ agent }) => agent))].toSorted().map((name) => ({ name, label: name })),
    deployment: [...deployments].map(([name, label]) => ({ name, label })),
  };
}

async function showTrace(services: ControlServices, workspaceId: WorkspaceId, rows: TraceRows) {
  const { usage, calls, stored } = rows;
  const { requestId } = usage;
  const [names, prices, expiries] = await Promise.all([
    keyNames(services, workspaceId, [usage.keyId]),
    services.prices.find(usage.priceVersion),
    services.usage.traceExpiries(workspaceId, [requestId]),
  ]);
  const alternatives = alternativesOf(stored?.plan, calls, usage.usage, readPriceList(prices ?? "{}"));
  return {
    object: "trace" as const,
    trace: { ...renderTrace(rows) },
    key_id: usage.keyId,
    key_name: names.get(usage.keyId) ?? null,
    ledger_entry_id: rows.entryId ?? null,
    ledger_sequence: usage.entrySequence ?? null,
    first_byte_ms: usage.firstByteMs ?? null,
    total_ms: usage.totalMs,
    expires_at: optionalTime(expiries.get(requestId)),
    headers: sentHeaders(rows),
    alternatives: alternatives.map(({ model, provider, role, cost, difference }) => ({
      model,
      provider: provider ?? null,
      role,
      cost_usd: optionalUsd(cost),
      difference_usd: optionalUsd(difference),
    })),
  };
}
