import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { budgetSchema, type Budget } from "../contracts/budget.ts";
import { asId, type KeyId, type StackId, type WorkspaceId } from "../contracts/ids.ts";
import { policySchema, type StackPolicyInput } from "../contracts/policy.ts";
import type { ApiKey } from "../keys/api-key.ts";
import { MemoryLedger, money, Operations } from "../ledger/ledger.test-kit.ts";
import { eventOf } from "../ledger/notice.ts";
import { parseUsd, picodollars, type Picodollars } from "../money/picodollars.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import { capsOf, requestMaxOf } from "./budget-caps.ts";

const workspaceId = asId<WorkspaceId>("ws_1");
const noon = Date.parse("2026-11-30T12:00:00Z");
const day = 86_400_000;

type Facts = {
  readonly workspace?: Partial<Workspace>;
  readonly key?: Partial<ApiKey>;
  readonly stack?: StackPolicyInput["budget"];
  readonly at?: number;
};

function spender({ workspace, key, stack, at = noon }: Facts) {
  const policy = policySchema.parse({ budget: stack ?? {} });
  const owner: Workspace = {
    id: workspaceId,
    name: "w",
    slug: "w",
    status: "active",
    statusReason: undefined,
    stackId: undefined,
    budget: undefined,
    createdAt: 0,
    ...workspace,
  };
  const payer: ApiKey = {
    id: asId<KeyId>("key_1"),
    workspaceId,
    name: "k",
    mode: "live",
    purpose: "api",
    prefix: "12345678",
    previous: undefined,
    stackId: undefined,
    rateLimitPerMinute: undefined,
    spendLimit: undefined,
    budget: undefined,
    allowedModels: [],
    expiresAt: undefined,
    revokedAt: undefined,
    rotatedAt: undefined,
    lastUsedAt: undefined,
    createdAt: 0,
    ...key,
  };
  const resolved = { id: asId<StackId>("stk_1"), slug: "s", version: 1, policy, source: "default" } as const;
  return { workspace: owner, key: payer, stack: resolved, policy, arrivedAt: at };
}

const budget = (written: object): Budget => budgetSchema.parse(written);
const usd = (text: string): Picodollars => parseUsd(text) ?? picodollars(-1n);

describe("the caps of a request", () => {
  test("are none, and always the same none, without a budget", () => {
    expect(capsOf(spender({}))).toEqual([]);
    expect(capsOf(spender({}))).toBe(capsOf(spender({ workspace: { budget: budget({ perRequestMaxUsd: "1" }) } })));
  });

  test("count for key, workspace and stack by day and month, and for the key's life", () => {
    const both = { dailyUsd: "1", monthlyUsd: "20", warnPercent: 50, hardStopPercent: 90 };
    const caps = capsOf(
      spender({
        workspace: { budget: budget(both) },
        key: { budget: budget(both), spendLimit: usd("5") },
        stack: both,
      }),
    );
    expect(caps.map(({ scope }) => scope)).toEqual([
      "key:key_1",
      "key:key_1:2026-11-30",
      "key:key_1:2026-11",
      "workspace:ws_1:2026-11-30",
      "workspace:ws_1:2026-11",
      "stack:ws_1:stk_1:2026-11-30",
      "stack:ws_1:stk_1:2026-11",
    ]);
    expect(caps[0]).toMatchObject({ limit: usd("5"), warnAt: usd("2.5") });
    expect(caps[1]).toMatchObject({ limit: usd("0.9"), warnAt: usd("0.5") });
  });

  test("warn at four fifths where nothing else is said", () => {
    const [life, daily] = capsOf(spender({ key: { spendLimit: usd("5"), budget: budget({ dailyUsd: "1" }) } }));
    expect([life?.warnAt, daily?.warnAt]).toEqual([usd("4"), usd("0.8")]);
  });

  test("fit into the ledger's columns however large a budget is", () => {
    const [cap] = capsOf(spender({ stack: { monthlyUsd: "999999999" } }));
    expect(cap?.limit).toBe(picodollars(2n ** 63n - 1n));
  });
});

test("the most a request may cost is the least of the three maxima, and says whose it is", () => {
  expect(requestMaxOf(spender({}))).toBeUndefined();
  const facts = {
    workspace: { budget: budget({ perRequestMaxUsd: "0.30" }) },
    key: { budget: budget({ perRequestMaxUsd: "0.10" }) },
    stack: { perRequestMaxUsd: "0.20" },
  };
  expect(requestMaxOf(spender(facts))).toEqual({ owner: "key", ownerId: "key_1", limit: usd("0.10") });
  expect(requestMaxOf(spender({ ...facts, key: {} }))).toMatchObject({ owner: "stack", limit: usd("0.20") });
});

