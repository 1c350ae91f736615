// Money as the console writes it. Amounts arrive as exact decimal text and are never turned into floats.

export type ShortMoney = {
  /** Such as `$1,204.50` or `-$0.001234`. */
  readonly text: string;
  /** Whether digits were left out; then `≈` stands before it. */
  readonly rounded: boolean;
};

const decimals = 12;
const one = 10n ** BigInt(decimals);
const leastDecimals = 2;
/** Digits kept of an amount below a cent. */
const significantDigits = 4;

/** Picodollars of decimal text; undefined when it is not an amount. */
export function picodollarsOf(text: string): bigint | undefined {
  const parts = /^(-)?(\d+)(?:\.(\d{1,12}))?$/.exec(text.trim());
  if (parts === null) return undefined;
  const [, sign, whole = "0", fraction = ""] = parts;
  const amount = BigInt(whole) * one + BigInt(fraction.padEnd(decimals, "0"));
  return sign === undefined ? amount : -amount;
}

/** The shortest form that tells amounts of this size apart: cents from one dollar up, four digits below a cent. */
export function shortMoney(text: string): ShortMoney {
  const amount = picodollarsOf(text);
  if (amount === undefined) return { text, rounded: false };
  const size = amount < 0n ? -amount : amount;
  const kept = decimalsFor(size);
  const step = 10n ** BigInt(decimals - kept);
  const roundedSize = ((size + step / 2n) / step) * step;
  return { text: write(roundedSize, amount < 0n, leastDecimals), rounded: roundedSize !== size };
}

/** Every digit that is not a trailing zero, and at least cents. */
export function exactMoney(text: string): string {
  const amount = picodollarsOf(text);
  if (amount === undefined) return text;
  return write(amount < 0n ? -amount : amount, amount < 0n, leastDecimals);
}

function decimalsFor(size: bigint): number {
  if (size === 0n || size >= one) return leastDecimals;
  if (size >= one / 100n) return significantDigits;
  const leadingZeros = decimals - size.toString().length;
  return Math.min(decimals, leadingZeros + significantDigits);
}

function write(size: bigint, negative: boolean, least: number): string {
  const whole = (size / one).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  const digits = (size % one).toString().padStart(decimals, "0");
  const fraction = digits.replace(/0+$/, "").padEnd(least, "0");
  return `${negative ? "-" : ""}$${whole}.${fraction}`;
}
