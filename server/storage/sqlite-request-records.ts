// Writes the record of one ended request (usage row, model calls, trace) inside the ledger's transaction.

import type { Database } from "bun:sqlite";
import type { Usage } from "../conversation/usage.ts";
import type { ModelCallRow, RequestRecord, UsageRow } from "../ledger/request-record.ts";

type Value = string | number | bigint | null;

export function prepareRequestRecords(sqlite: Database): (record: RequestRecord) => void {
  const usage = sqlite.prepare<unknown, Value[]>(
    `INSERT INTO usage_rows (request_id, workspace_id, key_id, created_at, protocol, requested_model, stack_slug,
       stack_version, model, provider, billing_status, unbillable_reason, http_status, input_tokens,
       cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, hold, debit, entry_sequence,
       price_version, first_byte_ms, total_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const call = sqlite.prepare<unknown, Value[]>(
    `INSERT INTO model_calls (request_id, attempt, model, provider, upstream_model, outcome, failure, upstream_status,
       usage_kind, input_tokens, output_tokens, cost, first_byte_ms, total_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const trace = sqlite.prepare<unknown, Value[]>(
    "INSERT INTO route_traces (request_id, workspace_id, created_at, expires_at, trace) VALUES (?, ?, ?, ?, ?)",
  );
  return (record) => {
    usage.run(...usageValues(record.usage));
    for (const row of record.calls) call.run(...callValues(record.usage.requestId, row));
    if (!record.trace) return;
    const { requestId, workspaceId, createdAt } = record.usage;
    trace.run(requestId, workspaceId, createdAt, record.trace.expiresAt, record.trace.json);
  };
}

function usageValues(row: UsageRow): Value[] {
  const counts = knownCounts(row.usage);
  return [
    row.requestId,
    row.workspaceId,
    row.keyId,
    row.createdAt,
    row.protocol,
    row.requestedModel,
    row.stackSlug ?? null,
    row.stackVersion ?? null,
    row.model ?? null,
    row.provider ?? null,
    row.unbillableReason === undefined ? "billed" : "unbillable",
    row.unbillableReason ?? null,
    row.httpStatus,
    counts.input,
    counts.cachedInput,
    counts.cacheWrite,
    counts.output,
    counts.reasoning,
    row.hold,
    row.debit,
    row.entrySequence ?? null,
    row.priceVersion,
    row.firstByteMs ?? null,
    row.totalMs,
  ];
}

function callValues(requestId: string, row: ModelCallRow): Value[] {
  const counts = knownCounts(row.usage);
  return [
    requestId,
    row.attempt,
    row.model,
    row.provider,
    row.upstreamModel,
    row.outcome,
    row.failure ?? null,
    row.upstreamStatus ?? null,
    row.usage.kind,
    counts.input,
    counts.output,
    row.cost,
    row.firstByteMs ?? null,
    row.totalMs,
  ];
}

/** Unknown counts stay NULL; they are never written as zero. */
function knownCounts(usage: Usage) {
  if (usage.kind === "unknown")
    return { input: null, cachedInput: null, cacheWrite: null, output: null, reasoning: null };
  return {
    input: usage.inputTokens,
    cachedInput: usage.cachedInputTokens ?? null,
    cacheWrite: usage.cacheWriteTokens ?? null,
    output: usage.outputTokens,
    reasoning: usage.reasoningTokens ?? null,
  };
}
