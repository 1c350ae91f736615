// When a delivery that failed is tried again: soon at first, then ever more seldom, for about three days.

const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

/** Waits between one try and the next; after the last the delivery has failed. */
export const retryDelaysMs = [
  5 * seconds,
  5 * minutes,
  30 * minutes,
  2 * hours,
  5 * hours,
  10 * hours,
  14 * hours,
  20 * hours,
  24 * hours,
] as const;

/** A wait grows by up to this share, so that receivers coming back are not met by everything at once. */
const jitterShare = 0.2;

/**
 * Milliseconds until the next try; undefined when this was the last.
 * @param tries made so far, at least 1.
 * @param random from 0 to below 1.
 */
export function retryDelayMs(tries: number, random: number): number | undefined {
  const delay = retryDelaysMs[tries - 1];
  return delay === undefined ? undefined : Math.round(delay * (1 + jitterShare * random));
}
