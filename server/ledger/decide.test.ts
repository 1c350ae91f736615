import { describe, expect, test } from "bun:test";
import { asId, type EntryId, type WorkspaceId } from "../contracts/ids.ts";
import { noMoney, picodollars } from "../money/picodollars.ts";
import { availableOf, freeOf } from "./decide.ts";
import { entryHash, firstChainHead } from "./entry-hash.ts";
import { cap, linesOf, MemoryLedger, money, Operations, reasonsOf } from "./ledger.test-kit.ts";
import type { Operation } from "./operations.ts";

const workspaceId = asId<WorkspaceId>("ws_1");
const our = new Operations(workspaceId);
const entryId = asId<EntryId>("ent_1");

/** A ledger after these operations, with our account as it then is. */
function after(...operations: readonly Operation[]) {
  const ledger = new MemoryLedger();
  const results = ledger.run(...operations);
  return { ledger, results, account: () => ledger.account(workspaceId) };
}

describe("a hold", () => {
  test("takes its amount from what is available and its ceiling from what is free", () => {
    const { account } = after(our.credit(100), our.hold(1, 20, { ceiling: 60 }));
    expect(availableOf(account())).toBe(money(80));
    expect(freeOf(account())).toBe(money(40));
  });

  test("is refused when its ceiling exceeds what is free, and says how much is", () => {
    const { ledger, results } = after(
      our.credit(100),
      our.hold(1, 1, { ceiling: 60 }),
      our.hold(2, 1, { ceiling: 41 }),
    );
    expect(results[2]).toEqual({ ok: false, refusal: { reason: "insufficient_credits", available: money(40) } });
    expect(ledger.holds.has(our.requestId(2))).toBe(false);
  });

  test("never holds more than its ceiling", () => {
    const { account } = after(our.credit(100), our.hold(1, 90, { ceiling: 30 }));
    expect(account()).toMatchObject({ held: money(30), pledged: money(30) });
  });

  test("is refused at the floor, which looks at what is available", () => {
    const floor = { floor: 50 };
    const { results } = after(
      our.credit(100),
      our.hold(1, 49, { ceiling: 90 }),
      our.hold(2, 1, floor),
      our.hold(3, 1, floor),
    );
    expect(reasonsOf(results)).toEqual(["ok", "ok", "ok", "below_floor"]);
  });

  test("needs an account", () => {
    expect(reasonsOf(after(our.hold(1, 0)).results)).toEqual(["no_account"]);
  });

  test("is opened once for a request", () => {
    const { results } = after(our.credit(100), our.hold(1, 10), our.hold(1, 10), our.expire(1), our.hold(1, 10));
    expect(reasonsOf(results)).toEqual(["ok", "ok", "hold_exists", "ok", "hold_exists"]);
  });

  test("of nothing is opened whatever is left", () => {
    const spent = cap("key:a", 10);
    const { ledger } = after(our.credit(10), our.hold(1, 10, { caps: [spent] }));
    expect(reasonsOf(ledger.run(our.hold(2, 0, { caps: [cap("key:a", 5)], floor: -1 })))).toEqual(["ok"]);
  });

  test("cannot be negative, nor grow by less than nothing", () => {
    const { results } = after(
      our.credit(100),
      our.hold(1, -1, { ceiling: 5 }),
      our.hold(1, -5, { ceiling: -1 }),
      our.hold(1, 5),
      our.grow(1, -1, { ceiling: 1 }),
      our.grow(1, 1, { ceiling: -1 }),
    );
    expect(reasonsOf(results)).toEqual([
      "ok",
      "invalid_amount",
      "invalid_amount",
      "ok",
      "invalid_amount",
      "invalid_amount",
    ]);
  });
});

