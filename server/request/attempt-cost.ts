// What one attempt's usage costs at retail, line by line.

import { unitCounts } from "../conversation/usage.ts";
import type { EntryLine } from "../ledger/operations.ts";
import { chargeLines } from "../money/charge.ts";
import type { AttemptFacts } from "./6-call-provider.ts";

/** Empty for unknown usage and unpriced models. */
export function attemptLines({ candidate, usage }: AttemptFacts): EntryLine[] {
  const { prices, id } = candidate.model;
  if (usage.kind === "unknown" || !prices) return [];
  const sold = {
    cachedInput: prices.cached_input_token !== undefined,
    cacheWrite: prices.cache_write_token !== undefined,
  };
  const lines = chargeLines(unitCounts(usage, sold), prices) ?? [];
  return lines.map((line) => ({ model: id, provider: candidate.provider, ...line }));
}
