// All money logic, pure: what a batch of operations makes of accounts, holds and counters. Storage locks, loads and
// writes around it; nothing else decides about money.

import type { RequestId, WorkspaceId } from "../contracts/ids.ts";
import { sumLines } from "../money/charge.ts";
import { noMoney, picodollars, type Picodollars } from "../money/picodollars.ts";
import type {
  Account,
  Cap,
  Counter,
  CreditOperation,
  Entry,
  ExpireOperation,
  GrowOperation,
  Hold,
  HoldOperation,
  Operation,
  OperationResult,
  Refusal,
  SettleOperation,
} from "./operations.ts";

/** The rows a batch touches, as loaded; absent keys do not exist yet. */
export type LedgerState = {
  readonly accounts: ReadonlyMap<WorkspaceId, Account>;
  readonly holds: ReadonlyMap<RequestId, Hold>;
  readonly counters: ReadonlyMap<string, Counter>;
  /** Entry ids of this batch's credits that are already in the ledger. */
  readonly knownEntryIds: ReadonlySet<string>;
};

export type LedgerChanges = {
  readonly accounts: Map<WorkspaceId, Account>;
  readonly holds: Map<RequestId, Hold>;
  readonly counters: Map<string, Counter>;
  readonly entries: Entry[];
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
    results: [],
  };
  readonly #loaded: LedgerState;

  constructor(loaded: LedgerState) {
    this.#loaded = loaded;
  }

  apply(operation: Operation): OperationResult {
    switch (operation.type) {
      case "hold":
        return this.#hold(operation);
      case "grow":
        return this.#grow(operation);
      case "settle":
        return this.#settle(operation);
      case "expire":
        return this.#expire(operation);
      case "credit":
        return this.#credit(operation);
    }
  }

  #hold(operation: HoldOperation): OperationResult {
    if (this.#holdOf(operation.requestId)) return refused({ reason: "hold_exists" });
    const account = this.#account(operation.workspaceId);
    if (!account) return refused({ reason: "no_account" });
    const available = availableOf(account);
    if (available <= operation.floor) return refused({ reason: "below_floor", available });
    const shortage = this.#shortage(account, operation.amount, operation.caps);
    if (shortage) return refused(shortage);
    const { requestId, workspaceId, keyId, amount, expiresAt } = operation;
    const scopes = operation.caps.map((cap) => cap.scope);
    this.changes.holds.set(requestId, { requestId, workspaceId, keyId, amount, state: "open", expiresAt, scopes });
    this.#countHeld(scopes, amount);
    return this.#accepted({ ...account, held: plus(account.held, amount) });
  }

  #grow(operation: GrowOperation): OperationResult {
    const hold = this.#openHold(operation.requestId, operation.workspaceId);
    const account = this.#account(operation.workspaceId);
    if (!hold || !account) return refused({ reason: "hold_not_open" });
    const shortage = this.#shortage(account, operation.amount, operation.caps);
    if (shortage) return refused(shortage);
    this.changes.holds.set(hold.requestId, { ...hold, amount: plus(hold.amount, operation.amount) });
    this.#countHeld(hold.scopes, operation.amount);
    return this.#accepted({ ...account, held: plus(account.held, operation.amount) });
  }

  /**
   * Debits the lines and frees the hold. A cost above the hold is taken from what is still available, and the part that
   * nothing covers is recorded as uncollected: the balance never goes below what other requests hold.
   */
  #settle(operation: SettleOperation): OperationResult {
    const hold = this.#openHold(operation.requestId, operation.workspaceId);
    const account = this.#account(operation.workspaceId);
    if (!hold || !account) return refused({ reason: "hold_not_open" });
    const cost = sumLines(operation.lines);
    const covered = plus(hold.amount, availableOf(account));
    const debit = cost < covered ? cost : covered;
    this.changes.holds.set(hold.requestId, { ...hold, state: debit > 0n ? "posted" : "voided" });
    this.#countHeld(hold.scopes, minus(noMoney, hold.amount));
    this.#countSpent(hold.scopes, debit);
    const freed = { ...account, held: minus(account.held, hold.amount) };
    if (cost === 0n) return this.#accepted(freed);
    return this.#book(freed, {
      id: operation.entryId,
      kind: "debit",
      amount: minus(noMoney, debit),
      requestId: operation.requestId,
      memo: "",
      createdAt: operation.at,
      priceVersion: operation.priceVersion,
      lines: operation.lines,
      uncollected: minus(cost, debit),
    });
  }

  #expire(operation: ExpireOperation): OperationResult {
    const hold = this.#openHold(operation.requestId, operation.workspaceId);
    const account = this.#account(operation.workspaceId);
    if (!hold || !account) return refused({ reason: "hold_not_open" });
    this.changes.holds.set(hold.requestId, { ...hold, state: "expired" });
    this.#countHeld(hold.scopes, minus(noMoney, hold.amount));
    return this.#accepted({ ...account, held: minus(account.held, hold.amount) });
  }

  #credit(operation: CreditOperation): OperationResult {
    const booked = this.changes.entries.some((entry) => entry.id === operation.entryId);
    if (booked || this.#loaded.knownEntryIds.has(operation.entryId)) return refused({ reason: "duplicate_entry" });
    const { workspaceId, amount } = operation;
    const account = this.#account(workspaceId) ?? { workspaceId, balance: noMoney, held: noMoney, entrySequence: 0 };
    return this.#book(account, {
      id: operation.entryId,
      kind: "credit",
      amount,
      requestId: undefined,
      memo: operation.memo,
      createdAt: operation.at,
      priceVersion: undefined,
      lines: [],
      uncollected: noMoney,
    });
  }

  #book(account: Account, facts: Omit<Entry, "workspaceId" | "sequence" | "balanceAfter">): OperationResult {
    const balance = plus(account.balance, facts.amount);
    const sequence = account.entrySequence + 1;
    const entry: Entry = { ...facts, workspaceId: account.workspaceId, sequence, balanceAfter: balance };
    this.changes.entries.push(entry);
    return this.#accepted({ ...account, balance, entrySequence: sequence }, entry);
  }

  /** What stands in the way of holding `amount` more; undefined when nothing does. */
  #shortage(account: Account, amount: Picodollars, caps: readonly Cap[]): Refusal | undefined {
    for (const { scope, limit } of caps) {
      const counter = this.#counter(scope);
      const left = picodollars(limit - counter.spent - counter.held);
      if (amount > left) return { reason: "over_cap", scope, available: left > 0n ? left : noMoney };
    }
    const available = availableOf(account);
    return amount > available ? { reason: "insufficient_credits", available } : undefined;
  }

  #countHeld(scopes: readonly string[], amount: Picodollars): void {
    for (const scope of scopes) {
      const counter = this.#counter(scope);
      this.changes.counters.set(scope, { ...counter, held: plus(counter.held, amount) });
    }
  }

  #countSpent(scopes: readonly string[], amount: Picodollars): void {
    for (const scope of scopes) {
      const counter = this.#counter(scope);
      this.changes.counters.set(scope, { ...counter, spent: plus(counter.spent, amount) });
    }
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

  #openHold(id: RequestId, workspaceId: WorkspaceId): Hold | undefined {
    const hold = this.#holdOf(id);
    return hold?.state === "open" && hold.workspaceId === workspaceId ? hold : undefined;
  }

  #counter(scope: string): Counter {
    const known = this.changes.counters.get(scope) ?? this.#loaded.counters.get(scope);
    return known ?? { scope, spent: noMoney, held: noMoney };
  }
}

/** What new holds may use. */
export function availableOf(account: Account): Picodollars {
  return minus(account.balance, account.held);
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
