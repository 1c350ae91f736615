// The amounts in which credits are sold, and money as Stripe counts it.

import { packsUsd } from "../contracts/packs.ts";
import { parseUsd, picodollars, picodollarsPerUsd, type Picodollars } from "../money/picodollars.ts";

const picodollarsPerCent = picodollarsPerUsd / 100n;

/** The pack of this text; undefined when there is none. */
export function packOf(usd: string): Picodollars | undefined {
  return packsUsd.some((pack) => pack === usd) ? parseUsd(usd) : undefined;
}

/** Whole cents of an amount that is a sum of packs and refunds. Stripe's numbers stay far below 2^53. */
export function centsOf(amount: Picodollars): number {
  return Number(amount / picodollarsPerCent);
}

/** @param cents a whole number, zero or more. */
export function fromCents(cents: number): Picodollars {
  return picodollars(BigInt(cents) * picodollarsPerCent);
}
