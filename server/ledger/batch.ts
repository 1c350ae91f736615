// The rows of one batch while it is decided: a changed row shadows the loaded one, and every entry joins its chain here.

import type { EntryId, RequestId, WorkspaceId } from "../contracts/ids.ts";
import { noMoney, picodollars, type Picodollars } from "../money/picodollars.ts";
import { entryHash, firstChainHead } from "./entry-hash.ts";
import type {
  Account,
  BookingOperation,
  Counter,
  Entry,
  Hold,
  Notice,
  OperationResult,
  RefundOperation,
} from "./operations.ts";

/** The rows a batch touches, as loaded; absent keys do not exist yet. */
export type LedgerState = {
  readonly accounts: ReadonlyMap<WorkspaceId, Account>;
  /** Of the requests that the batch names. A hold that was posted or voided need not be kept: ids are never used again. */
  readonly holds: ReadonlyMap<RequestId, Hold>;
  /** Of the scopes that the batch's caps name, and those that the loaded holds count against. */
  readonly counters: ReadonlyMap<string, Counter>;
  /** Entry ids of this batch's credits, refunds and adjustments that are already in the ledger. */
  readonly knownEntryIds: ReadonlySet<EntryId>;
  /** For the requests that this batch's refunds name. */
  readonly refundable: ReadonlyMap<RequestId, Refundable>;
};

/** What is left to give back of a request's debit, and whose it is. */
export type Refundable = { readonly workspaceId: WorkspaceId; readonly amount: Picodollars };

export type LedgerChanges = {
  readonly accounts: Map<WorkspaceId, Account>;
  readonly holds: Map<RequestId, Hold>;
  readonly counters: Map<string, Counter>;
  readonly entries: Entry[];
  readonly notices: Notice[];
  /** One per operation, in order. */
  readonly results: OperationResult[];
};

/** What an entry says of itself; the account gives the rest. */
export type EntryFacts = Omit<Entry, "workspaceId" | "sequence" | "balanceAfter" | "hash">;

export class Batch {
  readonly changes: LedgerChanges = {
    accounts: new Map(),
    holds: new Map(),
    counters: new Map(),
    entries: [],
    notices: [],
    results: [],
  };
  readonly #loaded: LedgerState;
  readonly #bookedIds = new Set<EntryId>();
  readonly #refundable = new Map<RequestId, Refundable>();

  constructor(loaded: LedgerState) {
    this.#loaded = loaded;
  }

  account(id: WorkspaceId): Account | undefined {
    return this.changes.accounts.get(id) ?? this.#loaded.accounts.get(id);
  }

  hold(id: RequestId): Hold | undefined {
    return this.changes.holds.get(id) ?? this.#loaded.holds.get(id);
  }

  counter(scope: string): Counter {
    const known = this.changes.counters.get(scope) ?? this.#loaded.counters.get(scope);
    return known ?? { scope, spent: noMoney, pledged: noMoney, limit: undefined, warnAt: undefined };
  }

  putHold(hold: Hold): void {
    this.changes.holds.set(hold.requestId, hold);
  }

  putCounter(counter: Counter): void {
    this.changes.counters.set(counter.scope, counter);
  }

  /** What is left to give back of the request's debit. */
  refundable({ requestId, workspaceId }: RefundOperation): Picodollars {
    const left = this.#refundable.get(requestId) ?? this.#loaded.refundable.get(requestId);
    return left?.workspaceId === workspaceId ? left.amount : noMoney;
  }

  putRefundable(requestId: RequestId, refundable: Refundable): void {
    this.#refundable.set(requestId, refundable);
  }

  isBooked({ entryId }: BookingOperation): boolean {
    return this.#bookedIds.has(entryId) || this.#loaded.knownEntryIds.has(entryId);
  }

  /** Accepts an operation that leaves the account so. */
  accept(account: Account, entry?: Entry): OperationResult {
    this.changes.accounts.set(account.workspaceId, account);
    return { ok: true, account, entry };
  }

  /** Accepts an operation by adding an entry: numbered, chained, its amount added to the balance. */
  book(account: Account, facts: EntryFacts): OperationResult {
    const { workspaceId, chainHead } = account;
    const balance = picodollars(account.balance + facts.amount);
    const sequence = account.entrySequence + 1;
    const unhashed = { ...facts, workspaceId, sequence, balanceAfter: balance };
    const entry: Entry = { ...unhashed, hash: entryHash(chainHead, unhashed) };
    this.changes.entries.push(entry);
    if (entry.kind !== "debit") this.#bookedIds.add(entry.id);
    return this.accept({ ...account, balance, entrySequence: sequence, chainHead: entry.hash }, entry);
  }
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
