// Operations and records in few words, and a ledger in memory that keeps between batches what a database would.

import { asId, newId, type EntryId, type KeyId, type RequestId, type WorkspaceId } from "../contracts/ids.ts";
import { unknownUsage } from "../conversation/usage.ts";
import { noMoney, picodollars, type Picodollars } from "../money/picodollars.ts";
import { emptyAccount, type LedgerChanges, type Refundable } from "./batch.ts";
import { decide } from "./decide.ts";
import type {
  Account,
  AdjustOperation,
  Cap,
  Counter,
  CreditOperation,
  Entry,
  EntryLine,
  ExpireOperation,
  GrowOperation,
  Hold,
  HoldOperation,
  Notice,
  Operation,
  OperationResult,
  RefundOperation,
  RenewOperation,
  SettleOperation,
  VoidOperation,
} from "./operations.ts";
import type { RequestRecord } from "./request-record.ts";

export const money = (amount: number): Picodollars => picodollars(BigInt(amount));

export const cap = (scope: string, limit: number, warnAt?: number): Cap => ({
  scope,
  limit: money(limit),
  warnAt: warnAt === undefined ? undefined : money(warnAt),
});

/** One line of `cost` tokens at a picodollar each; none for a cost of zero. */
export const linesOf = (cost: number): EntryLine[] =>
  cost === 0
    ? []
    : [{ model: "m", provider: "p", unit: "output_token", count: cost, unitPrice: money(1), amount: money(cost) }];

/** The operations of one workspace; requests are known by a number, and ids are made of it unless they are given. */
export class Operations {
  readonly workspaceId: WorkspaceId;
  readonly keyId = asId<KeyId>("key_1");
  readonly #request: (n: number) => RequestId;

  constructor(workspaceId: WorkspaceId, request: (n: number) => RequestId = (n) => asId<RequestId>(`req_${n}`)) {
    this.workspaceId = workspaceId;
    this.#request = request;
  }

  /** The ceiling is the amount where none is given. */
  hold(
    n: number,
    amount: number,
    more: { readonly caps?: readonly Cap[]; floor?: number; ceiling?: number; expiresAt?: number } = {},
  ): HoldOperation {
    return {
      type: "hold",
      ...this.#of(n),
      keyId: this.keyId,
      amount: money(amount),
      ceiling: money(more.ceiling ?? amount),
      floor: money(more.floor ?? 0),
      expiresAt: more.expiresAt ?? 100,
      caps: more.caps ?? [],
    };
  }

