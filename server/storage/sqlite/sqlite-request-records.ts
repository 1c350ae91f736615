// Writes the record of one ended request (usage row, model calls, trace) inside the ledger's transaction.

import type { Database } from "bun:sqlite";
import type { Usage } from "../../conversation/usage.ts";
import type { OperationResult } from "../../ledger/operations.ts";
import { settledUsage, type RequestRecord, type SettledUsage, type UsageRow } from "../../ledger/request-record.ts";
import { formatModelCalls } from "../model-calls.ts";

type Value = string | number | bigint | null;

export function prepareRequestRecords(
  sqlite: Database,
): (record: RequestRecord, result: OperationResult | undefined) => void {
  const usage = sqlite.prepare<unknown, Value[]>(
    `INSERT INTO usage_rows (workspace_id, request_id, key_id, created_at, protocol, requested_model, stack_slug,
       stack_version, model, provider, http_status, price_version, first_byte_ms, total_ms, hold, debit, entry_sequence,
       unbillable_reason, usage_kind, input_tokens, cached_input_tokens, cache_write_tokens, output_tokens,
       reasoning_tokens, calls)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const trace = sqlite.prepare<unknown, Value[]>(
    "INSERT INTO route_traces (workspace_id, request_id, created_at, expires_at, trace) VALUES (?, ?, ?, ?, ?)",
  );
  const keep = sqlite.prepare<unknown, [Uint8Array, number, string, string]>(
    "UPDATE idempotent_requests SET answer = ?, expires_at = ? WHERE key_hash = ? AND request_id = ?",
  );
  return (record, result) => {
    const { workspaceId, requestId, createdAt } = record.usage;
    const settled = settledUsage(record.usage, result);
    usage.run(...usageValues(record.usage, settled), formatModelCalls(record.calls));
    if (record.trace) trace.run(workspaceId, requestId, createdAt, record.trace.expiresAt, record.trace.json);
    if (record.kept) keep.run(record.kept.answer(settled), record.kept.expiresAt, record.kept.keyHash, requestId);
  };
}

function usageValues(row: UsageRow, { debit, entrySequence, unbillableReason }: SettledUsage): Value[] {
  return [
    row.workspaceId,
    row.requestId,
    row.keyId,
    row.createdAt,
    row.protocol,
    row.requestedModel,
    row.stackSlug ?? null,
    row.stackVersion ?? null,
    row.model ?? null,
    row.provider ?? null,
    row.httpStatus,
    row.priceVersion,
    row.firstByteMs ?? null,
    row.totalMs,
    row.hold,
    debit,
    entrySequence ?? null,
    unbillableReason ?? null,
    ...tokenValues(row.usage),
  ];
}

/** Kind and counts in column order. Unknown counts stay NULL; they are never written as zero. */
function tokenValues(usage: Usage): Value[] {
  if (usage.kind === "unknown") return [usage.kind, null, null, null, null, null];
  return [
    usage.kind,
    usage.inputTokens,
    usage.cachedInputTokens ?? null,
    usage.cacheWriteTokens ?? null,
    usage.outputTokens,
    usage.reasoningTokens ?? null,
  ];
}
