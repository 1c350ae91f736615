import { describe, expect, test } from "bun:test";
import { newId } from "../contracts/ids.ts";
import type { LedgerStore } from "./group-commit.ts";
import type { Ledger } from "./ledger.ts";
import type { OperationResult } from "./operations.ts";
import { startSweeping, sweepExpiredHolds } from "./sweep.ts";

const workspaceId = newId("ws");
const refused: OperationResult = { ok: false, refusal: { reason: "hold_not_open" } };
const ledger: Pick<Ledger, "submit"> = { submit: async () => refused };
const isAlive = (): boolean => false;

test("a sweep ends though not one of many expired holds can be expired", async () => {
  let looks = 0;
  const store: Pick<LedgerStore, "expiredHolds"> = {
    async expiredHolds(_nowMs, limit) {
      looks += 1;
      if (looks > 3) throw new Error("the sweep goes round in circles");
      return Array.from({ length: limit }, () => ({ requestId: newId("req"), workspaceId }));
    },
  };
  expect(await sweepExpiredHolds({ ledger, store, isAlive }, 0)).toBe(0);
});

describe("sweeping", () => {
  test("begins at once, asks in whole milliseconds, and never runs twice at a time", async () => {
    const asked: number[] = [];
    const gate = Promise.withResolvers<void>();
    const store: Pick<LedgerStore, "expiredHolds"> = {
      async expiredHolds(nowMs) {
        asked.push(nowMs);
        await gate.promise;
        return [];
      },
    };
    const sweeper = startSweeping(
      { ledger, store, isAlive },
      () => 7.5,
      () => undefined,
    );
    await Bun.sleep(700);
    expect(asked).toEqual([7]);
    gate.resolve();
    while (asked.length < 2) await Bun.sleep(10);
    await sweeper.stop();
  });

  test("goes on after failures, tells of them once, and asks nothing once it is stopped", async () => {
    let looks = 0;
    const failures: unknown[] = [];
    const store: Pick<LedgerStore, "expiredHolds"> = {
      async expiredHolds() {
        looks += 1;
        throw new Error("no database");
      },
    };
    const sweeper = startSweeping(
      { ledger, store, isAlive },
      () => 0,
      (error) => failures.push(error),
    );
    while (looks < 3) await Bun.sleep(10);
    await sweeper.stop();
    expect([looks, failures.length]).toEqual([3, 1]);
    await Bun.sleep(600);
    expect(looks).toBe(3);
  });
});