describe("a hold that grows", () => {
  test("raises its amount up to its ceiling without taking what is free", () => {
    const { ledger, account } = after(our.credit(100), our.hold(1, 10, { ceiling: 30 }));
    ledger.run(our.grow(1, 50, { ceiling: 0 }));
    expect(account()).toMatchObject({ held: money(30), pledged: money(30) });
    ledger.run(our.grow(1, 5, { ceiling: 20 }));
    expect(account()).toMatchObject({ held: money(35), pledged: money(50) });
  });

  test("counts under its caps though they are not named again, up to the limit stated last", () => {
    const { ledger } = after(our.credit(1000), our.hold(1, 30, { caps: [cap("key:a", 50)] }));
    expect(ledger.run(our.grow(1, 21), our.grow(1, 20))).toMatchObject([
      { ok: false, refusal: { reason: "over_cap", scope: "key:a", available: money(20) } },
      { ok: true },
    ]);
    expect(ledger.counters.get("key:a")).toMatchObject({ pledged: money(50), limit: money(50) });
    ledger.run(our.settle(1, 50));
    expect(ledger.counters.get("key:a")).toMatchObject({ pledged: noMoney, spent: money(50) });
  });

  test("does not begin to count under another cap", () => {
    const { ledger } = after(our.credit(1000), our.hold(1, 30), our.grow(1, 5, { caps: [cap("key:a", 1)] }));
    expect(ledger.counters.size).toBe(0);
  });

  test("may raise its amount when its limit was lowered below what is pledged", () => {
    const { ledger } = after(our.credit(1000), our.hold(1, 10, { ceiling: 30, caps: [cap("key:a", 50)] }));
    const lowered = { caps: [cap("key:a", 20)] };
    expect(reasonsOf(ledger.run(our.grow(1, 5, { ...lowered, ceiling: 0 }), our.grow(1, 1, lowered)))).toEqual([
      "ok",
      "over_cap",
    ]);
  });
});

describe("a hold's end", () => {
  test("frees what was not used", () => {
    const { ledger, account } = after(our.credit(100), our.hold(1, 60), our.settle(1, 25));
    expect(account()).toMatchObject({ balance: money(75), held: noMoney, pledged: noMoney, entrySequence: 2 });
    expect(ledger.entries.map((entry) => [entry.kind, entry.amount, entry.balanceAfter])).toEqual([
      ["credit", money(100), money(100)],
      ["debit", money(-25), money(75)],
    ]);
  });

  test("comes once: a second settlement, expiry, growth or renewal is refused", () => {
    const { ledger, account } = after(our.credit(100), our.hold(1, 10), our.settle(1, 5));
    const again = [our.settle(1, 5), our.void(1), our.expire(1), our.grow(1, 1), our.renew(1, 900)];
    expect(reasonsOf(ledger.run(...again))).toEqual(Array(5).fill("hold_not_open"));
    expect(account().balance).toBe(money(95));
  });

  test("is the workspace's own", () => {
    const other = new Operations(asId<WorkspaceId>("ws_2"));
    const { results } = after(our.credit(100), other.credit(100), our.hold(1, 10), other.settle(1, 5), other.void(1));
    expect(reasonsOf(results)).toEqual(["ok", "ok", "ok", "hold_not_open", "hold_not_open"]);
  });

  test("at no cost makes no entry", () => {
    const { ledger, results } = after(our.credit(100), our.hold(1, 10), our.settle(1, 0));
    expect(results[2]).toMatchObject({ ok: true, entry: undefined });
    expect(ledger.holds.size).toBe(0);
    expect(ledger.entries).toHaveLength(1);
  });

  test("cannot pay out", () => {
    const lines = [...linesOf(5), ...linesOf(-3)];
    const { results } = after(our.credit(100), our.hold(1, 10), { ...our.settle(1, 0), lines });
    expect(reasonsOf(results)).toEqual(["ok", "ok", "invalid_amount"]);
  });

  test("by expiry gives back what it held, under its caps too", () => {
    const { ledger, account } = after(our.credit(100), our.hold(1, 30, { caps: [cap("key:a", 30)] }), our.expire(1));
    expect(freeOf(account())).toBe(money(100));
    expect(ledger.counters.get("key:a")).toMatchObject({ spent: noMoney, pledged: noMoney });
    expect(ledger.holds.get(our.requestId(1))?.state).toBe("expired");
  });

  test("by expiry waits for the moment the hold was renewed to", () => {
    const { results } = after(
      our.credit(100),
      our.hold(1, 30, { expiresAt: 100 }),
      our.renew(1, 200),
      our.renew(1, 150),
      our.expire(1, 199),
      our.expire(1, 200),
      our.renew(1, 300),
    );
    expect(reasonsOf(results)).toEqual(["ok", "ok", "ok", "ok", "hold_renewed", "ok", "hold_not_open"]);
  });
});

