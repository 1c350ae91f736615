// What tokens cost at a model's prices: whole picodollars, nothing rounded.

import { picodollarsOf } from "../../ui/money-format.ts";
import type { ModelPrices } from "./catalogue.ts";

/** Counts of one request. `cached` and `written` are parts of `input`. */
export type TokenCounts = {
  readonly input: number;
  readonly output: number;
  /** Read from the provider's cache. */
  readonly cached: number;
  /** Written to the provider's cache. */
  readonly written: number;
};

export type CostLine = {
  readonly unit: "input" | "cached input" | "cache write" | "output";
  readonly count: number;
  readonly perMillionUsd: string;
  /** Decimal USD. */
  readonly usd: string;
};

export type Cost = { readonly lines: readonly CostLine[]; readonly usd: string };

const tokensPerPrice = 1_000_000n;
const decimals = 12;

/**
 * The cost of so many requests alike. What is not sold apart counts as plain input, as the gateway counts it.
 * @returns undefined when a price cannot be read.
 */
export function costOf(prices: ModelPrices, counts: TokenCounts, requests: number): Cost | undefined {
  const cached = prices.cached_input_per_1m_usd === null ? 0 : Math.min(counts.cached, counts.input);
  const written = prices.cache_write_per_1m_usd === null ? 0 : Math.min(counts.written, counts.input - cached);
  const units: readonly (readonly [CostLine["unit"], number, string | null])[] = [
    ["input", counts.input - cached - written, prices.input_per_1m_usd],
    ["cached input", cached, prices.cached_input_per_1m_usd],
    ["cache write", written, prices.cache_write_per_1m_usd],
    ["output", counts.output, prices.output_per_1m_usd],
  ];
  let total = 0n;
  const lines: CostLine[] = [];
  for (const [unit, count, perMillionUsd] of units) {
    if (count === 0 || perMillionUsd === null) continue;
    const price = picodollarsOf(perMillionUsd);
    if (price === undefined) return undefined;
    const amount = (BigInt(count) * BigInt(requests) * price) / tokensPerPrice;
    total += amount;
    lines.push({ unit, count: count * requests, perMillionUsd, usd: usdOf(amount) });
  }
  return { lines, usd: usdOf(total) };
}

/** Decimal USD text of picodollars. */
function usdOf(amount: bigint): string {
  const digits = amount.toString().padStart(decimals + 1, "0");
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
