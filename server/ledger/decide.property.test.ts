import { expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { entryHash, firstChainHead } from "./entry-hash.ts";
import { readEntryLines } from "./entry-lines.ts";
import type { LedgerModel } from "./ledger-model.test-kit.ts";
import { MemoryLedger, reasonsOf } from "./ledger.test-kit.ts";
import { drawnSteps, Script } from "./random-operations.test-kit.ts";
import type { Counterpart, Entry, Operation } from "./operations.ts";

// Thousands of runs take seconds, and longer on a busy machine.
setDefaultTimeout(60_000);

const lowBalance = 300;

/** Runs the operations in batches that end where `cuts` says; returns why each was refused, or `ok`. */
function runInBatches(
  ledger: MemoryLedger,
  operations: readonly Operation[],
  cuts: readonly boolean[],
  afterBatch: () => void = () => undefined,
): string[] {
  const reasons: string[] = [];
  let from = 0;
  for (let to = 1; to <= operations.length; to++) {
    if (!cuts[to - 1] && to < operations.length) continue;
    reasons.push(...reasonsOf(ledger.run(...operations.slice(from, to))));
    from = to;
    afterBatch();
  }
  return reasons;
}

function total(amounts: Iterable<bigint>): bigint {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return sum;
}

/** An expectation that costs nothing where it is met: there are millions of them. */
function must(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(what);
}

/** What must hold between any two batches, from the ledger's rows alone. */
function checkRows(ledger: MemoryLedger): void {
  const open = [...ledger.holds.values()].filter(({ state }) => state === "open");
  for (const { workspaceId, balance, held, pledged } of ledger.accounts.values()) {
    const own = open.filter((hold) => hold.workspaceId === workspaceId);
    must(0n <= held && held <= pledged && pledged <= balance, `held ${held}, pledged ${pledged}, balance ${balance}`);
    must(held === total(own.map(({ amount }) => amount)), "held is the sum of open holds' amounts");
    must(pledged === total(own.map(({ ceiling }) => ceiling)), "pledged is the sum of open holds' ceilings");
    must(
      balance === total(ledger.entriesOf(workspaceId).map(({ amount }) => amount)),
      "the balance is the sum of entries",
    );
  }
  for (const { scope, pledged, spent } of ledger.counters.values()) {
    const under = open.filter(({ scopes }) => scopes.includes(scope));
    must(
      pledged === total(under.map(({ ceiling }) => ceiling)),
      `what is pledged under ${scope} is the sum of ceilings`,
    );
    must(spent >= 0n, `nothing less than nothing is spent under ${scope}`);
  }
  const others = new Map<Counterpart, bigint>();
  for (const { counterpart, amount } of ledger.entries) {
    others.set(counterpart, (others.get(counterpart) ?? 0n) - amount);
  }
  const all = total([...ledger.accounts.values()].map(({ balance }) => balance)) + total(others.values());
  must(all === 0n, "all accounts and counterparts sum to zero");
}

/** What the entries of a workspace must show: no gap, an unbroken chain, balances that follow, exact debits. */
function checkEntries(ledger: MemoryLedger, entries: readonly Entry[]): void {
  let [head, balance] = [firstChainHead, 0n];
  const left = new Map<string, bigint>();
  for (const [index, { hash, ...entry }] of entries.entries()) {
    head = entryHash(head, entry);
    balance += entry.amount;
    must(entry.sequence === index + 1, "sequences have no gap");
    must(entry.balanceAfter === balance, "balances follow from amounts");
    must(hash === head, "the chain is intact");
    if (entry.kind === "debit") {
      const cost = total(readEntryLines(entry.lines).map(({ amount }) => amount));
      must(entry.uncollected - entry.amount === cost, "a debit and what it could not collect are the lines' sum");
      must(!left.has(entry.requestId ?? ""), "a request is debited once");
    }
    if (entry.kind !== "debit" && entry.kind !== "refund") continue;
    const request = entry.requestId ?? "";
    left.set(request, (left.get(request) ?? 0n) - entry.amount);
    must((left.get(request) ?? -1n) >= 0n, "no more is refunded than was debited");
  }
  const account = entries[0] && ledger.account(entries[0].workspaceId);
  if (account) expect([account.entrySequence, account.chainHead]).toEqual([entries.length, head]);
}

/** The ledger's rows against the model's sums. */
function checkModel(ledger: MemoryLedger, model: LedgerModel): void {
  for (const { workspaceId, balance, held, pledged } of ledger.accounts.values()) {
    const sums = [model.balance(workspaceId), model.held(workspaceId), model.pledged(workspaceId)];
    expect([balance, held, pledged].map(Number)).toEqual(sums);
  }
  for (const { scope, spent, pledged } of ledger.counters.values()) {
    expect([spent, pledged].map(Number)).toEqual([model.spentUnder(scope), model.pledgedUnder(scope)]);
    must(Number(spent + pledged) <= (model.highestLimits.get(scope) ?? 0), `no limit of ${scope} is passed`);
  }
  const open = model.holds.filter(({ state }) => state === "open");
  const rows = [...ledger.holds.values()].filter(({ state }) => state === "open");
  const told = (hold: (typeof open)[number] | (typeof rows)[number]): string =>
    [hold.requestId, hold.amount, hold.ceiling, hold.expiresAt].join(" ");
  expect(rows.map(told)).toEqual(open.map(told));
}

/** Every hold that was opened ended at most once, and nothing happened to it afterwards. */
function checkEnds(operations: readonly Operation[], reasons: readonly string[]): void {
  const ended = new Set<string>();
  for (const [index, operation] of operations.entries()) {
    if (reasons[index] !== "ok" || !("requestId" in operation) || operation.type === "refund") continue;
    must(!ended.has(operation.requestId), "nothing happens to a hold after its end");
    if (["settle", "void", "expire"].includes(operation.type)) ended.add(operation.requestId);
  }
}

/** Every outcome that the runs must have come by: without them they would show nothing. */
const outcomes = [
  ...["ok", "hold_exists", "no_account", "below_floor", "insufficient_credits", "over_cap"].map((one) => `hold ${one}`),
  ...["ok", "hold_not_open", "insufficient_credits", "over_cap"].map((one) => `grow ${one}`),
  ...["ok", "hold_not_open"].flatMap((one) => [`renew ${one}`, `settle ${one}`, `void ${one}`, `expire ${one}`]),
  ...["ok", "over_refund", "duplicate_entry", "no_account"].map((one) => `refund ${one}`),
  ...["ok", "insufficient_credits", "no_account"].map((one) => `adjust ${one}`),
  "expire hold_renewed",
  "credit ok",
  "credit duplicate_entry",
  "uncollected",
];

test("whatever the operations and the batches, the ledger keeps its promises and agrees with its model", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(drawnSteps, (steps) => {
      const { operations, cuts, expected, model, writers } = new Script(steps);
      const ledger = new MemoryLedger();
      const reasons = runInBatches(ledger, operations, cuts, () => checkRows(ledger));
      expect(reasons).toEqual(expected);
      checkModel(ledger, model);
      for (const { workspaceId } of writers) checkEntries(ledger, ledger.entriesOf(workspaceId));
      checkEnds(operations, reasons);
      for (const [index, { type }] of operations.entries()) seen.add(`${type} ${reasons[index]}`);
      if (ledger.entries.some(({ uncollected }) => uncollected > 0n)) seen.add("uncollected");
    }),
    { numRuns: 2_500 },
  );
  expect(outcomes.filter((outcome) => !seen.has(outcome))).toEqual([]);
});

