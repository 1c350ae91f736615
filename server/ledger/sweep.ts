// Frees the holds that a crash left behind: their expiry lies beyond any time a living request may take.

import type { LedgerStore } from "./group-commit.ts";
import type { Ledger } from "./ledger.ts";

const sweptAtOnce = 500;

/** Expires every open hold past its expiry; returns how many. A hold that ends meanwhile is left as it is. */
export async function sweepExpiredHolds(
  ledger: Pick<Ledger, "submit">,
  store: Pick<LedgerStore, "expiredHolds">,
  nowMs: number,
): Promise<number> {
  let expired = 0;
  for (;;) {
    const holds = await store.expiredHolds(nowMs, sweptAtOnce);
    const results = await Promise.all(holds.map((hold) => ledger.submit({ type: "expire", ...hold, at: nowMs })));
    const ended = results.filter((result) => result.ok).length;
    expired += ended;
    // Holds that cannot be expired would be found again and again.
    if (holds.length < sweptAtOnce || ended === 0) return expired;
  }
}
