// Usage rows read back: the facts that lists and traces share.

import type { Selectable } from "kysely";
import { asId, type KeyId, type RequestId } from "../contracts/ids.ts";
import type { Usage } from "../conversation/usage.ts";
import type { UsageRow } from "../ledger/request-record.ts";
import { picodollars, type Picodollars } from "../money/picodollars.ts";
import type { Tables } from "./database.ts";
import { optionalNumber, wordOf } from "./read-column.ts";

export type UsageColumns = Selectable<Tables["usage_rows"]>;

export function usageFactsOf(
  row: Omit<UsageColumns, "calls">,
): Omit<UsageRow, "workspaceId" | "usage" | "entrySequence"> {
  return {
    requestId: asId<RequestId>(row.request_id),
    keyId: asId<KeyId>(row.key_id),
    createdAt: Number(row.created_at),
    protocol: row.protocol,
    requestedModel: row.requested_model,
    stackSlug: row.stack_slug ?? undefined,
    stackVersion: optionalNumber(row.stack_version),
    model: row.model ?? undefined,
    provider: row.provider ?? undefined,
    unbillableReason: row.unbillable_reason ?? undefined,
    httpStatus: Number(row.http_status),
    hold: picodollars(row.hold),
    ceiling: picodollars(row.ceiling),
    debit: picodollars(row.debit),
    priceVersion: row.price_version,
    firstByteMs: optionalNumber(row.first_byte_ms),
    totalMs: Number(row.total_ms),
    category: row.category ?? undefined,
    baseline: optionalAmount(row.baseline),
    savings: optionalAmount(row.savings),
  };
}

function optionalAmount(amount: bigint | null): Picodollars | undefined {
  return amount === null ? undefined : picodollars(amount);
}

export function usageOf(row: UsageColumns): Usage {
  const kind = wordOf(["exact", "at_least", "unknown"], row.usage_kind);
  const input = optionalNumber(row.input_tokens);
  const output = optionalNumber(row.output_tokens);
  if (kind === "unknown" || input === undefined || output === undefined) return { kind: "unknown" };
  const cached = optionalNumber(row.cached_input_tokens);
  const written = optionalNumber(row.cache_write_tokens);
  const reasoning = optionalNumber(row.reasoning_tokens);
  return {
    kind,
    inputTokens: input,
    outputTokens: output,
    ...(cached === undefined ? {} : { cachedInputTokens: cached }),
    ...(written === undefined ? {} : { cacheWriteTokens: written }),
    ...(reasoning === undefined ? {} : { reasoningTokens: reasoning }),
  };
}
