// Sums over requests: added up, and compared by what they are ranked by.

import { picodollars } from "../money/picodollars.ts";
import { tookBounds } from "./latency.ts";
import type { Ranking, UsageSums } from "./usage-records.ts";

export function addSums(left: UsageSums, right: UsageSums): UsageSums {
  return {
    requests: left.requests + right.requests,
    errors: left.errors + right.errors,
    unbilled: left.unbilled + right.unbilled,
    debit: picodollars(left.debit + right.debit),
    savings: picodollars(left.savings + right.savings),
    inputTokens: left.inputTokens + right.inputTokens,
    cachedInputTokens: left.cachedInputTokens + right.cachedInputTokens,
    cacheWriteTokens: left.cacheWriteTokens + right.cacheWriteTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    reasoningTokens: left.reasoningTokens + right.reasoningTokens,
    took: left.took.map((count, index) => count + (right.took[index] ?? 0)),
  };
}

export const noSums: UsageSums = {
  requests: 0,
  errors: 0,
  unbilled: 0,
  debit: picodollars(0n),
  savings: picodollars(0n),
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  took: Array.from({ length: tookBounds.length + 1 }, () => 0),
};

/** What the largest groups are told by. */
export function rankOf(sums: UsageSums, ranking: Ranking): bigint {
  switch (ranking) {
    case "cost":
      return sums.debit;
    case "savings":
      return sums.savings;
    case "requests":
      return BigInt(sums.requests);
    case "errors":
      return BigInt(sums.errors);
    case "tokens":
      return BigInt(sums.inputTokens + sums.outputTokens);
  }
}
