// What an answer costs: unit counts times unit prices, as itemised lines. Pure; no rounding anywhere.

import { picodollars, type Picodollars } from "./picodollars.ts";

/** What is counted and priced. `input` excludes cached and cache-write tokens; `output` includes reasoning. */
export const billingUnits = ["input_token", "cached_input_token", "cache_write_token", "output_token"] as const;
export type BillingUnit = (typeof billingUnits)[number];

/** Price per unit in picodollars. A unit that is absent is not sold: a count of it makes the answer unpriced. */
export type UnitPrices = { readonly [unit in BillingUnit]?: Picodollars };

/** Units used by one attempt; absent means none. Counts are whole and not negative. */
export type UnitCounts = { readonly [unit in BillingUnit]?: number };

export type ChargeLine = {
  readonly unit: BillingUnit;
  readonly count: number;
  readonly unitPrice: Picodollars;
  readonly amount: Picodollars;
};

/** The lines for these counts, zero counts left out; undefined when a counted unit has no price. */
export function chargeLines(counts: UnitCounts, prices: UnitPrices): ChargeLine[] | undefined {
  const lines: ChargeLine[] = [];
  for (const unit of billingUnits) {
    const count = counts[unit] ?? 0;
    if (count === 0) continue;
    const unitPrice = prices[unit];
    if (unitPrice === undefined) return undefined;
    lines.push({ unit, count, unitPrice, amount: picodollars(BigInt(count) * unitPrice) });
  }
  return lines;
}

export function sumLines(lines: readonly ChargeLine[]): Picodollars {
  return picodollars(lines.reduce((sum, line) => sum + line.amount, 0n));
}

/**
 * Most that `inputTokens` and `outputTokens` can cost: input at the dearest input-side price, because tokens written to
 * a cache cost more than plain ones.
 */
export function worstCaseCost(prices: UnitPrices, inputTokens: number, outputTokens: number): Picodollars {
  const plain = prices.input_token ?? 0n;
  const written = prices.cache_write_token ?? 0n;
  const input = plain > written ? plain : written;
  return picodollars(BigInt(inputTokens) * input + BigInt(outputTokens) * (prices.output_token ?? 0n));
}
