// Token usage as providers report it, made uniform. Unknown is never zero: a count nobody reported is undefined.

import type { UnitCounts } from "../money/charge.ts";

/** Token counts of one provider answer. Totals include their parts. All are whole numbers, 0 or more. */
export type TokenUsage = {
  /** All prompt tokens, cached and cache-written ones included. */
  readonly inputTokens: number;
  /** Of `inputTokens`: read from the provider's prompt cache. */
  readonly cachedInputTokens?: number;
  /** Of `inputTokens`: written to the provider's prompt cache at the cache-write price. */
  readonly cacheWriteTokens?: number;
  /** All generated tokens, reasoning included. 0 for embeddings. */
  readonly outputTokens: number;
  /** Of `outputTokens`: reasoning the client may not see. */
  readonly reasoningTokens?: number;
};

/** `exact`: reported by the provider for the whole answer. `at_least`: estimated from what was seen. `unknown`: nothing. */
export type Usage =
  | ({ readonly kind: "exact" } & TokenUsage)
  | ({ readonly kind: "at_least" } & TokenUsage)
  | { readonly kind: "unknown" };

export const unknownUsage: Usage = { kind: "unknown" };

/**
 * Exact usage out of reported counts; unknown when a total is missing, negative or fractional, or when a part exceeds
 * its total. All counts zero is unknown as well: no provider answers without reading a token.
 */
export function exactUsage(reported: {
  inputTokens: number | undefined;
  cachedInputTokens?: number | undefined;
  cacheWriteTokens?: number | undefined;
  outputTokens: number | undefined;
  reasoningTokens?: number | undefined;
}): Usage {
  const { inputTokens, outputTokens } = reported;
  if (inputTokens === undefined || outputTokens === undefined) return unknownUsage;
  const cached = reported.cachedInputTokens ?? 0;
  const written = reported.cacheWriteTokens ?? 0;
  const reasoning = reported.reasoningTokens ?? 0;
  const counts = [inputTokens, outputTokens, cached, written, reasoning];
  if (counts.some((count) => !Number.isSafeInteger(count) || count < 0)) return unknownUsage;
  if (cached + written > inputTokens || reasoning > outputTokens) return unknownUsage;
  if (inputTokens === 0 && outputTokens === 0) return unknownUsage;
  return {
    kind: "exact",
    inputTokens,
    outputTokens,
    ...(reported.cachedInputTokens === undefined ? {} : { cachedInputTokens: cached }),
    ...(reported.cacheWriteTokens === undefined ? {} : { cacheWriteTokens: written }),
    ...(reported.reasoningTokens === undefined ? {} : { reasoningTokens: reasoning }),
  };
}

/** The billable units behind known usage. A model without a cache price bills cached tokens as ordinary input. */
export function unitCounts(usage: TokenUsage, sold: { cachedInput: boolean; cacheWrite: boolean }): UnitCounts {
  const cached = sold.cachedInput ? (usage.cachedInputTokens ?? 0) : 0;
  const written = sold.cacheWrite ? (usage.cacheWriteTokens ?? 0) : 0;
  return {
    input_token: usage.inputTokens - cached - written,
    cached_input_token: cached,
    cache_write_token: written,
    output_token: usage.outputTokens,
  };
}

/**
 * Usage of an answer that was broken off before the provider reported it: tokens as UTF-8 bytes / 4, rounded up. A lower
 * estimate by design, and marked so.
 * @param mostInputTokens the bound of the input, which text of few tokens a byte stays below.
 */
export function estimatedUsage(inputBytes: number, outputBytes: number, mostInputTokens: number): Usage {
  const inputTokens = Math.min(Math.ceil(inputBytes / 4), mostInputTokens);
  return { kind: "at_least", inputTokens, outputTokens: Math.ceil(outputBytes / 4) };
}
