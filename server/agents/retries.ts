// When what could not be done because of the engine is tried again, and when no more.

/** Before a try after the first, second ... one that failed; the last one from then on. */
const retryMs = [2_000, 5_000, 10_000, 20_000, 30_000];
/** Tries in a row that a roll-out has: together they wait for a little over two minutes. */
const mostTries = 8;

/** What people are told that a roll-out waits for its engine at most. */
export const patience = "two minutes";

/** @param tries how many in a row have failed. */
export function delayAfter(tries: number): number {
  return retryMs[Math.min(tries, retryMs.length) - 1] ?? 0;
}

/** @param tries how many in a row have failed, the one of now included. */
export function isGivenUp(tries: number): boolean {
  return tries >= mostTries;
}
