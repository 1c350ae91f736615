// Reads what the request path wrote: ledger entries, usage rows and traces, one page at a time.

import type { Kysely, Selectable } from "kysely";
import { asId, type EntryId, type RequestId, type WorkspaceId } from "../contracts/ids.ts";
import { counterparts, entryKinds } from "../ledger/operations.ts";
import { picodollars } from "../money/picodollars.ts";
import type {
  ActivityRecords,
  EntryHeadline,
  RequestPage,
  TraceHeadline,
  UsageHeadline,
} from "../workspaces/activity-records.ts";
import type { Tables } from "./database.ts";
import { optionalNumber, wordOf } from "./read-column.ts";
import { usageFactsOf, type UsageColumns } from "./usage-rows.ts";

export function activityStore(query: Kysely<Tables>): ActivityRecords {
  return {
    async findCredit(workspaceId, entryId) {
      const row = await query
        .selectFrom("ledger_entries")
        .selectAll()
        .where("id", "=", entryId)
        // In the words of the partial index on ids, or it would not be used.
        .where("kind", "<>", "debit")
        .executeTakeFirst();
      return row?.workspace_id === workspaceId ? entryFromRow(row) : undefined;
    },
    async listEntries(workspaceId, { before, limit }) {
      let select = query.selectFrom("ledger_entries").selectAll().where("workspace_id", "=", workspaceId);
      if (before !== undefined) select = select.where("sequence", "<", before);
      return (await select.orderBy("sequence", "desc").limit(limit).execute()).map(entryFromRow);
    },
    async listUsage(workspaceId, { before, limit }) {
      let select = query.selectFrom("usage_rows").selectAll().where("workspace_id", "=", workspaceId);
      if (before !== undefined) select = select.where("request_id", "<", before);
      return (await select.orderBy("request_id", "desc").limit(limit).execute()).map(usageFromRow);
    },
    listTraces: (workspaceId, page) => listTraces(query, workspaceId, page),
  };
}

/** The headline comes from the usage row: the trace itself may be large and is not read. */
async function listTraces(
  query: Kysely<Tables>,
  workspaceId: WorkspaceId,
  { before, limit }: RequestPage,
): Promise<TraceHeadline[]> {
  let select = query
    .selectFrom("route_traces")
    .select(["request_id", "created_at", "expires_at"])
    .where("workspace_id", "=", workspaceId);
  if (before !== undefined) select = select.where("request_id", "<", before);
  const traces = await select.orderBy("request_id", "desc").limit(limit).execute();
  if (traces.length === 0) return [];
  const requestIds = traces.map((trace) => trace.request_id);
  const rows = await query
    .selectFrom("usage_rows")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .where("request_id", "in", requestIds)
    .execute();
  const usage = new Map(rows.map((row) => [row.request_id, usageFromRow(row)]));
  return traces.map((trace) => ({
    requestId: asId<RequestId>(trace.request_id),
    createdAt: Number(trace.created_at),
    expiresAt: Number(trace.expires_at),
    usage: usage.get(trace.request_id),
  }));
}

export function entryFromRow(row: Selectable<Tables["ledger_entries"]>): EntryHeadline {
  return {
    id: asId<EntryId>(row.id),
    workspaceId: asId<WorkspaceId>(row.workspace_id),
    sequence: Number(row.sequence),
    kind: wordOf(entryKinds, row.kind),
    counterpart: wordOf(counterparts, row.counterpart),
    amount: picodollars(row.amount),
    balanceAfter: picodollars(row.balance_after),
    requestId: row.request_id === null ? undefined : asId<RequestId>(row.request_id),
    memo: row.memo,
    createdAt: Number(row.created_at),
    priceVersion: row.price_version ?? undefined,
    uncollected: picodollars(row.uncollected),
    hash: row.hash,
  };
}

function usageFromRow(row: UsageColumns): UsageHeadline {
  return {
    ...usageFactsOf(row),
    tokens: {
      input: optionalNumber(row.input_tokens),
      cachedInput: optionalNumber(row.cached_input_tokens),
      cacheWrite: optionalNumber(row.cache_write_tokens),
      output: optionalNumber(row.output_tokens),
      reasoning: optionalNumber(row.reasoning_tokens),
    },
  };
}
