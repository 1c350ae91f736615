// Amounts as parts of each other, for bars: the one place where money becomes a float, and only to be drawn.

import { picodollarsOf } from "../../ui/money-format.ts";

/** 0 to 1; 0 when either is no amount. */
export function shareOf(part: string | undefined, whole: string): number {
  const [own, all] = [picodollarsOf(part ?? ""), picodollarsOf(whole)];
  if (own === undefined || all === undefined || all <= 0n || own <= 0n) return 0;
  return Math.min(1, Number((own * 10_000n) / all) / 10_000);
}

/** The sum of amounts as decimal text with 12 places. */
export function sumOf(amounts: readonly string[]): string {
  const sum = amounts.reduce((all, text) => all + (picodollarsOf(text) ?? 0n), 0n);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(13, "0");
  return `${sum < 0n ? "-" : ""}${digits.slice(0, -12)}.${digits.slice(-12)}`;
}
