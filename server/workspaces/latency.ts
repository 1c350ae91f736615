// Percentiles of answer times out of counts by range: each range is 1.19 times as long as the one before, and within one
// times are taken to be spread evenly.

/** Whole milliseconds at which the ranges begin, but for the first, which begins at 0. The last has no end. */
export const tookBounds: readonly number[] = Array.from({ length: 63 }, (_, index) =>
  Math.round(16 * 2 ** (index / 4)),
);

/** The ranges of short times, for most answers are short. */
const rangeOfShort = Uint8Array.from({ length: 16_384 }, (_, ms) => searchRange(ms));

/** The range that a time lies in. @param ms whole milliseconds, 0 or more */
export function tookRange(ms: number): number {
  return rangeOfShort[ms] ?? searchRange(ms);
}

function searchRange(ms: number): number {
  const range = tookBounds.findIndex((bound) => ms < bound);
  return range === -1 ? tookBounds.length : range;
}

/**
 * The time, in milliseconds, that `share` of the answers took at most; undefined without answers.
 * @param took counts by range, one more than there are bounds
 * @param share above 0 and at most 1
 */
export function percentileMs(took: readonly number[], share: number): number | undefined {
  let all = 0;
  for (let index = 0; index < took.length; index++) all += took[index] ?? 0;
  if (all === 0) return undefined;
  const wanted = share * all;
  let before = 0;
  for (let index = 0; index < took.length; index++) {
    const count = took[index] ?? 0;
    if (count > 0 && before + count >= wanted) {
      const from = tookBounds[index - 1] ?? 0;
      const to = tookBounds[index] ?? from;
      return Math.round(from + ((wanted - before) / count) * (to - from));
    }
    before += count;
  }
  return tookBounds.at(-1);
}
