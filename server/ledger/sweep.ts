// Frees the holds that a crash left behind: their expiry lies beyond any time a living request may take.

import type { LedgerStore } from "./group-commit.ts";
import type { Ledger } from "./ledger.ts";

const sweptAtOnce = 500;

/** Expires every open hold past its expiry; returns how many. A hold that ends meanwhile is left as it is. */
export async function sweepExpiredHolds(ledger: Ledger, store: LedgerStore, nowMs: number): Promise<number> {
  let expired = 0;
  for (;;) {
    const holds = await store.expiredHolds(nowMs, sweptAtOnce);
    const results = await Promise.all(holds.map((hold) => ledger.submit({ type: "expire", ...hold })));
    expired += results.filter((result) => result.ok).length;
    if (holds.length < sweptAtOnce) return expired;
  }
}
