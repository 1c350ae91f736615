// Exact costs at the speed of doubles: almost every cost is a whole number below 2^53, which a double holds exactly.

import type { UnitPrices } from "../money/charge.ts";
import { noMoney, picodollars, type Picodollars } from "../money/picodollars.ts";

/** A price in picodollars per token, and the double next to it. */
export type Price = { readonly exact: Picodollars; readonly rounded: number };

/** What a model's tokens cost, as planning needs it. */
export type Rates = {
  readonly input: Price;
  /** Whether an input token will be read from or written to a cache is unknown before: the dearest price bounds it. */
  readonly dearestInput: Price;
  readonly output: Price;
};

export function ratesOf(prices: UnitPrices): Rates {
  const input = prices.input_token ?? noMoney;
  let dearest = input;
  for (const price of [prices.cached_input_token, prices.cache_write_token]) {
    if (price !== undefined && price > dearest) dearest = price;
  }
  return { input: priceOf(input), dearestInput: priceOf(dearest), output: priceOf(prices.output_token ?? noMoney) };
}

function priceOf(exact: Picodollars): Price {
  return { exact, rounded: Number(exact) };
}

/**
 * What whole numbers of input and output tokens cost at two prices, exactly. No product or sum that lies below 2^53 has
 * been rounded on the way, because rounding never takes a number below 2^53 that was not; all others are computed again
 * in integers.
 */
export function exactCost(inputTokens: number, input: Price, outputTokens: number, output: Price): Picodollars {
  const cost = inputTokens * input.rounded + outputTokens * output.rounded;
  if (Number.isSafeInteger(cost)) return picodollars(BigInt(cost));
  return picodollars(BigInt(inputTokens) * input.exact + BigInt(outputTokens) * output.exact);
}