describe("a cost above the ceiling", () => {
  test("is taken from what is free, never from what others are promised", () => {
    const { ledger, account } = after(
      our.credit(100),
      our.hold(1, 10),
      our.hold(2, 1, { ceiling: 80 }),
      our.settle(1, 50),
    );
    expect(account().balance).toBe(money(80));
    expect(ledger.entries.at(-1)).toMatchObject({ amount: money(-20), uncollected: money(30) });
  });

  test("takes no more than its caps have left", () => {
    const caps = [cap("key:a", 40)];
    const { ledger } = after(our.credit(1000), our.hold(1, 10, { caps }), our.hold(2, 20, { caps }), our.settle(1, 50));
    expect(ledger.entries.at(-1)).toMatchObject({ amount: money(-20), uncollected: money(30) });
    expect(ledger.counters.get("key:a")).toMatchObject({ spent: money(20), pledged: money(20) });
  });

  test("takes all of its own ceiling though the limit was lowered meanwhile", () => {
    const { ledger } = after(
      our.credit(1000),
      our.hold(1, 30, { caps: [cap("key:a", 40)] }),
      our.hold(2, 0, { caps: [cap("key:a", 5)] }),
      our.settle(1, 50),
    );
    expect(ledger.entries.at(-1)).toMatchObject({ amount: money(-30), uncollected: money(20) });
  });

  test("that nothing covers is written down in full as uncollected", () => {
    const { ledger } = after(our.credit(100), our.hold(1, 0), our.hold(2, 100), our.settle(1, 7));
    expect(ledger.entries.at(-1)).toMatchObject({ kind: "debit", amount: noMoney, uncollected: money(7) });
  });
});

describe("an entry", () => {
  test("is booked once for its id", () => {
    const { ledger, account } = after(our.credit(100, entryId));
    const other = asId<EntryId>("ent_x");
    expect(reasonsOf(ledger.run(our.credit(100, entryId), our.credit(5, other), our.adjust(5, other)))).toEqual([
      "duplicate_entry",
      "ok",
      "duplicate_entry",
    ]);
    expect(account().balance).toBe(money(105));
  });

  test("of nothing, or a negative credit or refund, is refused", () => {
    const nothing = [our.credit(0), our.credit(-5), our.refund(1, 0), our.refund(1, -5), our.adjust(0)];
    expect(reasonsOf(after(...nothing).results)).toEqual(Array(5).fill("invalid_amount"));
  });

  test("continues its workspace's chain", () => {
    const { ledger, account } = after(our.credit(100), our.hold(1, 60), our.settle(1, 25), our.refund(1, 5));
    let head = firstChainHead;
    for (const { hash, ...entry } of ledger.entries) {
      head = entryHash(head, entry);
      expect(hash).toBe(head);
    }
    expect(account().chainHead).toBe(head);
  });
});

describe("a refund", () => {
  test("gives back no more than the debit, whatever the batch, and says what is left", () => {
    const { ledger, results } = after(our.credit(100), our.hold(1, 60), our.settle(1, 25), our.refund(1, 20));
    expect(reasonsOf(results)).toEqual(["ok", "ok", "ok", "ok"]);
    expect(ledger.run(our.refund(1, 6), our.refund(1, 5), our.refund(1, 1))).toMatchObject([
      { ok: false, refusal: { reason: "over_refund", available: money(5) } },
      { ok: true },
      { ok: false, refusal: { reason: "over_refund", available: noMoney } },
    ]);
  });

  test("gives back only what was collected", () => {
    const { ledger } = after(our.credit(30), our.hold(1, 10), our.settle(1, 50));
    expect(reasonsOf(ledger.run(our.refund(1, 31), our.refund(1, 30)))).toEqual(["over_refund", "ok"]);
  });

  test("goes to the workspace that was debited, and to no other", () => {
    const other = new Operations(asId<WorkspaceId>("ws_2"));
    const { results } = after(our.credit(9), other.credit(9), our.hold(1, 5), our.settle(1, 5), other.refund(1, 5));
    expect(reasonsOf(results).at(-1)).toBe("over_refund");
  });

  test("makes no room under a limit", () => {
    const { ledger } = after(our.credit(99), our.hold(1, 5, { caps: [cap("key:a", 5)] }), our.settle(1, 5));
    ledger.run(our.refund(1, 5));
    expect(ledger.counters.get("key:a")).toMatchObject({ spent: money(5) });
  });
});

