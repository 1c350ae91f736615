import { expect, test } from "bun:test";
import fc from "fast-check";
import { asId, type EntryId, type RequestId, type WorkspaceId } from "../contracts/ids.ts";
import { entryHash, firstChainHead } from "./entry-hash.ts";
import { readEntryLines } from "./entry-lines.ts";
import { LedgerModel } from "./ledger-model.test-kit.ts";
import { cap, MemoryLedger, Operations, reasonsOf } from "./ledger.test-kit.ts";
import type { Cap, Counterpart, Entry, Operation } from "./operations.ts";

const requestOf = (n: number) => asId<RequestId>(`req_${n}`);
const writerOf = (id: string) => new Operations(asId<WorkspaceId>(id), requestOf);
const lowBalance = 300;
/** The third has no account until it is drawn a credit. */
const writers = [writerOf("ws_a"), writerOf("ws_b"), writerOf("ws_c")] as const;

/** What an operation is made of; a drawn request is one of those held so far. */
type Drawn = {
  readonly kind: number;
  readonly writer: number;
  readonly pick: number;
  readonly amount: number;
  readonly more: number;
  readonly caps: number;
  /** The last operation of its batch. */
  readonly cut: boolean;
};

const drawn: fc.Arbitrary<Drawn> = fc.record({
  kind: fc.nat(99),
  writer: fc.nat(19),
  pick: fc.nat(40),
  amount: fc.nat(200),
  more: fc.nat(200),
  caps: fc.nat(15),
  cut: fc.boolean(),
});

/** Three scopes: two of the workspace, one of them now and then with a lower limit or named twice, one shared by all. */
function capsOf(writer: Operations, { caps, more }: Drawn): Cap[] {
  const list: Cap[] = [];
  if (caps & 1) list.push(cap(`key:${writer.workspaceId}`, 500, 300));
  if (caps & 2) list.push(cap(`day:${writer.workspaceId}`, caps & 8 ? 300 + more : 400, 400));
  if (caps & 4) list.push(cap("shared", 900, 800));
  if (caps === 15) list.push(cap(`key:${writer.workspaceId}`, 450));
  return list;
}

/** Makes operations out of what was drawn: mostly sensible ones, on requests that there are. */
class Script {
  readonly model = new LedgerModel();
  readonly operations: Operation[] = [];
  readonly expected: string[] = [];
  #requests = 0;

  constructor(steps: readonly Drawn[]) {
    this.#add(writers[0].credit(1_000, asId<EntryId>("ent_0")));
    this.#add(writers[1].credit(400, asId<EntryId>("ent_1")));
    for (const step of steps) this.#add(this.#operation(step, this.operations.length));
  }

  #add(operation: Operation): void {
    this.operations.push(operation);
    this.expected.push(this.model.apply(operation));
  }

  #operation(step: Drawn, index: number): Operation {
    const { kind, pick, amount, more } = step;
    const writer = this.#writer(step);
    const [caps, n] = [capsOf(writer, step), this.#known(pick)];
    // Now and then an id that may have been booked already.
    const entryId = asId<EntryId>(kind % 10 === 0 ? `ent_${pick % 4}` : `ent_x${index}`);
    if (kind < 34) {
      const again = kind === 0 ? this.#living(pick) : undefined;
      const options = { ceiling: more, caps, floor: kind % 8 === 0 ? 100 : 0, expiresAt: 100 + pick };
      return writer.hold(again ?? this.#requests++, amount, options);
    }
    if (kind < 44) return writer.grow(n, amount % 80, { ceiling: more % 80, caps: kind % 2 === 0 ? caps : [] });
    if (kind < 66)
      return writer.settle(n, kind < 46 ? 0 : kind < 52 ? amount + more : amount, asId(`ent_x${index}`), index);
    if (kind < 70) return writer.renew(n, 90 + amount);
    if (kind < 73) return writer.void(n);
    if (kind < 77) return writer.expire(n, 90 + amount);
    if (kind < 86) return writer.refund(n, 1 + (amount % 60), entryId);
    if (kind < 90) return writer.adjust(amount % 2 === 0 ? more + 1 : -more - 1, entryId);
    return writer.credit(1 + amount + more, entryId);
  }

  /** Mostly the workspace of the request that is picked. */
  #writer({ writer, pick }: Drawn): Operations {
    const owner = this.model.holds.find(({ requestId }) => requestId === requestOf(this.#known(pick)))?.workspaceId;
    const own = writers.find(({ workspaceId }) => workspaceId === owner);
    const any = writers[writer % writers.length] ?? writers[0];
    return writer < 15 ? (own ?? any) : any;
  }

  /** Mostly a request with an open hold, else one of the last. */
  #known(pick: number): number {
    const open = this.model.holds.filter(({ state }) => state === "open");
    const one = pick < 30 ? open.at(-1 - (pick % Math.max(1, open.length))) : undefined;
    return one ? numberOf(one.requestId) : Math.max(0, this.#requests - 1 - (pick % 6));
  }

  /** The number of a request whose hold is still in the ledger: ids of ended requests are not used again. */
  #living(pick: number): number | undefined {
    const living = this.model.holds.filter(({ state }) => state !== "ended");
    const one = living[pick % Math.max(1, living.length)];
    return one && numberOf(one.requestId);
  }
}

