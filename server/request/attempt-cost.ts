// What one attempt's usage costs at retail, line by line.

import type { CatalogueModel } from "../catalogue/catalogue.ts";
import { unitCounts, type Usage } from "../conversation/usage.ts";
import type { EntryLine } from "../ledger/operations.ts";
import { chargeLines, type ChargeLine } from "../money/charge.ts";
import type { AttemptFacts } from "./6-call-provider.ts";

/** Empty for unknown usage and unpriced models. */
export function attemptLines({ candidate, usage }: AttemptFacts): EntryLine[] {
  const { id } = candidate.model;
  const lines = usageLines(candidate.model, usage) ?? [];
  return lines.map((line) => ({ model: id, provider: candidate.provider, ...line }));
}

/** What this usage costs at a model's prices; undefined for unknown usage and unpriced models. */
export function usageLines({ prices }: Pick<CatalogueModel, "prices">, usage: Usage): ChargeLine[] | undefined {
  if (usage.kind === "unknown" || !prices) return undefined;
  const sold = {
    cachedInput: prices.cached_input_token !== undefined,
    cacheWrite: prices.cache_write_token !== undefined,
  };
  return chargeLines(unitCounts(usage, sold), prices);
}
