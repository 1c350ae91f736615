// Accounts, holds and what frees them: the part of the suite for ledger stores that is about money set aside.

import { expect, test } from "bun:test";
import { newId } from "../contracts/ids.ts";
import { entryHash, firstChainHead } from "../ledger/entry-hash.ts";
import { cap, money, reasonsOf } from "../ledger/ledger.test-kit.ts";
import type { Entry } from "../ledger/operations.ts";
import { sweepExpiredHolds } from "../ledger/sweep.ts";
import { noMoney } from "../money/picodollars.ts";
import { expiredHoldsKeptMs } from "./prune-holds.ts";
import { ledgerOver, type UseStore } from "./ledger-store.test-kit.ts";

export function accountsAndHolds(use: UseStore): void {
  test("keeps accounts, holds, counters and a chain of entries", async () => {
    const opened = use();
    const { our } = opened;
    const caps = [cap(`key:${opened.workspaceId}`, 500, 400)];
    await opened.commit(our.credit(100), our.hold(1, 10, { ceiling: 30, caps, expiresAt: 70 }));
    await opened.commit(our.grow(1, 5, { ceiling: 0 }), our.renew(1, 90), our.hold(2, 1));
    expect(await opened.account()).toMatchObject({ balance: money(100), held: money(16), pledged: money(31) });
    const [first] = (await opened.holds()).filter((row) => row.request_id === our.requestId(1));
    expect([first?.amount, first?.ceiling, Number(first?.expires_at), first?.state]).toEqual([15n, 30n, 90, "open"]);
    await opened.commit(our.settle(1, 25), our.void(2));
    expect(await opened.account()).toMatchObject({ balance: money(75), held: noMoney, pledged: noMoney });
    expect(await opened.counter(`key:${opened.workspaceId}`)).toMatchObject({
      spent: 25n,
      pledged: 0n,
      limit_amount: 500n,
      warn_at: 400n,
    });
    expect(await opened.holds()).toEqual([]);
    const entries = await opened.entries();
    expect(entries.map(({ sequence, kind, amount }) => [sequence, kind, amount])).toEqual([
      [1, "credit", money(100)],
      [2, "debit", money(-25)],
    ]);
    expect((await opened.account()).chainHead).toBe(headOf(entries));
  });

  test("gives no account to a workspace that never had credit", async () => {
    expect(await use().database.ledgerStore.account(newId("ws"))).toBeUndefined();
  });

  test("knows in later batches what earlier ones did", async () => {
    const opened = use();
    const { our } = opened;
    const [entryId, caps] = [newId("ent"), [cap(`key:${opened.workspaceId}`, 40)]];
    await opened.commit(our.credit(100, entryId), our.hold(1, 30, { caps }));
    const results = await opened.commit(
      our.credit(100, entryId),
      our.adjust(5, entryId),
      our.hold(1, 1),
      our.hold(2, 11, { caps }),
      our.grow(1, 11),
    );
    const reasons = ["duplicate_entry", "duplicate_entry", "hold_exists", "over_cap", "over_cap"];
    expect(reasonsOf(results)).toEqual(reasons);
  });

  test("lists open holds past their expiry, the oldest first, and no others", async () => {
    const opened = use();
    const { our } = opened;
    await opened.commit(our.credit(100), ...[3, 1, 2, 4, 5].map((n) => our.hold(n, 1, { expiresAt: 10 * n })));
    await opened.commit(our.settle(1, 1), our.renew(2, 300), our.expire(3, 30));
    const own = async (nowMs: number) => {
      const found = await opened.database.ledgerStore.expiredHolds(nowMs, 1_000);
      return found.filter(({ workspaceId }) => workspaceId === opened.workspaceId).map(({ requestId }) => requestId);
    };
    expect(await own(39)).toEqual([]);
    expect(await own(40)).toEqual([our.requestId(4)]);
    expect(await own(300)).toEqual([4, 5, 2].map((n) => our.requestId(n)));
    expect(await opened.database.ledgerStore.expiredHolds(300, 1)).toHaveLength(1);
  });

  test("frees expired holds by a sweep, and leaves living ones alone", async () => {
    const opened = use();
    const { our } = opened;
    const ledger = ledgerOver(opened);
    await opened.commit(our.credit(100), our.hold(1, 10, { expiresAt: 50 }), our.hold(2, 20, { expiresAt: 500 }));
    expect(
      await sweepExpiredHolds({ ledger, store: opened.database.ledgerStore, isAlive: () => false }, 100),
    ).toBeGreaterThanOrEqual(1);
    expect(await opened.account()).toMatchObject({ held: money(20) });
  });

  test("deletes expired holds thirty days after their lease, and nothing else", async () => {
    const opened = use();
    const { our, database } = opened;
    await opened.commit(our.credit(100), ...[1, 2, 3, 4].map((n) => our.hold(n, n, { expiresAt: 10 * n })));
    await opened.commit(our.expire(1, 10), our.expire(2, 20), our.settle(4, 1));
    const left = async () => (await opened.holds()).map((row) => row.request_id).toSorted();
    const ids = (...numbers: readonly number[]) => numbers.map((n) => our.requestId(n)).toSorted();
    await database.prune(expiredHoldsKeptMs + 9);
    expect(await left()).toEqual(ids(1, 2, 3));
    await database.prune(expiredHoldsKeptMs + 10);
    expect(await left()).toEqual(ids(2, 3));
    await database.prune(expiredHoldsKeptMs * 2);
    expect(await left()).toEqual(ids(3));
    expect(await opened.account()).toMatchObject({ balance: money(99), held: money(3), pledged: money(3) });
  });
}

/** The chain's head after these entries, each of which must have the hash that it should have. */
function headOf(entries: readonly Entry[]): string {
  let head = firstChainHead;
  for (const { hash, ...entry } of entries) {
    head = entryHash(head, entry);
    expect(hash).toBe(head);
  }
  return head;
}
