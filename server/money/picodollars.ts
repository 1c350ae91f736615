// Money: integer picodollars, 10^-12 USD, as bigint. Decimal text in, decimal text out, nothing rounded between.

declare const picodollarsBrand: unique symbol;
/** An amount of money in picodollars (10^-12 USD). */
export type Picodollars = bigint & { readonly [picodollarsBrand]: true };

export const picodollarsPerUsd = 1_000_000_000_000n;

export function picodollars(amount: bigint): Picodollars {
  return amount as Picodollars;
}

export const noMoney = picodollars(0n);

/** Reads decimal USD text such as `25`, `0.05` or `-1.5`; at most 12 decimals. Undefined when it is anything else. */
export function parseUsd(text: string): Picodollars | undefined {
  const match = /^(-?)(\d{1,9})(?:\.(\d{1,12}))?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = "0", fraction = ""] = match;
  const amount = BigInt(whole) * picodollarsPerUsd + BigInt(fraction.padEnd(12, "0"));
  return picodollars(sign === "-" ? -amount : amount);
}

/** Decimal USD with exactly 12 places: `0.000123000000`. */
export function formatUsd(amount: Picodollars): string {
  const negative = amount < 0n;
  const digits = (negative ? -amount : amount).toString().padStart(13, "0");
  return `${negative ? "-" : ""}${digits.slice(0, -12)}.${digits.slice(-12)}`;
}

/** Decimal USD without trailing zeros: `0.000123`, `25`. */
export function formatUsdShort(amount: Picodollars): string {
  const full = formatUsd(amount);
  return full.replace(/\.?0+$/, "") || "0";
}

/**
 * Picodollars for one unit out of a price per million units, in USD with at most six decimals, so that the result is
 * whole. Undefined when the text is not such a price.
 */
export function pricePerUnit(usdPerMillion: string): Picodollars | undefined {
  const match = /^\d{1,7}(?:\.\d{1,6})?$/.exec(usdPerMillion);
  const amount = match ? parseUsd(usdPerMillion) : undefined;
  return amount === undefined ? undefined : picodollars(amount / 1_000_000n);
}

/** USD per million units as decimal text, from a price per unit. */
export function formatPerMillion(perUnit: Picodollars): string {
  return formatUsdShort(picodollars(perUnit * 1_000_000n));
}
