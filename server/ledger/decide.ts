// All money logic, pure: what a batch of operations makes of accounts, holds and counters. Storage locks, loads and
// writes around it; nothing else decides about money.

import type { RequestId, WorkspaceId } from "../contracts/ids.ts";
import { sumLines } from "../money/charge.ts";
import { noMoney, picodollars, type Picodollars } from "../money/picodollars.ts";
import { entryHash, firstChainHead } from "./entry-hash.ts";
import { formatEntryLines } from "./entry-lines.ts";
import type {
  Account,
  AdjustOperation,
  BookingOperation,
  Cap,
  Counter,
  CreditOperation,
  Entry,
  ExpireOperation,
  GrowOperation,
  Hold,
  HoldOperation,
  Notice,
  Operation,
  OperationResult,
  Refusal,
  RefundOperation,
  RenewOperation,
  SettleOperation,
  VoidOperation,
} from "./operations.ts";

/** The rows a batch touches, as loaded; absent keys do not exist yet. */
export type LedgerState = {
  readonly accounts: ReadonlyMap<WorkspaceId, Account>;
  readonly holds: ReadonlyMap<RequestId, Hold>;
  readonly counters: ReadonlyMap<string, Counter>;
  /** Entry ids of this batch's credits, refunds and adjustments that are already in the ledger. */
  readonly knownEntryIds: ReadonlySet<string>;
  /** For this batch's refunds: what is left to give back of the request's debit. */
  readonly refundable: ReadonlyMap<RequestId, Picodollars>;
};

export type LedgerChanges = {
  readonly accounts: Map<WorkspaceId, Account>;
  readonly holds: Map<RequestId, Hold>;
  readonly counters: Map<string, Counter>;
  readonly entries: Entry[];
  readonly notices: Notice[];
  /** One per operation, in order. */
  readonly results: OperationResult[];
};

/** Applies the operations in order. A refused operation changes nothing; the others stand. */
export function decide(loaded: LedgerState, operations: readonly Operation[]): LedgerChanges {
  const work = new Work(loaded);
  for (const operation of operations) work.changes.results.push(work.apply(operation));
  return work.changes;
}

/** The batch while it is decided: changed rows shadow the loaded ones. */
class Work {
  readonly changes: LedgerChanges = {
    accounts: new Map(),
    holds: new Map(),
    counters: new Map(),
    entries: [],
    notices: [],
    results: [],
  };
  readonly #loaded: LedgerState;
  readonly #refundable = new Map<RequestId, Picodollars>();

  constructor(loaded: LedgerState) {
    this.#loaded = loaded;
  }

  apply(operation: Operation): OperationResult {
    switch (operation.type) {
      case "hold":
        return this.#hold(operation);
      case "grow":
        return this.#grow(operation);
      case "renew":
        return this.#renew(operation);
      case "settle":
        return this.#settle(operation);
      case "void":
        return this.#void(operation);
      case "expire":
        return this.#expire(operation);
      case "credit":
        return this.#credit(operation);
      case "refund":
        return this.#refund(operation);
      case "adjust":
        return this.#adjust(operation);
    }
  }

  #hold(operation: HoldOperation): OperationResult {
    if (this.#holdOf(operation.requestId)) return refused({ reason: "hold_exists" });
    const account = this.#account(operation.workspaceId);
    if (!account) return refused({ reason: "no_account" });
    const available = availableOf(account);
    if (available <= operation.floor) return refused({ reason: "below_floor", available });
    const shortage = this.#shortage(account, operation.ceiling, operation.caps);
    if (shortage) return refused(shortage);
    const { requestId, workspaceId, keyId, ceiling, expiresAt } = operation;
    const amount = least(operation.amount, ceiling);
    const scopes = operation.caps.map((cap) => cap.scope);
    this.changes.holds.set(requestId, {
      requestId,
      workspaceId,
      keyId,
      amount,
      ceiling,
      state: "open",
      expiresAt,
      scopes,
    });
    this.#state(operation.caps);
    this.#pledge(scopes, ceiling);
    return this.#accepted({ ...account, held: plus(account.held, amount), pledged: plus(account.pledged, ceiling) });
  }

