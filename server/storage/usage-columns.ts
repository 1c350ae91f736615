// The columns of a usage row in the order in which every engine writes them.

import type { Usage } from "../conversation/usage.ts";
import type { SettledUsage, UsageRow } from "../ledger/request-record.ts";

export type ColumnValue = string | number | bigint | null;

/** Names, with `text` or `bigint` as Postgres calls their types. The model calls follow as the last column. */
export const usageColumns = [
  ["workspace_id", "text"],
  ["request_id", "text"],
  ["key_id", "text"],
  ["created_at", "bigint"],
  ["protocol", "text"],
  ["requested_model", "text"],
  ["stack_slug", "text"],
  ["stack_version", "bigint"],
  ["model", "text"],
  ["provider", "text"],
  ["http_status", "bigint"],
  ["price_version", "text"],
  ["first_byte_ms", "bigint"],
  ["total_ms", "bigint"],
  ["hold", "bigint"],
  ["ceiling", "bigint"],
  ["debit", "bigint"],
  ["entry_sequence", "bigint"],
  ["unbillable_reason", "text"],
  ["usage_kind", "text"],
  ["input_tokens", "bigint"],
  ["cached_input_tokens", "bigint"],
  ["cache_write_tokens", "bigint"],
  ["output_tokens", "bigint"],
  ["reasoning_tokens", "bigint"],
  ["category", "text"],
  ["baseline", "bigint"],
  ["savings", "bigint"],
  ["calls", "text"],
] as const;

/** `calls` is the text that `formatModelCalls` makes. */
export function usageValues(row: UsageRow, settled: SettledUsage, calls: string): ColumnValue[] {
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
    row.ceiling,
    settled.debit,
    settled.entrySequence ?? null,
    settled.unbillableReason ?? null,
    ...tokenValues(row.usage),
    row.category ?? null,
    row.baseline ?? null,
    row.savings ?? null,
    calls,
  ];
}

/** Kind and counts in column order. Unknown counts stay NULL; they are never written as zero. */
function tokenValues(usage: Usage): ColumnValue[] {
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
