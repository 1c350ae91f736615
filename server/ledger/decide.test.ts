import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { asId, type EntryId, type KeyId, type RequestId, type WorkspaceId } from "../contracts/ids.ts";
import { noMoney, picodollars, type Picodollars } from "../money/picodollars.ts";
import { emptyAccount, type LedgerState } from "./batch.ts";
import { availableOf, decide } from "./decide.ts";
import { readEntryLines } from "./entry-lines.ts";
import type { Account, Cap, Counter, Entry, Hold, Operation, OperationResult } from "./operations.ts";

const workspaceId = asId<WorkspaceId>("ws_1");
const keyId = asId<KeyId>("key_1");
const request = (n: number) => asId<RequestId>(`req_${n}`);
const money = (n: number): Picodollars => picodollars(BigInt(n));

const credit = (amount: number, id = "ent_credit"): Operation => ({
  type: "credit",
  workspaceId,
  entryId: asId<EntryId>(id),
  amount: money(amount),
  counterpart: "grants",
  memo: "grant",
  at: 1,
});
/** The ceiling is the amount where none is given. */
const hold = (n: number, amount: number, caps: Cap[] = [], floor = 0, ceiling = amount): Operation => ({
  type: "hold",
  requestId: request(n),
  workspaceId,
  keyId,
  amount: money(amount),
  ceiling: money(ceiling),
  floor: money(floor),
  expiresAt: 10,
  caps,
});
const grow = (n: number, amount: number, caps: Cap[] = [], ceiling = amount): Operation => ({
  type: "grow",
  requestId: request(n),
  workspaceId,
  amount: money(amount),
  ceiling: money(ceiling),
  caps,
});
const settle = (n: number, cost: number): Operation => ({
  type: "settle",
  requestId: request(n),
  workspaceId,
  entryId: asId<EntryId>(`ent_${n}`),
  priceVersion: "p1",
  at: 2,
  lines:
    cost === 0
      ? []
      : [{ model: "m", provider: "p", unit: "output_token", count: cost, unitPrice: money(1), amount: money(cost) }],
});
const expire = (n: number): Operation => ({ type: "expire", requestId: request(n), workspaceId, at: 10 });
const cap = (scope: string, limit: number): Cap => ({ scope, limit: money(limit), warnAt: undefined });

/** A store in memory: what a database would keep between batches. */
class Memory {
  accounts = new Map<WorkspaceId, Account>();
  holds = new Map<RequestId, Hold>();
  counters = new Map<string, Counter>();
  entries: Entry[] = [];

  run(...operations: Operation[]): OperationResult[] {
    const knownEntryIds = new Set(this.entries.map((entry) => entry.id));
    const state: LedgerState = { ...this, knownEntryIds, refundable: new Map() };
    const changes = decide(state, operations);
    for (const [id, account] of changes.accounts) this.accounts.set(id, account);
    for (const [id, one] of changes.holds) this.holds.set(id, one);
    for (const [scope, counter] of changes.counters) this.counters.set(scope, counter);
    this.entries.push(...changes.entries);
    return changes.results;
  }

  get account(): Account {
    return this.accounts.get(workspaceId) ?? emptyAccount(workspaceId);
  }
}

const reasons = (results: OperationResult[]) => results.map((result) => (result.ok ? "ok" : result.refusal.reason));