  #grow(operation: GrowOperation): OperationResult {
    const hold = this.#openHold(operation);
    const account = this.#account(operation.workspaceId);
    if (!hold || !account) return refused({ reason: "hold_not_open" });
    const shortage = this.#shortage(account, operation.ceiling, operation.caps);
    if (shortage) return refused(shortage);
    const ceiling = plus(hold.ceiling, operation.ceiling);
    const amount = least(plus(hold.amount, operation.amount), ceiling);
    this.changes.holds.set(hold.requestId, { ...hold, amount, ceiling });
    this.#state(operation.caps);
    this.#pledge(hold.scopes, operation.ceiling);
    const held = plus(account.held, minus(amount, hold.amount));
    return this.#accepted({ ...account, held, pledged: plus(account.pledged, operation.ceiling) });
  }

  #renew(operation: RenewOperation): OperationResult {
    const hold = this.#openHold(operation);
    const account = this.#account(operation.workspaceId);
    if (!hold || !account) return refused({ reason: "hold_not_open" });
    if (operation.expiresAt > hold.expiresAt) {
      this.changes.holds.set(hold.requestId, { ...hold, expiresAt: operation.expiresAt });
    }
    return { ok: true, account, entry: undefined };
  }

  /**
   * Debits the lines and frees the hold. A cost above the ceiling is taken from what nobody else is promised, and the
   * part that nothing covers is recorded as uncollected: the balance never goes below what other requests are promised.
   */
  #settle(operation: SettleOperation): OperationResult {
    const hold = this.#openHold(operation);
    const account = this.#account(operation.workspaceId);
    if (!hold || !account) return refused({ reason: "hold_not_open" });
    const cost = sumLines(operation.lines);
    const freed = this.#end(hold, account, cost > 0n ? "posted" : "voided");
    if (cost === 0n) return this.#accepted(freed);
    const debit = least(cost, freeOf(freed));
    this.#countSpent(hold, debit);
    const balance = minus(freed.balance, debit);
    this.#noticeLowBalance(freed, balance);
    return this.#book(freed, {
      id: operation.entryId,
      kind: "debit",
      counterpart: "usage",
      amount: minus(noMoney, debit),
      requestId: operation.requestId,
      memo: "",
      createdAt: operation.at,
      priceVersion: operation.priceVersion,
      lines: formatEntryLines(operation.lines),
      uncollected: minus(cost, debit),
    });
  }

  #void(operation: VoidOperation): OperationResult {
    const hold = this.#openHold(operation);
    const account = this.#account(operation.workspaceId);
    if (!hold || !account) return refused({ reason: "hold_not_open" });
    return this.#accepted(this.#end(hold, account, "voided"));
  }

  #expire(operation: ExpireOperation): OperationResult {
    const hold = this.#openHold(operation);
    const account = this.#account(operation.workspaceId);
    if (!hold || !account) return refused({ reason: "hold_not_open" });
    if (hold.expiresAt > operation.at) return refused({ reason: "hold_renewed" });
    return this.#accepted(this.#end(hold, account, "expired"));
  }

  #credit(operation: CreditOperation): OperationResult {
    if (this.#isBooked(operation)) return refused({ reason: "duplicate_entry" });
    const account = this.#account(operation.workspaceId) ?? emptyAccount(operation.workspaceId);
    return this.#book(account, { ...bookingFacts(operation), kind: "credit", counterpart: operation.counterpart });
  }

  #refund(operation: RefundOperation): OperationResult {
    if (this.#isBooked(operation)) return refused({ reason: "duplicate_entry" });
    const { requestId, amount } = operation;
    const account = this.#account(operation.workspaceId);
    if (!account) return refused({ reason: "no_account" });
    const available = this.#refundable.get(requestId) ?? this.#loaded.refundable.get(requestId) ?? noMoney;
    if (amount > available) return refused({ reason: "over_refund", available });
    this.#refundable.set(requestId, minus(available, amount));
    return this.#book(account, { ...bookingFacts(operation), kind: "refund", counterpart: "usage", requestId });
  }

  #adjust(operation: AdjustOperation): OperationResult {
    if (this.#isBooked(operation)) return refused({ reason: "duplicate_entry" });
    const account = this.#account(operation.workspaceId);
    if (!account) return refused({ reason: "no_account" });
    const available = freeOf(account);
    if (plus(available, operation.amount) < 0n) return refused({ reason: "insufficient_credits", available });
    const { counterpart } = operation;
    this.#noticeLowBalance(account, plus(account.balance, operation.amount));
    return this.#book(account, { ...bookingFacts(operation), kind: "adjustment", counterpart });
  }

  #isBooked({ entryId }: BookingOperation): boolean {
    return this.#loaded.knownEntryIds.has(entryId) || this.changes.entries.some(({ id }) => id === entryId);
  }

  #book(account: Account, facts: Omit<Entry, "workspaceId" | "sequence" | "balanceAfter" | "hash">): OperationResult {
    const { workspaceId, chainHead } = account;
    const balance = plus(account.balance, facts.amount);
    const sequence = account.entrySequence + 1;
    const unhashed = { ...facts, workspaceId, sequence, balanceAfter: balance };
    const entry: Entry = { ...unhashed, hash: entryHash(chainHead, unhashed) };
    this.changes.entries.push(entry);
    return this.#accepted({ ...account, balance, entrySequence: sequence, chainHead: entry.hash }, entry);
  }

  /** Frees a hold; returns the account without it. */
  #end(hold: Hold, account: Account, state: "posted" | "voided" | "expired"): Account {
    this.changes.holds.set(hold.requestId, { ...hold, state });
    for (const scope of hold.scopes) {
      const counter = this.#counter(scope);
      this.changes.counters.set(scope, { ...counter, pledged: minus(counter.pledged, hold.ceiling) });
    }
    return { ...account, held: minus(account.held, hold.amount), pledged: minus(account.pledged, hold.ceiling) };
  }

  /** What stands in the way of pledging `ceiling` more; undefined when nothing does. */
  #shortage(account: Account, ceiling: Picodollars, caps: readonly Cap[]): Refusal | undefined {
    for (const { scope, limit } of caps) {
      const counter = this.#counter(scope);
      const left = picodollars(limit - counter.spent - counter.pledged);
      if (ceiling > left) return { reason: "over_cap", scope, available: left > 0n ? left : noMoney };
    }
    const available = freeOf(account);
    return ceiling > available ? { reason: "insufficient_credits", available } : undefined;
  }

  #pledge(scopes: readonly string[], ceiling: Picodollars): void {
    for (const scope of scopes) {
      const counter = this.#counter(scope);
      this.changes.counters.set(scope, { ...counter, pledged: plus(counter.pledged, ceiling) });
    }
  }

  /** Remembers the caps as this operation states them, for the notices of later settlements. */
  #state(caps: readonly Cap[]): void {
    for (const { scope, limit, warnAt } of caps) {
      this.changes.counters.set(scope, { ...this.#counter(scope), limit, warnAt });
    }
  }

  #countSpent({ workspaceId, scopes }: Hold, debit: Picodollars): void {
    for (const scope of scopes) {
      const counter = this.#counter(scope);
      const spent = plus(counter.spent, debit);
      this.changes.counters.set(scope, { ...counter, spent });
      const { limit, warnAt } = counter;
      if (limit === undefined) continue;
      const passes = (mark: Picodollars): boolean => counter.spent < mark && spent >= mark;
      if (warnAt !== undefined && warnAt < limit && passes(warnAt)) {
        this.changes.notices.push({ type: "budget.warning", workspaceId, scope, spent, limit });
      }
      if (passes(limit)) this.changes.notices.push({ type: "budget.reached", workspaceId, scope, spent, limit });
    }
  }

  #noticeLowBalance(
    { workspaceId, balance: before, lowBalanceThreshold: threshold }: Account,
    balance: Picodollars,
  ): void {
    if (threshold === undefined || before < threshold || balance >= threshold) return;
    this.changes.notices.push({ type: "credits.low", workspaceId, balance, threshold });
  }

  #accepted(account: Account, entry?: Entry): OperationResult {
    this.changes.accounts.set(account.workspaceId, account);
    return { ok: true, account, entry };
  }

  #account(id: WorkspaceId): Account | undefined {
    return this.changes.accounts.get(id) ?? this.#loaded.accounts.get(id);
  }

  #holdOf(id: RequestId): Hold | undefined {
    return this.changes.holds.get(id) ?? this.#loaded.holds.get(id);
  }

  #openHold({ requestId, workspaceId }: { requestId: RequestId; workspaceId: WorkspaceId }): Hold | undefined {
    const hold = this.#holdOf(requestId);
    return hold?.state === "open" && hold.workspaceId === workspaceId ? hold : undefined;
  }

  #counter(scope: string): Counter {
    const known = this.changes.counters.get(scope) ?? this.#loaded.counters.get(scope);
    return known ?? { scope, spent: noMoney, pledged: noMoney, limit: undefined, warnAt: undefined };
  }
}