  grow(n: number, amount: number, more: { readonly caps?: readonly Cap[]; ceiling?: number } = {}): GrowOperation {
    const ceiling = money(more.ceiling ?? amount);
    return { type: "grow", ...this.#of(n), amount: money(amount), ceiling, caps: more.caps ?? [] };
  }

  renew(n: number, expiresAt: number): RenewOperation {
    return { type: "renew", ...this.#of(n), expiresAt };
  }

  settle(n: number, cost: number, entryId = newId("ent"), at = 2): SettleOperation {
    return { type: "settle", ...this.#of(n), entryId, lines: linesOf(cost), priceVersion: "p1", at };
  }

  void(n: number): VoidOperation {
    return { type: "void", ...this.#of(n) };
  }

  expire(n: number, at = 100): ExpireOperation {
    return { type: "expire", ...this.#of(n), at };
  }

  credit(amount: number, entryId = newId("ent")): CreditOperation {
    const { workspaceId } = this;
    const counterpart = "grants";
    return { type: "credit", workspaceId, entryId, amount: money(amount), counterpart, memo: "grant", at: 1 };
  }

  refund(n: number, amount: number, entryId = newId("ent")): RefundOperation {
    return { type: "refund", ...this.#of(n), entryId, amount: money(amount), memo: "refund", at: 3 };
  }

  adjust(amount: number, entryId = newId("ent"), counterpart: "adjustments" | "payments" = "adjustments") {
    const { workspaceId } = this;
    const operation: AdjustOperation = {
      type: "adjust",
      workspaceId,
      entryId,
      amount: money(amount),
      counterpart,
      memo: "by hand",
      at: 4,
    };
    return operation;
  }

  requestId(n: number): RequestId {
    return this.#request(n);
  }

  #of(n: number): { readonly requestId: RequestId; readonly workspaceId: WorkspaceId } {
    return { requestId: this.#request(n), workspaceId: this.workspaceId };
  }
}

/** A ledger in memory: what a database keeps between batches, and forgets as one does. */
export class MemoryLedger {
  readonly accounts = new Map<WorkspaceId, Account>();
  readonly holds = new Map<RequestId, Hold>();
  readonly counters = new Map<string, Counter>();
  readonly entries: Entry[] = [];
  readonly notices: Notice[] = [];
  readonly #knownEntryIds = new Set<EntryId>();
  readonly #refundable = new Map<RequestId, Refundable>();

  run(...operations: readonly Operation[]): OperationResult[] {
    const { accounts, holds, counters } = this;
    const loaded = { accounts, holds, counters, knownEntryIds: this.#knownEntryIds, refundable: this.#refundable };
    const changes = decide(loaded, operations);
    for (const [id, account] of changes.accounts) accounts.set(id, account);
    for (const [scope, counter] of changes.counters) counters.set(scope, counter);
    this.#keepHolds(changes);
    for (const entry of changes.entries) this.#add(entry);
    this.notices.push(...changes.notices);
    return changes.results;
  }

  account(workspaceId: WorkspaceId): Account {
    return this.accounts.get(workspaceId) ?? emptyAccount(workspaceId);
  }

  /** Makes settlements that take the balance below `threshold` known. */
  watchBalance(workspaceId: WorkspaceId, threshold: number): void {
    this.accounts.set(workspaceId, { ...this.account(workspaceId), lowBalanceThreshold: money(threshold) });
  }

  entriesOf(workspaceId: WorkspaceId): Entry[] {
    return this.entries.filter((entry) => entry.workspaceId === workspaceId);
  }

  #keepHolds({ holds }: LedgerChanges): void {
    for (const [id, hold] of holds) {
      if (hold.state === "posted" || hold.state === "voided") this.holds.delete(id);
      else this.holds.set(id, hold);
    }
  }

  #add(entry: Entry): void {
    this.entries.push(entry);
    if (entry.kind !== "debit") this.#knownEntryIds.add(entry.id);
    const { requestId, workspaceId, kind } = entry;
    if (requestId === undefined || (kind !== "debit" && kind !== "refund")) return;
    const left = this.#refundable.get(requestId)?.amount ?? noMoney;
    this.#refundable.set(requestId, { workspaceId, amount: picodollars(left - entry.amount) });
  }
}

/** `ok`, or why not. */
export function reasonsOf(results: readonly (OperationResult | undefined)[]): string[] {
  return results.map((result) => (result === undefined ? "none" : result.ok ? "ok" : result.refusal.reason));
}

/** A request's record with nothing in it but what is given. */
export function recordFor(
  workspaceId: WorkspaceId,
  requestId: RequestId,
  usage: Partial<RequestRecord["usage"]> = {},
): RequestRecord {
  return {
    usage: {
      requestId,
      workspaceId,
      keyId: asId<KeyId>("key_1"),
      createdAt: 1,
      protocol: "responses",
      requestedModel: "astrolabe/auto",
      stackSlug: undefined,
      stackVersion: undefined,
      model: "m",
      provider: "p",
      unbillableReason: undefined,
      httpStatus: 200,
      usage: unknownUsage,
      hold: noMoney,
      ceiling: noMoney,
      debit: noMoney,
      entrySequence: undefined,
      priceVersion: "p1",
      firstByteMs: undefined,
      totalMs: 3,
      category: undefined,
      baseline: undefined,
      savings: undefined,
      ...usage,
    },
    calls: [],
    trace: { json: '{"object":"route_trace"}', expiresAt: 9 },
    text: undefined,
    kept: undefined,
  };
}
