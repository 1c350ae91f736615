// Tells rows that the sums may have passed already from all others, when they are written: in time for nearly all of
// them a comparison of two texts.

import type { RequestId } from "../../contracts/ids.ts";

/** Rows of requests that began longer ago count as late. */
export const lateAfterMs = 30_000;
/** How far sums stay behind the clock: what a transaction may take, and by how much the clocks of processes may differ. */
export const summedAfterMs = 120_000;

const timeDigits = 12;
const renewedMs = 1_000;

/** The id that all requests made before this moment sort below. @param ms Unix milliseconds */
export function requestIdAt(ms: number): string {
  return `req_${Math.max(0, Math.floor(ms)).toString(16).padStart(timeDigits, "0")}`;
}

/** How far any workspace's rows may be summed, as one process knows it. */
export class SumsFrontier {
  #passed = "";
  #lateUpTo = "";
  #renewedAt = 0;

  /** Rows up to this request are summed, or about to be. */
  pass(requestId: string): void {
    if (requestId > this.#passed) this.#passed = requestId;
    this.#renewedAt = 0;
  }

  /** Whether sums may have passed this request: its row is then to be listed as late. */
  isLate(requestId: RequestId): boolean {
    const now = Date.now();
    // Also when the clock was set back: what is known to be passed stays passed.
    if (Math.abs(now - this.#renewedAt) >= renewedMs) {
      const old = requestIdAt(now - lateAfterMs);
      this.#lateUpTo = old > this.#passed ? old : this.#passed;
      this.#renewedAt = now;
    }
    return requestId <= this.#lateUpTo;
  }
}