test("the same operations cut into other batches leave the same ledger", () => {
  fc.assert(
    fc.property(drawnSteps, (steps) => {
      const { operations, cuts, writers } = new Script(steps);
      const watched = writers[0].workspaceId;
      const [cut, whole, single] = [new MemoryLedger(), new MemoryLedger(), new MemoryLedger()];
      for (const ledger of [cut, whole, single]) ledger.watchBalance(watched, lowBalance);
      const reasons = runInBatches(cut, operations, cuts);
      expect(runInBatches(whole, operations, [])).toEqual(reasons);
      expect(runInBatches(single, operations, Array<boolean>(operations.length).fill(true))).toEqual(reasons);
      expect(whole).toEqual(cut);
      expect(single).toEqual(cut);
      expect(cut.notices.filter(({ type }) => type === "credits.low")).toHaveLength(timesBelow(cut.entriesOf(watched)));
    }),
    { numRuns: 300 },
  );
});

/** How often a debit or an adjustment took the watched balance below its threshold. */
function timesBelow(entries: readonly Entry[]): number {
  const lowering = ({ kind, amount, balanceAfter }: Entry): boolean =>
    (kind === "debit" || kind === "adjustment") && balanceAfter < lowBalance && balanceAfter - amount >= lowBalance;
  return entries.filter(lowering).length;
}