/** Budgets in picodollars, so that small numbers collide: as text they have twelve decimals. */
const amount = fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined });
const drawnBudget = fc
  .record({ dailyUsd: amount, monthlyUsd: amount, warnPercent: fc.integer({ min: 1, max: 100 }) })
  .map(({ dailyUsd, monthlyUsd, warnPercent }) => {
    const text = (picos: number | undefined) => picos && `0.${String(picos).padStart(12, "0")}`;
    return budget({ dailyUsd: text(dailyUsd), monthlyUsd: text(monthlyUsd), warnPercent });
  });
const drawnRequests = fc.array(
  fc.record({
    key: fc.integer({ min: 1, max: 2 }),
    laterMs: fc.integer({ min: 0, max: day }),
    ceiling: fc.integer({ min: 1, max: 120 }),
    share: fc.integer({ min: 0, max: 100 }),
    /** How many requests begin before this one ends. */
    runs: fc.integer({ min: 0, max: 6 }),
  }),
  { maxLength: 60, size: "max" },
);

test("requests in any order and overlap never spend more than a budget in its period, and each tells at most once", () => {
  fc.assert(
    fc.property(
      drawnBudget,
      drawnBudget,
      drawnBudget,
      amount,
      drawnRequests,
      (ofAll, ofKey, ofStack, life, requests) => {
        const ledger = new MemoryLedger();
        const our = new Operations(workspaceId);
        ledger.run(our.credit(1_000_000));
        const spent = new Map<string, bigint>();
        const limits = new Map<string, bigint>();
        const running: { readonly ends: number; readonly end: () => void }[] = [];
        let now = noon;
        const endUntil = (index: number) => {
          for (const one of running.filter(({ ends }) => ends <= index)) one.end();
          running.splice(0, running.length, ...running.filter(({ ends }) => ends > index));
        };
        requests.forEach(({ key, laterMs, ceiling, share, runs }, index) => {
          endUntil(index);
          now += laterMs;
          const id = asId<KeyId>(`key_${key}`);
          const spendLimit = life === undefined ? undefined : money(life);
          const facts = { workspace: { budget: ofAll }, key: { id, budget: ofKey, spendLimit }, stack: ofStack };
          const caps = capsOf(spender({ ...facts, at: now }));
          for (const { scope, limit } of caps) limits.set(scope, limit);
          const [result] = ledger.run(our.hold(index, ceiling, { caps }));
          if (!result?.ok) return;
          const cost = Math.floor((ceiling * share) / 100);
          const end = () => {
            ledger.run(our.settle(index, cost));
            for (const { scope } of caps) spent.set(scope, (spent.get(scope) ?? 0n) + BigInt(cost));
          };
          running.push({ ends: index + 1 + runs, end });
        });
        endUntil(Infinity);
        for (const [scope, total] of spent) expect(total <= (limits.get(scope) ?? -1n)).toBe(true);
        const told = ledger.notices.map((notice) => eventOf(notice)?.once);
        expect(told.every((name) => name !== undefined)).toBe(true);
        expect(new Set(told).size).toBe(told.length);
        const warned = ledger.notices.flatMap((one) => (one.type === "budget.warning" ? [one.scope] : []));
        for (const { scope, spent: counted, limit, warnAt } of ledger.counters.values()) {
          const due = warnAt !== undefined && limit !== undefined && warnAt < limit && warnAt > 0n && counted >= warnAt;
          expect([scope, warned.includes(scope)]).toEqual([scope, due]);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test("a spent day lets nothing more through, and the next day begins anew", () => {
  const ledger = new MemoryLedger();
  const our = new Operations(workspaceId);
  ledger.run(our.credit(1_000));
  const workspace = { budget: budget({ dailyUsd: "0.000000000100", monthlyUsd: "0.000000000150" }) };
  const ask = (n: number, cost: number, at: number) => {
    const [held] = ledger.run(our.hold(n, cost, { caps: capsOf(spender({ workspace, at })) }), our.settle(n, cost));
    return held?.ok ? "served" : held?.refusal;
  };
  const lateTonight = Date.parse("2026-11-29T23:59:59.999Z");
  expect(ask(1, 100, lateTonight)).toBe("served");
  expect(ask(2, 1, lateTonight)).toMatchObject({ scope: "workspace:ws_1:2026-11-29", available: 0n });
  expect(ask(3, 50, lateTonight + 1)).toBe("served");
  expect(ask(4, 1, lateTonight + 1)).toMatchObject({ scope: "workspace:ws_1:2026-11", available: 0n });
  expect(ask(5, 100, lateTonight + 1 + day)).toBe("served");
  expect(ledger.notices.map((one) => [one.type, "scope" in one && one.scope])).toEqual([
    ["budget.warning", "workspace:ws_1:2026-11-29"],
    ["budget.reached", "workspace:ws_1:2026-11-29"],
    ["budget.warning", "workspace:ws_1:2026-11"],
    ["budget.reached", "workspace:ws_1:2026-11"],
    ["budget.warning", "workspace:ws_1:2026-12-01"],
    ["budget.reached", "workspace:ws_1:2026-12-01"],
  ]);
});