/** What a caller sees as available: the balance without what running requests will probably cost. */
export function availableOf(account: Account): Picodollars {
  return minus(account.balance, account.held);
}

/** What is promised to nobody: the most that a new hold's ceiling may be. At most `availableOf`. */
export function freeOf(account: Account): Picodollars {
  return minus(account.balance, account.pledged);
}

/** An account before its first entry. */
export function emptyAccount(workspaceId: WorkspaceId): Account {
  return {
    workspaceId,
    balance: noMoney,
    held: noMoney,
    pledged: noMoney,
    entrySequence: 0,
    chainHead: firstChainHead,
    lowBalanceThreshold: undefined,
  };
}

function bookingFacts({ entryId, amount, memo, at }: BookingOperation) {
  return {
    id: entryId,
    amount,
    requestId: undefined,
    memo,
    createdAt: at,
    priceVersion: undefined,
    lines: "[]",
    uncollected: noMoney,
  };
}

function refused(refusal: Refusal): OperationResult {
  return { ok: false, refusal };
}

function plus(left: Picodollars, right: Picodollars): Picodollars {
  return picodollars(left + right);
}

function minus(left: Picodollars, right: Picodollars): Picodollars {
  return picodollars(left - right);
}

function least(left: Picodollars, right: Picodollars): Picodollars {
  return left < right ? left : right;
}
