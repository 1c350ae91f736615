// Stored traces on any engine: put together from the rows of their request.

import type { Kysely } from "kysely";
import { asId, type EntryId, type KeyId, type RequestId, type WorkspaceId } from "../contracts/ids.ts";
import { parseObject } from "../contracts/json.ts";
import type { TraceAgent } from "../contracts/route-trace.ts";
import { readEntryLines } from "../ledger/entry-lines.ts";
import type { UsageRow } from "../ledger/request-record.ts";
import { noMoney, picodollars } from "../money/picodollars.ts";
import { renderTrace, type TraceRows } from "../traces/render-trace.ts";
import { openText } from "../traces/sealed-text.ts";
import type { StoredTrace } from "../traces/stored-trace.ts";
import type { TraceStore } from "../traces/trace-store.ts";
import type { Tables } from "./database.ts";
import { readModelCalls } from "./model-calls.ts";
import { optionalNumber } from "./read-column.ts";
import { findSealedText } from "./text-store.ts";
import { usageFactsOf, usageOf, type UsageColumns } from "./usage-rows.ts";

/** Which agent sent a request with this key at that time (Unix milliseconds). */
export type AgentOfKey = (workspaceId: WorkspaceId, keyId: KeyId, at: number) => Promise<TraceAgent | undefined>;

/** @param textKey `deriveKey(master, "stored-texts")` */
export function traceStore(query: Kysely<Tables>, textKey: Uint8Array, agentOf: AgentOfKey): TraceStore {
  const rows: TraceStore["rows"] = async (workspaceId, requestId) => {
    const found = await readRows(query, textKey, workspaceId, requestId);
    return found && { ...found, agent: await agentOf(workspaceId, found.usage.keyId, found.usage.createdAt) };
  };
  return {
    rows,
    async find(workspaceId, requestId) {
      const found = await rows(workspaceId, requestId);
      return found && renderTrace(found);
    },
  };
}

async function readRows(
  query: Kysely<Tables>,
  textKey: Uint8Array,
  workspaceId: WorkspaceId,
  requestId: RequestId,
): Promise<Omit<TraceRows, "agent"> | undefined> {
  const usage = await query
    .selectFrom("usage_rows")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .where("request_id", "=", requestId)
    .executeTakeFirst();
  if (!usage) return undefined;
  const [debit, trace, sealed] = await Promise.all([
    findDebit(query, usage),
    query
      .selectFrom("route_traces")
      .select("trace")
      .where("workspace_id", "=", workspaceId)
      .where("request_id", "=", requestId)
      .executeTakeFirst(),
    findSealedText(query, workspaceId, requestId),
  ]);
  return {
    usage: usageFromRow(usage),
    calls: readModelCalls(usage.calls),
    ...debit,
    stored: readStored(trace?.trace),
    text: sealed && openText(textKey, requestId, sealed),
  };
}

async function findDebit(query: Kysely<Tables>, usage: UsageColumns) {
  const none = { lines: [], uncollected: noMoney, entryId: undefined };
  if (usage.entry_sequence === null) return none;
  const entry = await query
    .selectFrom("ledger_entries")
    .select(["id", "lines", "uncollected"])
    .where("workspace_id", "=", usage.workspace_id)
    .where("sequence", "=", usage.entry_sequence)
    .executeTakeFirst();
  if (!entry) return none;
  const uncollected = picodollars(entry.uncollected);
  return { lines: readEntryLines(entry.lines), uncollected, entryId: asId<EntryId>(entry.id) };
}

/** Written by this server in a known form; anything else is treated as not kept. */
export function readStored(json: string | undefined): StoredTrace | undefined {
  const value = json === undefined ? undefined : parseObject(json);
  return isStoredTrace(value) ? value : undefined;
}

function isStoredTrace(value: unknown): value is StoredTrace {
  return typeof value === "object" && value !== null && "form" in value && value.form === 1;
}

function usageFromRow(row: UsageColumns): UsageRow {
  return {
    ...usageFactsOf(row),
    workspaceId: asId<WorkspaceId>(row.workspace_id),
    usage: usageOf(row),
    entrySequence: optionalNumber(row.entry_sequence),
  };
}
