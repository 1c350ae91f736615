// How the control API shows requests, their sums and their traces, by agent where one sent them.

import type { z } from "zod";
import type { KeyHolder } from "../../agents/managed-key-records.ts";
import type { usageRowSchema } from "../../contracts/control-activity.ts";
import type { KeyId } from "../../contracts/ids.ts";
import { formatUsd, type Picodollars } from "../../money/picodollars.ts";
import type { UsageHeadline } from "../../workspaces/activity-records.ts";
import { percentileMs } from "../../workspaces/latency.ts";
import type { UsageSums } from "../../workspaces/usage-records.ts";
import { isoTime, optionalTime } from "./shown-values.ts";

/** Whom keys belong to; plain API keys are missing. */
export type Holders = ReadonlyMap<KeyId, KeyHolder>;

export function showUsage(row: UsageHeadline, holders: Holders): z.input<typeof usageRowSchema> {
  return {
    object: "usage",
    request_id: row.requestId,
    key_id: row.keyId,
    ...showHolder(holders.get(row.keyId)),
    created_at: isoTime(row.createdAt),
    protocol: row.protocol,
    requested_model: row.requestedModel,
    category: row.category ?? null,
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
    baseline_usd: optionalUsd(row.baseline),
    savings_usd: optionalUsd(row.savings),
    price_version: row.priceVersion,
    first_byte_ms: row.firstByteMs ?? null,
    total_ms: row.totalMs,
  };
}

export function showHeadline(
  row: UsageHeadline,
  facts: {
    readonly keyName: string | undefined;
    readonly expiresAt: number | undefined;
    readonly holder: KeyHolder | undefined;
  },
) {
  return {
    object: "trace_headline" as const,
    request_id: row.requestId,
    created_at: isoTime(row.createdAt),
    expires_at: optionalTime(facts.expiresAt),
    key_id: row.keyId,
    key_name: facts.keyName ?? null,
    ...showHolder(facts.holder),
    requested_model: row.requestedModel,
    category: row.category ?? null,
    stack: row.stackSlug ?? null,
    model: row.model ?? null,
    provider: row.provider ?? null,
    status: row.httpStatus,
    unbillable_reason: row.unbillableReason ?? null,
    input_tokens: row.tokens.input ?? null,
    cached_input_tokens: row.tokens.cachedInput ?? null,
    output_tokens: row.tokens.output ?? null,
    hold_usd: formatUsd(row.hold),
    debit_usd: formatUsd(row.debit),
    savings_usd: optionalUsd(row.savings),
    first_byte_ms: row.firstByteMs ?? null,
    total_ms: row.totalMs,
  };
}

export function showSums(sums: UsageSums) {
  return {
    requests: sums.requests,
    errors: sums.errors,
    unbilled: sums.unbilled,
    cost_usd: formatUsd(sums.debit),
    savings_usd: formatUsd(sums.savings),
    input_tokens: sums.inputTokens,
    cached_input_tokens: sums.cachedInputTokens,
    cache_write_tokens: sums.cacheWriteTokens,
    output_tokens: sums.outputTokens,
    reasoning_tokens: sums.reasoningTokens,
    latency_p50_ms: percentileMs(sums.took, 0.5) ?? null,
    latency_p95_ms: percentileMs(sums.took, 0.95) ?? null,
  };
}

export function optionalUsd(amount: Picodollars | undefined): string | null {
  return amount === undefined ? null : formatUsd(amount);
}

function showHolder(holder: KeyHolder | undefined) {
  const isDeployment = holder?.kind === "deployment";
  return { agent: isDeployment ? holder.agent : null, deployment_id: isDeployment ? holder.deploymentId : null };
}
