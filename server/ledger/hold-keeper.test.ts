import { describe, expect, test } from "bun:test";
import { asId, type WorkspaceId } from "../contracts/ids.ts";
import { HoldKeeper } from "./hold-keeper.ts";
import { MemoryLedger, Operations } from "./ledger.test-kit.ts";
import type { Operation, OperationResult } from "./operations.ts";
import { sweepExpiredHolds } from "./sweep.ts";

const our = new Operations(asId<WorkspaceId>("ws_1"));
const leaseMs = 1_000;

/** A keeper over a ledger in memory, whose clock the test moves. */
function keeping({ longestMs = 60_000 } = {}) {
  const memory = new MemoryLedger();
  memory.run(our.credit(1_000));
  const renewals: string[] = [];
  const failures: unknown[] = [];
  const state = { now: 0, failing: false, answer: Promise.resolve() };
  const submit = async (operation: Operation): Promise<OperationResult> => {
    if (operation.type === "renew") renewals.push(operation.requestId);
    await state.answer;
    if (state.failing) throw new Error("no database");
    const [result] = memory.run(operation);
    if (!result) throw new Error("no result");
    return result;
  };
  const onFailure = (error: unknown): void => void failures.push(error);
  const keeper = new HoldKeeper({ ledger: { submit }, leaseMs, longestMs, now: () => state.now, onFailure });
  const open = (n: number): void => {
    const expiresAt = keeper.expiry();
    memory.run(our.hold(n, 1, { expiresAt }));
    keeper.keep({ requestId: our.requestId(n), workspaceId: our.workspaceId, expiresAt });
  };
  /** Looks after the holds at a moment, as the timer would, and lets the renewals end. */
  const lookAt = async (now: number): Promise<void> => {
    state.now = now;
    keeper.renewDue();
    await Bun.sleep(0);
  };
  return { memory, renewals, failures, state, keeper, open, lookAt, submit };
}

const expiryOf = (memory: MemoryLedger, n: number) => memory.holds.get(our.requestId(n))?.expiresAt;

describe("a kept hold", () => {
  test("is not renewed while it is young, and always has half of its lease left", async () => {
    const { memory, renewals, open, lookAt } = keeping();
    open(1);
    await lookAt(250);
    expect(renewals).toEqual([]);
    for (let now = 500; now < 20_000; now += 250) {
      expect((expiryOf(memory, 1) ?? 0) - now).toBeGreaterThanOrEqual(leaseMs / 2);
      await lookAt(now);
    }
    expect(renewals.length).toBeLessThan(45);
  });

  test("is renewed no more once it is released", async () => {
    const { renewals, keeper, open, lookAt } = keeping();
    open(1);
    keeper.release(our.requestId(1));
    await lookAt(900);
    expect(renewals).toEqual([]);
    expect(keeper.keeps(our.requestId(1))).toBe(false);
  });

  test("is left to expire when its request takes longer than any may", async () => {
    const { memory, keeper, open, lookAt } = keeping({ longestMs: 3_000 });
    open(1);
    for (let now = 0; now < 5_000; now += 250) await lookAt(now);
    expect(expiryOf(memory, 1)).toBeLessThanOrEqual(4_000);
    expect(keeper.keeps(our.requestId(1))).toBe(false);
  });

  test("is given up when the ledger has it no more", async () => {
    const { memory, renewals, failures, open, lookAt } = keeping();
    open(1);
    memory.run(our.void(1));
    for (const now of [500, 750, 1_000]) await lookAt(now);
    expect([renewals.length, failures]).toEqual([1, []]);
  });

  test("is not renewed a second time while a renewal is under way", async () => {
    const { renewals, state, open, lookAt } = keeping();
    const gate = Promise.withResolvers<void>();
    state.answer = gate.promise;
    open(1);
    for (const now of [500, 750, 900]) await lookAt(now);
    expect(renewals).toHaveLength(1);
    gate.resolve();
  });
});

describe("a renewal that fails", () => {
  test("is tried again at the next look, and told once however many fail", async () => {
    const { memory, renewals, failures, state, open, lookAt } = keeping();
    state.failing = true;
    for (const n of [1, 2, 3]) open(n);
    await lookAt(500);
    await lookAt(750);
    expect([renewals.length, failures.length]).toEqual([6, 1]);
    state.failing = false;
    await lookAt(900);
    expect(expiryOf(memory, 2)).toBe(1_900);
    state.failing = true;
    await lookAt(1_500);
    expect(failures).toHaveLength(2);
  });
});

test("the timer looks four times a lease until it is stopped", async () => {
  const { renewals, state, keeper, open } = keeping();
  open(1);
  state.now = 900;
  keeper.start();
  await Bun.sleep(leaseMs / 2);
  keeper.stop();
  expect(renewals).toHaveLength(1);
});

test("a sweep of the same process does not end a kept hold though its lease ran out while the process slept", async () => {
  const { memory, keeper, open, submit } = keeping();
  open(1);
  open(2);
  keeper.release(our.requestId(2));
  const store = {
    expiredHolds: async () => [1, 2].map((n) => ({ requestId: our.requestId(n), workspaceId: our.workspaceId })),
  };
  const sweep = { ledger: { submit }, store, isAlive: keeper.keeps.bind(keeper) };
  expect(await sweepExpiredHolds(sweep, 9_000)).toBe(1);
  expect([1, 2].map((n) => memory.holds.get(our.requestId(n))?.state)).toEqual(["open", "expired"]);
});
