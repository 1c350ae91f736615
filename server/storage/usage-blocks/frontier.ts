// Tells rows that the blocks may have passed already from all others, when they are written: in time for nearly all of
// them a comparison of two texts.

import type { RequestId } from "../../contracts/ids.ts";

/** Rows of requests that began longer ago count as late. */
export const lateAfterMs = 30_000;
/** How far blocks stay behind the clock: what a transaction may take, and by how much the clocks of processes may differ. */
export const packedAfterMs = 120_000;

const timeDigits = 12;
const renewedMs = 1_000;

/** The id that all requests made before this moment sort below. @param ms Unix milliseconds */
export function requestIdAt(ms: number): string {
  return `req_${Math.max(0, Math.floor(ms)).toString(16).padStart(timeDigits, "0")}`;
}

/** When a request id was made, in Unix milliseconds; NaN for text that is none. */
export function timeOfRequestId(requestId: RequestId): number {
  return Number.parseInt(requestId.slice("req_".length, "req_".length + timeDigits), 16);
}

/** How far any workspace's rows may be packed, as one process knows it. */
export class BlockFrontier {
  #passed = "";
  #lateUpTo = "";
  #renewedAt = 0;

  /** Rows up to this request are packed, or about to be. */
  pass(requestId: string): void {
    if (requestId > this.#passed) this.#passed = requestId;
    this.#renewedAt = 0;
  }

  /** Whether blocks may have passed this request: its row is then to be listed as late. */
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
