// Waiting in the sandbox: every wait is held to one of the attempt's clocks and ends when the caller leaves.

import { ProviderFailure } from "../provider.ts";

/** Resolves after the milliseconds, or earlier once the signal aborts. Never rejects. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/**
 * Waits, but not longer than the clock allows. An infinite wait always runs into the clock.
 * @throws ProviderFailure timeout when the clock runs out first, cancelled when the signal aborts.
 */
export async function waitWithin(waitMs: number, clockMs: number, sleep: Sleep, signal: AbortSignal): Promise<void> {
  throwIfCancelled(signal);
  const timesOut = waitMs >= clockMs;
  await sleep(Math.min(waitMs, clockMs), signal);
  throwIfCancelled(signal);
  if (timesOut) throw new ProviderFailure("timeout", "the sandbox did not answer in time");
}

/** @throws ProviderFailure cancelled. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new ProviderFailure("cancelled", "the call was cancelled");
}
