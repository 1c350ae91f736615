// Routes for money and what happened: credits, ledger entries, usage and traces of a workspace.

import { listSchema, pageQuerySchema } from "../../contracts/control.ts";
import {
  creditGrantSchema,
  creditsSchema,
  grantSchema,
  traceHeadlineSchema,
  updateCreditsSchema,
  usageRowSchema,
} from "../../contracts/control-workspaces.ts";
import { invalidField } from "../../contracts/errors.ts";
import { asId, type RequestId, type WorkspaceId } from "../../contracts/ids.ts";
import { formatUsd, noMoney, parseUsd, picodollars } from "../../money/picodollars.ts";
import type { TraceHeadline, UsageHeadline } from "../../workspaces/activity-records.ts";
import { grantCredit } from "../../workspaces/grant-credit.ts";
import { managers, operators, readers } from "./access.ts";
import { noBody, noQuery, workspaceRoute } from "./declared-route.ts";
import { page } from "./pages.ts";
import type { ControlServices } from "./services.ts";
import { isoTime } from "./shown-values.ts";

export const creditRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/credits",
    auth: readers,
    tag: "Credits",
    summary: "Get credits",
    query: noQuery,
    body: noBody,
    status: 200,
    response: creditsSchema,
    handle: ({ workspace, services }) => showCredits(services, workspace.id),
  }),
  workspaceRoute({
    method: "PATCH",
    path: "/api/workspaces/:workspace/credits",
    auth: managers,
    tag: "Credits",
    summary: "Update credit alerts",
    description: "Sets the balance below which a `credits.low` event is told. Counts from the next debit on.",
    query: noQuery,
    body: updateCreditsSchema,
    status: 200,
    response: creditsSchema,
    handle: async ({ workspace, body, services }) => {
      const { low_balance_threshold_usd: threshold } = body;
      if (threshold !== undefined) {
        await services.alerts.setLowBalanceThreshold(workspace.id, parseUsd(threshold ?? ""));
      }
      return showCredits(services, workspace.id);
    },
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/credits/grants",
    auth: operators,
    tag: "Credits",
    summary: "Grant credits",
    description: "Adds to the balance at once. With an `idempotency_key` a repeated call books nothing new.",
    query: noQuery,
    body: grantSchema,
    status: 201,
    response: creditGrantSchema,
    errors: ["conflict", "service_unavailable"],
    handle: async ({ workspace, body, services }) => {
      const amount = parseUsd(body.amount_usd);
      if (amount === undefined) throw invalidField("amount_usd", "decimal USD as text");
      const { memo, idempotency_key: idempotencyKey } = body;
      const credit = await grantCredit(services.credits, { workspaceId: workspace.id, amount, memo, idempotencyKey });
      return {
        object: "credit_grant" as const,
        entry_id: credit.id,
        amount_usd: formatUsd(credit.amount),
        memo: credit.memo,
        created_at: isoTime(credit.createdAt),
      };
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/usage",
    auth: readers,
    tag: "Usage",
    summary: "List usage",
    description: "One row for each request, newest first.",
    query: pageQuerySchema,
    body: noBody,
    status: 200,
    response: listSchema(usageRowSchema),
    handle: ({ workspace, query, services }) =>
      page(
        query,
        (cursor, limit) => services.activity.listUsage(workspace.id, { before: requestCursor(cursor), limit }),
        (row) => row.requestId,
        (rows) => rows.map(showUsage),
      ),
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/traces",
    auth: readers,
    tag: "Usage",
    summary: "List route traces",
    description: "Headlines, newest first. Requests whose stack keeps no traces are missing.",
    query: pageQuerySchema,
    body: noBody,
    status: 200,
    response: listSchema(traceHeadlineSchema),
    handle: ({ workspace, query, services }) =>
      page(
        query,
        (cursor, limit) => services.activity.listTraces(workspace.id, { before: requestCursor(cursor), limit }),
        (trace) => trace.requestId,
        (traces) => traces.map(showTrace),
      ),
  }),
];

async function showCredits(services: ControlServices, workspaceId: WorkspaceId) {
  const account = await services.credits.ledger.account(workspaceId);
  const [balance, held] = [account?.balance ?? noMoney, account?.held ?? noMoney];
  const threshold = account?.lowBalanceThreshold;
  return {
    object: "credits" as const,
    balance_usd: formatUsd(balance),
    held_usd: formatUsd(held),
    available_usd: formatUsd(picodollars(balance - held)),
    low_balance_threshold_usd: threshold === undefined ? null : formatUsd(threshold),
  };
}

function requestCursor(cursor: string | undefined): RequestId | undefined {
  return cursor === undefined ? undefined : asId<RequestId>(cursor);
}

function showUsage(row: UsageHeadline) {
  return {
    object: "usage" as const,
    request_id: row.requestId,
    key_id: row.keyId,
    created_at: isoTime(row.createdAt),
    protocol: row.protocol,
    requested_model: row.requestedModel,
    stack: row.stackSlug ?? null,
    stack_version: row.stackVersion ?? null,
    model: row.model ?? null,
    provider: row.provider ?? null,
    status: row.httpStatus,
    unbillable_reason: row.unbillableReason ?? null,
    input_tokens: row.tokens.input ?? null,
    cached_input_tokens: row.tokens.cachedInput ?? null,
    cache_write_tokens: row.tokens.cacheWrite ?? null,
    output_tokens: row.tokens.output ?? null,
    reasoning_tokens: row.tokens.reasoning ?? null,
    hold_usd: formatUsd(row.hold),
    debit_usd: formatUsd(row.debit),
    price_version: row.priceVersion,
    first_byte_ms: row.firstByteMs ?? null,
    total_ms: row.totalMs,
  };
}

function showTrace({ requestId, createdAt, expiresAt, usage }: TraceHeadline) {
  return {
    object: "trace_headline" as const,
    request_id: requestId,
    created_at: isoTime(createdAt),
    expires_at: isoTime(expiresAt),
    key_id: usage?.keyId ?? null,
    requested_model: usage?.requestedModel ?? null,
    model: usage?.model ?? null,
    provider: usage?.provider ?? null,
    status: usage?.httpStatus ?? null,
    debit_usd: usage === undefined ? null : formatUsd(usage.debit),
  };
}