function numberOf(requestId: string): number {
  return Number(requestId.slice("req_".length));
}

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

/** What must hold between any two batches, from the ledger's rows alone. */
function checkRows(ledger: MemoryLedger): void {
  const open = [...ledger.holds.values()].filter(({ state }) => state === "open");
  for (const { workspaceId, balance, held, pledged } of ledger.accounts.values()) {
    const own = open.filter((hold) => hold.workspaceId === workspaceId);
    expect(0n <= held && held <= pledged && pledged <= balance).toBe(true);
    expect<bigint>(held).toBe(total(own.map(({ amount }) => amount)));
    expect<bigint>(pledged).toBe(total(own.map(({ ceiling }) => ceiling)));
    expect<bigint>(balance).toBe(total(ledger.entriesOf(workspaceId).map(({ amount }) => amount)));
  }
  for (const { scope, pledged, spent } of ledger.counters.values()) {
    const under = open.filter(({ scopes }) => scopes.includes(scope));
    expect<bigint>(pledged).toBe(total(under.map(({ ceiling }) => ceiling)));
    expect(spent >= 0n).toBe(true);
  }
  const others = new Map<Counterpart, bigint>();
  for (const { counterpart, amount } of ledger.entries) {
    others.set(counterpart, (others.get(counterpart) ?? 0n) - amount);
  }
  expect(total([...ledger.accounts.values()].map(({ balance }) => balance)) + total(others.values())).toBe(0n);
}

/** What the entries of a workspace must show: no gap, an unbroken chain, balances that follow, exact debits. */
function checkEntries(ledger: MemoryLedger, entries: readonly Entry[]): void {
  let [head, balance] = [firstChainHead, 0n];
  const left = new Map<string, bigint>();
  for (const [index, { hash, ...entry }] of entries.entries()) {
    head = entryHash(head, entry);
    balance += entry.amount;
    expect(`${entry.sequence} ${entry.balanceAfter} ${hash}`).toBe(`${index + 1} ${balance} ${head}`);
    if (entry.kind === "debit") {
      const cost = total(readEntryLines(entry.lines).map(({ amount }) => amount));
      expect(entry.uncollected - entry.amount).toBe(cost);
      expect(left.has(entry.requestId ?? "")).toBe(false);
    }
    if (entry.kind !== "debit" && entry.kind !== "refund") continue;
    const request = entry.requestId ?? "";
    left.set(request, (left.get(request) ?? 0n) - entry.amount);
    expect((left.get(request) ?? -1n) >= 0n).toBe(true);
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
    expect(Number(spent + pledged) <= (model.highestLimits.get(scope) ?? 0)).toBe(true);
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
    expect(ended.has(operation.requestId)).toBe(false);
    if (["settle", "void", "expire"].includes(operation.type)) ended.add(operation.requestId);
  }
}

const scripts = fc.array(drawn, { maxLength: 120, size: "max" });

/** Every outcome that the runs must have come by: without them they would show nothing. */
const outcomes = [
  ...["ok", "hold_exists", "no_account", "below_floor", "insufficient_credits", "over_cap"].map((one) => `hold ${one}`),
  ...["ok", "hold_not_open", "insufficient_credits", "over_cap"].map((one) => `grow ${one}`),
  ...["ok", "hold_not_open"].flatMap((one) => [`renew ${one}`, `settle ${one}`, `void ${one}`, `expire ${one}`]),
  ...["ok", "over_refund", "duplicate_entry", "no_account"].map((one) => `refund ${one}`),
  ...["ok", "insufficient_credits", "no_account"].map((one) => `adjust ${one}`),
  ...["expire hold_renewed", "credit ok", "credit duplicate_entry", "uncollected"],
];

test("whatever the operations and the batches, the ledger keeps its promises and agrees with its model", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(scripts, (steps) => {
      const { operations, expected, model } = new Script(steps);
      const ledger = new MemoryLedger();
      const reasons = runInBatches(ledger, operations, cutsOf(steps), () => checkRows(ledger));
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
    fc.property(scripts, (steps) => {
      const { operations } = new Script(steps);
      const [cut, whole, single] = [new MemoryLedger(), new MemoryLedger(), new MemoryLedger()];
      for (const ledger of [cut, whole, single]) ledger.watchBalance(writers[0].workspaceId, lowBalance);
      const reasons = runInBatches(cut, operations, cutsOf(steps));
      expect(runInBatches(whole, operations, [])).toEqual(reasons);
      expect(runInBatches(single, operations, Array<boolean>(operations.length).fill(true))).toEqual(reasons);
      expect(whole).toEqual(cut);
      expect(single).toEqual(cut);
      expect(cut.notices.filter(({ type }) => type === "credits.low")).toHaveLength(timesBelow(cut));
    }),
    { numRuns: 300 },
  );
});

function cutsOf(steps: readonly Drawn[]): boolean[] {
  return [false, true, ...steps.map(({ cut }) => cut)];
}

/** How often a debit or an adjustment took the watched balance below its threshold. */
function timesBelow(ledger: MemoryLedger): number {
  const lowering = ({ kind, amount, balanceAfter }: Entry): boolean =>
    (kind === "debit" || kind === "adjustment") && balanceAfter < lowBalance && balanceAfter - amount >= lowBalance;
  return ledger.entriesOf(writers[0].workspaceId).filter(lowering).length;
}
