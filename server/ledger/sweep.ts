// Frees the holds that a crash left behind: their leases have run out, and nobody renews them any more.

import type { RequestId } from "../contracts/ids.ts";
import type { LedgerStore } from "./group-commit.ts";
import type { Ledger } from "./ledger.ts";

const sweptAtOnce = 500;
/** With the time of a commit, an expired hold is free within a second. */
const betweenSweepsMs = 500;

export type Sweep = {
  readonly ledger: Pick<Ledger, "submit">;
  readonly store: Pick<LedgerStore, "expiredHolds">;
  /** Whether a hold belongs to a living request of this process, whatever its expiry says: the process may have slept. */
  readonly isAlive: (requestId: RequestId) => boolean;
};

/** Expires every open hold past its expiry; returns how many. A hold that ends or is renewed meanwhile is left as it is. */
export async function sweepExpiredHolds({ ledger, store, isAlive }: Sweep, nowMs: number): Promise<number> {
  let expired = 0;
  for (;;) {
    const found = await store.expiredHolds(nowMs, sweptAtOnce);
    const holds = found.filter(({ requestId }) => !isAlive(requestId));
    const results = await Promise.all(holds.map((hold) => ledger.submit({ type: "expire", ...hold, at: nowMs })));
    const ended = results.filter((result) => result.ok).length;
    expired += ended;
    // Holds that cannot be expired would be found again and again.
    if (found.length < sweptAtOnce || ended === 0) return expired;
  }
}

export type Sweeper = {
  /** Sweeps no more; resolves when a sweep under way has ended. */
  readonly stop: () => Promise<void>;
};

/**
 * Sweeps now and twice a second from then on, one sweep after the other.
 * @param now Unix milliseconds.
 * @param onFailure hears of a sweep that failed: once, until one succeeds again.
 */
export function startSweeping(sweep: Sweep, now: () => number, onFailure: (error: unknown) => void): Sweeper {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let failing = false;
  const once = async (): Promise<void> => {
    try {
      await sweepExpiredHolds(sweep, Math.floor(now()));
      failing = false;
    } catch (error) {
      if (!failing) onFailure(error);
      failing = true;
    }
    if (!stopped) timer = setTimeout(again, betweenSweepsMs);
  };
  let running = once();
  function again(): void {
    running = once();
  }
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
