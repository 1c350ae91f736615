// Stored traces on any engine. A request whose stack kept no trace is answered from its billing records.

import type { Kysely, Selectable } from "kysely";
import type { JsonObject } from "../contracts/json.ts";
import { parseObject } from "../contracts/json.ts";
import { formatUsd, picodollars } from "../money/picodollars.ts";
import type { TraceStore } from "../traces/trace-store.ts";
import type { Tables } from "./database.ts";
import { readEntryLines } from "./ledger-rows.ts";

const prunedAtOnce = 2_000;

export function traceStore(query: Kysely<Tables>): TraceStore {
  let cursor = "";
  return {
    async find(workspaceId, requestId) {
      const row = await query
        .selectFrom("route_traces")
        .select("trace")
        .where("request_id", "=", requestId)
        .where("workspace_id", "=", workspaceId)
        .executeTakeFirst();
      return row ? parseObject(row.trace) : billingOnly(query, workspaceId, requestId);
    },
    async prune(nowMs) {
      const rows = await query
        .selectFrom("route_traces")
        .select(["request_id", "expires_at"])
        .where("request_id", ">", cursor)
        .orderBy("request_id")
        .limit(prunedAtOnce)
        .execute();
      cursor = rows.length < prunedAtOnce ? "" : (rows.at(-1)?.request_id ?? "");
      const expired = rows.filter((row) => Number(row.expires_at) <= nowMs).map((row) => row.request_id);
      if (expired.length > 0) await query.deleteFrom("route_traces").where("request_id", "in", expired).execute();
    },
  };
}

async function billingOnly(
  query: Kysely<Tables>,
  workspaceId: string,
  requestId: string,
): Promise<JsonObject | undefined> {
  const usage = await query
    .selectFrom("usage_rows")
    .selectAll()
    .where("request_id", "=", requestId)
    .where("workspace_id", "=", workspaceId)
    .executeTakeFirst();
  if (!usage) return undefined;
  const entry = await query
    .selectFrom("ledger_entries")
    .select("lines")
    .where("workspace_id", "=", workspaceId)
    .where("sequence", "=", usage.entry_sequence ?? 0)
    .executeTakeFirst();
  return {
    object: "route_trace",
    request_id: requestId,
    workspace: workspaceId,
    created_at: new Date(Number(usage.created_at)).toISOString(),
    protocol: usage.protocol,
    requested_model: usage.requested_model,
    status: Number(usage.http_status),
    warnings: ["the stack keeps no route traces, or this one is past its retention; these are the billing records"],
    attempts: [],
    billing: describeBilling(usage, entry?.lines ?? "[]"),
  };
}

function describeBilling(usage: Selectable<Tables["usage_rows"]>, lines: string): JsonObject {
  return {
    status: usage.billing_status,
    ...(usage.unbillable_reason === null ? {} : { reason: usage.unbillable_reason }),
    hold_usd: formatUsd(picodollars(usage.hold)),
    debit_usd: formatUsd(picodollars(usage.debit)),
    price_version: usage.price_version,
    lines: readEntryLines(lines).map(({ model, provider, unit, count, unitPrice, amount }) => ({
      model,
      provider,
      unit,
      count,
      unit_price_usd: formatUsd(unitPrice),
      amount_usd: formatUsd(amount),
    })),
  };
}