describe("an adjustment", () => {
  test("takes what is free and nothing that is pledged", () => {
    const { ledger, account } = after(our.credit(100), our.hold(1, 10, { ceiling: 60 }));
    expect(ledger.run(our.adjust(-41), our.adjust(-40))).toMatchObject([
      { ok: false, refusal: { reason: "insufficient_credits", available: money(40) } },
      { ok: true },
    ]);
    expect(account()).toMatchObject({ balance: money(60), pledged: money(60) });
  });

  test("needs an account", () => {
    expect(reasonsOf(after(our.adjust(5)).results)).toEqual(["no_account"]);
  });
});

describe("a cap", () => {
  test("refuses the hold that would pass it and names its scope", () => {
    const caps = [cap("stack:a", 500), cap("key:a", 50)];
    const { ledger } = after(our.credit(1000), our.hold(1, 30, { caps }), our.settle(1, 20), our.hold(2, 25, { caps }));
    const [over] = ledger.run(our.hold(3, 1, { ceiling: 6, caps }));
    expect(over).toEqual({ ok: false, refusal: { reason: "over_cap", scope: "key:a", available: money(5) } });
  });

  test("named twice counts once, and its least limit holds", () => {
    const caps = [cap("key:a", 50), cap("key:a", 40)];
    const { ledger } = after(our.credit(1000), our.hold(1, 30, { caps }));
    expect(ledger.counters.get("key:a")).toMatchObject({ pledged: money(30), limit: money(40) });
    expect(reasonsOf(ledger.run(our.hold(2, 11, { caps }), our.settle(1, 30)))).toEqual(["over_cap", "ok"]);
    expect(ledger.counters.get("key:a")).toMatchObject({ pledged: noMoney, spent: money(30) });
  });

  test("has its warning and its limit noticed once each, at the settlement's time", () => {
    const caps = [cap("key:a", 30, 20)];
    const { ledger } = after(our.credit(1000));
    for (const n of [1, 2, 3, 4]) ledger.run(our.hold(n, n < 4 ? 10 : 0, { caps }), our.settle(n, n < 4 ? 10 : 0));
    const facts = { workspaceId, scope: "key:a", limit: money(30), at: 2 };
    expect(ledger.notices).toEqual([
      { type: "budget.warning", spent: money(20), ...facts },
      { type: "budget.reached", spent: money(30), ...facts },
    ]);
  });

  test("that warns at its limit has only the limit noticed", () => {
    const { ledger } = after(our.credit(1000), our.hold(1, 10, { caps: [cap("key:a", 10, 10)] }), our.settle(1, 10));
    expect(ledger.notices.map(({ type }) => type)).toEqual(["budget.reached"]);
  });
});

describe("a low balance", () => {
  test("is noticed when it is crossed, and again after credit came", () => {
    const { ledger } = after(our.credit(100));
    ledger.watchBalance(workspaceId, 50);
    const spend = (n: number, cost: number) => ledger.run(our.hold(n, cost), our.settle(n, cost));
    spend(1, 50);
    expect(ledger.notices).toEqual([]);
    spend(2, 1);
    spend(3, 1);
    ledger.run(our.credit(12), our.adjust(-20));
    expect(ledger.notices).toEqual([
      { type: "credits.low", workspaceId, balance: money(49), threshold: money(50), at: 2 },
      { type: "credits.low", workspaceId, balance: picodollars(40n), threshold: money(50), at: 4 },
    ]);
  });
});
