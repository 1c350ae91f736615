// What a request would have cost with the other models that were considered, by its own token counts and the prices of
// its own day. Tokenizers differ, so this compares prices, not invoices.

import { unitCounts, type Usage } from "../conversation/usage.ts";
import type { ModelCallRow } from "../ledger/request-record.ts";
import { chargeLines, sumLines, type UnitPrices } from "../money/charge.ts";
import { picodollars, type Picodollars } from "../money/picodollars.ts";
import type { StoredPlan } from "./stored-trace.ts";

export type Alternative = {
  readonly model: string;
  /** Undefined for the baseline, which is a model wherever it runs. */
  readonly provider: string | undefined;
  readonly role: "answered" | "candidate" | "spare" | "baseline";
  /** Undefined when the usage is unknown, or the price list has no price for a unit of it. */
  readonly cost: Picodollars | undefined;
  /** Cost minus what the answer cost at the same prices; negative is cheaper. */
  readonly difference: Picodollars | undefined;
};

/** The answering model first, then the plan's candidates in their order, its spare ones and its baseline. */
export function alternativesOf(
  plan: StoredPlan | undefined,
  calls: readonly ModelCallRow[],
  usage: Usage,
  prices: ReadonlyMap<string, UnitPrices>,
): Alternative[] {
  if (!plan) return [];
  const served = calls.findLast(({ outcome }) => outcome === "answered") ?? calls.at(-1);
  const actual = served && costOf(usage, prices.get(served.model));
  const seen = new Set<string>();
  const found: Alternative[] = [];
  const add = (model: string, provider: string | undefined, role: Alternative["role"]): void => {
    const name = `${model} ${role === "baseline" ? "" : provider}`;
    if (seen.has(name)) return;
    seen.add(name);
    const cost = costOf(usage, prices.get(model));
    const difference = cost === undefined || actual === undefined ? undefined : picodollars(cost - actual);
    found.push({ model, provider, role, cost, difference });
  };
  if (served) add(served.model, served.provider, "answered");
  for (const [model, provider] of plan.candidates) add(model, provider, "candidate");
  for (const [model, provider] of plan.spare ?? []) add(model, provider, "spare");
  if (plan.baseline) add(plan.baseline[0], undefined, "baseline");
  return found;
}

/** What this usage costs at a model's prices; a model without cache prices bills cached tokens as plain input. */
function costOf(usage: Usage, prices: UnitPrices | undefined): Picodollars | undefined {
  if (usage.kind === "unknown" || !prices) return undefined;
  const sold = {
    cachedInput: prices.cached_input_token !== undefined,
    cacheWrite: prices.cache_write_token !== undefined,
  };
  const lines = chargeLines(unitCounts(usage, sold), prices);
  return lines && sumLines(lines);
}