describe("decide", () => {
  test("a hold takes from what is available and a settlement frees what was not used", () => {
    const memory = new Memory();
    memory.run(credit(100), hold(1, 60));
    expect(availableOf(memory.account)).toBe(money(40));
    memory.run(settle(1, 25));
    expect(memory.account).toMatchObject({
      balance: money(75),
      held: noMoney,
      pledged: noMoney,
      entrySequence: 2,
      chainHead: memory.entries[1]?.hash,
    });
    expect(memory.entries.map((entry) => [entry.kind, entry.amount, entry.balanceAfter])).toEqual([
      ["credit", money(100), money(100)],
      ["debit", money(-25), money(75)],
    ]);
  });

  test("a hold is refused when it exceeds what is available, and says how much is", () => {
    const memory = new Memory();
    const results = memory.run(credit(100), hold(1, 60), hold(2, 41));
    expect(results[2]).toEqual({ ok: false, refusal: { reason: "insufficient_credits", available: money(40) } });
    expect(memory.holds.has(request(2))).toBe(false);
  });

  test("a balance at the floor holds nothing", () => {
    expect(reasons(new Memory().run(credit(100), hold(1, 1, [], 100), hold(2, 1, [], 99)))).toEqual([
      "ok",
      "below_floor",
      "ok",
    ]);
  });

  test("a hold ends once: a second settlement, an expiry or a growth afterwards is refused", () => {
    const memory = new Memory();
    memory.run(credit(100), hold(1, 10), settle(1, 5));
    expect(reasons(memory.run(settle(1, 5), expire(1), grow(1, 1)))).toEqual(Array(3).fill("hold_not_open"));
    expect(memory.account.balance).toBe(money(95));
  });

  test("a request id holds only once", () => {
    expect(reasons(new Memory().run(credit(100), hold(1, 10), hold(1, 10)))).toEqual(["ok", "ok", "hold_exists"]);
  });

  test("a settlement at no cost voids the hold without an entry", () => {
    const memory = new Memory();
    memory.run(credit(100), hold(1, 10), settle(1, 0));
    expect(memory.holds.get(request(1))?.state).toBe("voided");
    expect(memory.entries).toHaveLength(1);
  });

  test("a cost above the hold is taken from what is available, never from what others hold", () => {
    const memory = new Memory();
    memory.run(credit(100), hold(1, 10), hold(2, 80), settle(1, 50));
    expect(memory.account.balance).toBe(money(80));
    expect(memory.entries.at(-1)).toMatchObject({ amount: money(-20), uncollected: money(30) });
  });

  test("the same credit is booked once", () => {
    const memory = new Memory();
    memory.run(credit(100));
    expect(reasons(memory.run(credit(100), credit(5, "ent_x"), credit(5, "ent_x")))).toEqual([
      "duplicate_entry",
      "ok",
      "duplicate_entry",
    ]);
    expect(memory.account.balance).toBe(money(105));
  });

  test("a cap refuses the hold that would pass it and names its scope", () => {
    const memory = new Memory();
    const caps = [cap("key:a", 50)];
    memory.run(credit(1000), hold(1, 30, caps), settle(1, 20), hold(2, 25, caps));
    const [refused, fits] = memory.run(hold(3, 6, caps), grow(2, 5, caps));
    expect(refused).toEqual({ ok: false, refusal: { reason: "over_cap", scope: "key:a", available: money(5) } });
    expect(fits?.ok).toBe(true);
  });

  test("an expired hold gives back what it held, under its caps too", () => {
    const memory = new Memory();
    memory.run(credit(100), hold(1, 30, [cap("key:a", 30)]), expire(1));
    expect(availableOf(memory.account)).toBe(money(100));
    expect(memory.counters.get("key:a")).toMatchObject({ spent: noMoney, pledged: noMoney });
  });
});

const anyOperation: fc.Arbitrary<Operation> = fc.oneof(
  fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 400 })).map(([id, amount]) => credit(amount, `ent_c${id}`)),
  fc
    .tuple(fc.nat(30), fc.nat(300), fc.nat(50), fc.boolean())
    .map(([n, amount, floor, capped]) => hold(n, amount, capped ? [cap("cap", 500)] : [], floor)),
  fc.tuple(fc.nat(30), fc.nat(100)).map(([n, amount]) => grow(n, amount)),
  fc.tuple(fc.nat(30), fc.nat(500)).map(([n, cost]) => settle(n, cost)),
  fc.nat(30).map(expire),
);

test("any sequence of operations, cut into any batches, keeps every promise of the ledger", () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyOperation, { maxLength: 8 }), { maxLength: 30 }), (batches) => {
      const memory = new Memory();
      for (const batch of batches) {
        memory.run(...batch);
        const { balance, held } = memory.account;
        const open = [...memory.holds.values()].filter((one) => one.state === "open");
        expect(held).toBe(picodollars(open.reduce((sum, one) => sum + one.amount, 0n)));
        expect(balance).toBe(picodollars(memory.entries.reduce((sum, entry) => sum + entry.amount, 0n)));
        expect(availableOf(memory.account) >= 0n).toBe(true);
        const paidIn = memory.entries.filter((e) => e.kind === "credit").reduce((sum, e) => sum + e.amount, 0n);
        const settled = memory.entries.filter((e) => e.kind === "debit").reduce((sum, e) => sum - e.amount, 0n);
        expect(settled + held <= paidIn).toBe(true);
        const capped = open.filter((one) => one.scopes.includes("cap")).reduce((sum, one) => sum + one.amount, 0n);
        expect(memory.counters.get("cap")?.pledged ?? 0n).toBe(capped);
      }
      expect(memory.entries.map((entry) => entry.sequence)).toEqual(memory.entries.map((_, index) => index + 1));
      for (const entry of memory.entries) {
        const lines = readEntryLines(entry.lines).reduce((sum, line) => sum + BigInt(line.count) * line.unitPrice, 0n);
        if (entry.kind === "debit") expect(-entry.amount + entry.uncollected).toBe(lines);
      }
    }),
    { numRuns: 300 },
  );
});

test("one batch decides the same as its operations one by one", () => {
  fc.assert(
    fc.property(fc.array(anyOperation, { maxLength: 40 }), (operations) => {
      const together = new Memory();
      const apart = new Memory();
      const results = together.run(...operations);
      expect(results).toEqual(operations.flatMap((operation) => apart.run(operation)));
      expect(together.account).toEqual(apart.account);
      expect(together.entries).toEqual(apart.entries);
    }),
  );
});
