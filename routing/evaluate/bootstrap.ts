// 95% intervals: the figure again over rows drawn with replacement, near-duplicates together.

import { drawsFrom } from "./seeded.ts";

export type Interval = { readonly low: number; readonly high: number };

/** Enough that the ends move by less than what they say. */
const usualResamples = 400;

/**
 * @param groups The group of each row.
 * @param statistic The figure when each row counts as often as its weight says.
 * @returns The middle 95% of it; the same for the same seed.
 */
export function bootstrapInterval(
  groups: readonly number[],
  statistic: (weights: Float64Array) => number,
  seed: number,
  resamples = usualResamples,
): Interval {
  const numbers = new Map<number, number>();
  const places = groups.map((group) => {
    const known = numbers.get(group);
    if (known !== undefined) return known;
    numbers.set(group, numbers.size);
    return numbers.size - 1;
  });
  const draw = drawsFrom(seed);
  const figures: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    const counts = new Float64Array(numbers.size);
    for (let drawn = 0; drawn < numbers.size; drawn++) {
      const group = Math.floor(draw() * numbers.size);
      counts[group] = (counts[group] ?? 0) + 1;
    }
    const figure = statistic(Float64Array.from(places, (place) => counts[place] ?? 0));
    if (!Number.isNaN(figure)) figures.push(figure);
  }
  figures.sort((left, right) => left - right);
  const at = (share: number): number => figures[Math.round(share * (figures.length - 1))] ?? Number.NaN;
  return { low: at(0.025), high: at(0.975) };
}
