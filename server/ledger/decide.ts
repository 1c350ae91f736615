// All money logic, pure: what a batch of operations makes of accounts, holds and counters. Storage locks, loads and
// writes around it; nothing else decides about money. The rules of caps are in count-caps.ts, entries are made in batch.ts.

import type { RequestId, WorkspaceId } from "../contracts/ids.ts";
import { sumLines } from "../money/charge.ts";
import { noMoney, picodollars, type Picodollars } from "../money/picodollars.ts";
import { Batch, emptyAccount, type EntryFacts, type LedgerChanges, type LedgerState } from "./batch.ts";
import { capShortage, countSpent, leftBeyond, pledge, scopesOf, unpledge } from "./count-caps.ts";
import { formatEntryLines } from "./entry-lines.ts";
import type {
  Account,
  AdjustOperation,
  BookingOperation,
  CreditOperation,
  ExpireOperation,
  GrowOperation,
  Hold,
  HoldOperation,
  Operation,
  OperationResult,
  Refusal,
  RefundOperation,
  RenewOperation,
  SettleOperation,
  VoidOperation,
} from "./operations.ts";

/** Applies the operations in order. A refused operation changes nothing; the others stand. */
export function decide(loaded: LedgerState, operations: readonly Operation[]): LedgerChanges {
  const batch = new Batch(loaded);
  for (const operation of operations) batch.changes.results.push(apply(batch, operation));
  return batch.changes;
}

function apply(batch: Batch, operation: Operation): OperationResult {
  switch (operation.type) {
    case "hold":
      return hold(batch, operation);
    case "grow":
      return grow(batch, operation);
    case "renew":
      return renew(batch, operation);
    case "settle":
      return settle(batch, operation);
    case "void":
      return voidHold(batch, operation);
    case "expire":
      return expire(batch, operation);
    case "credit":
      return credit(batch, operation);
    case "refund":
      return refund(batch, operation);
    case "adjust":
      return adjust(batch, operation);
  }
}

function hold(batch: Batch, operation: HoldOperation): OperationResult {
  const { requestId, workspaceId, keyId, ceiling, expiresAt, caps } = operation;
  if (operation.amount < 0n || ceiling < 0n) return refused({ reason: "invalid_amount" });
  if (batch.hold(requestId)) return refused({ reason: "hold_exists" });
  const account = batch.account(workspaceId);
  if (!account) return refused({ reason: "no_account" });
  const available = availableOf(account);
  if (available <= operation.floor) return refused({ reason: "below_floor", available });
  const scopes = scopesOf(caps);
  const shortage = capShortage(batch, scopes, caps, ceiling) ?? creditShortage(account, ceiling);
  if (shortage) return refused(shortage);
  const amount = least(operation.amount, ceiling);
  batch.putHold({ requestId, workspaceId, keyId, amount, ceiling, state: "open", expiresAt, scopes });
  pledge(batch, scopes, caps, ceiling);
  return batch.accept({ ...account, held: plus(account.held, amount), pledged: plus(account.pledged, ceiling) });
}

/** What the hold counts against stays as it was opened; the operation's caps only state their limits anew. */
function grow(batch: Batch, operation: GrowOperation): OperationResult {
  if (operation.amount < 0n || operation.ceiling < 0n) return refused({ reason: "invalid_amount" });
  const found = openHold(batch, operation);
  if (!found) return refused({ reason: "hold_not_open" });
  const { open, account } = found;
  const { caps } = operation;
  const more = operation.ceiling;
  const shortage = capShortage(batch, open.scopes, caps, more) ?? creditShortage(account, more);
  if (shortage) return refused(shortage);
  const ceiling = plus(open.ceiling, more);
  const amount = least(plus(open.amount, operation.amount), ceiling);
  batch.putHold({ ...open, amount, ceiling });
  pledge(batch, open.scopes, caps, more);
  const held = plus(account.held, minus(amount, open.amount));
  return batch.accept({ ...account, held, pledged: plus(account.pledged, more) });
}

function renew(batch: Batch, operation: RenewOperation): OperationResult {
  const found = openHold(batch, operation);
  if (!found) return refused({ reason: "hold_not_open" });
  const { open, account } = found;
  if (operation.expiresAt > open.expiresAt) batch.putHold({ ...open, expiresAt: operation.expiresAt });
  return { ok: true, account, entry: undefined };
}

/**
 * Debits the lines and frees the hold. A cost above the ceiling is taken from what neither the account nor a cap has
 * promised to others; what that does not cover is recorded as uncollected. So no other hold and no limit is touched.
 */
function settle(batch: Batch, operation: SettleOperation): OperationResult {
  if (operation.lines.some(({ amount }) => amount < 0n)) return refused({ reason: "invalid_amount" });
  const found = openHold(batch, operation);
  if (!found) return refused({ reason: "hold_not_open" });
  const { open, account } = found;
  const { requestId, workspaceId, at } = operation;
  const cost = sumLines(operation.lines);
  if (cost === 0n) return batch.accept(end(batch, open, account, "voided"));
  const beyond = cost > open.ceiling ? leftBeyond(batch, open, freeOf(account)) : noMoney;
  const debit = least(cost, plus(open.ceiling, beyond));
  const freed = end(batch, open, account, "posted");
  countSpent(batch, open, debit, at);
  batch.putRefundable(requestId, { workspaceId, amount: debit });
  noticeLowBalance(batch, freed, minus(freed.balance, debit), at);
  return batch.book(freed, {
    id: operation.entryId,
    kind: "debit",
    counterpart: "usage",
    amount: minus(noMoney, debit),
    requestId,
    memo: "",
    createdAt: at,
    priceVersion: operation.priceVersion,
    lines: formatEntryLines(operation.lines),
    uncollected: minus(cost, debit),
  });
}

function voidHold(batch: Batch, operation: VoidOperation): OperationResult {
  const found = openHold(batch, operation);
  if (!found) return refused({ reason: "hold_not_open" });
  return batch.accept(end(batch, found.open, found.account, "voided"));
}

function expire(batch: Batch, operation: ExpireOperation): OperationResult {
  const found = openHold(batch, operation);
  if (!found) return refused({ reason: "hold_not_open" });
  if (found.open.expiresAt > operation.at) return refused({ reason: "hold_renewed" });
  return batch.accept(end(batch, found.open, found.account, "expired"));
}

function credit(batch: Batch, operation: CreditOperation): OperationResult {
  if (operation.amount <= 0n) return refused({ reason: "invalid_amount" });
  if (batch.isBooked(operation)) return refused({ reason: "duplicate_entry" });
  const account = batch.account(operation.workspaceId) ?? emptyAccount(operation.workspaceId);
  return batch.book(account, { ...bookingFacts(operation), kind: "credit", counterpart: operation.counterpart });
}

/** What was spent under caps stays spent: a refund gives back credits, not room under a limit. */
function refund(batch: Batch, operation: RefundOperation): OperationResult {
  const { requestId, workspaceId, amount } = operation;
  if (amount <= 0n) return refused({ reason: "invalid_amount" });
  if (batch.isBooked(operation)) return refused({ reason: "duplicate_entry" });
  const account = batch.account(workspaceId);
  if (!account) return refused({ reason: "no_account" });
  const available = batch.refundable(operation);
  if (amount > available) return refused({ reason: "over_refund", available });
  batch.putRefundable(requestId, { workspaceId, amount: minus(available, amount) });
  return batch.book(account, { ...bookingFacts(operation), kind: "refund", counterpart: "usage", requestId });
}

function adjust(batch: Batch, operation: AdjustOperation): OperationResult {
  const { amount, counterpart, at } = operation;
  if (amount === 0n) return refused({ reason: "invalid_amount" });
  if (batch.isBooked(operation)) return refused({ reason: "duplicate_entry" });
  const account = batch.account(operation.workspaceId);
  if (!account) return refused({ reason: "no_account" });
  const shortage = creditShortage(account, minus(noMoney, amount));
  if (shortage) return refused(shortage);
  noticeLowBalance(batch, account, plus(account.balance, amount), at);
  return batch.book(account, { ...bookingFacts(operation), kind: "adjustment", counterpart });
}

/** The request's hold and its account, as long as the hold is open and the workspace's own. */
function openHold(
  batch: Batch,
  { requestId, workspaceId }: { readonly requestId: RequestId; readonly workspaceId: WorkspaceId },
): { readonly open: Hold; readonly account: Account } | undefined {
  const open = batch.hold(requestId);
  const account = batch.account(workspaceId);
  return open?.state === "open" && open.workspaceId === workspaceId && account ? { open, account } : undefined;
}

/** Ends a hold and frees what it held; returns the account without it. */
function end(batch: Batch, open: Hold, account: Account, state: "posted" | "voided" | "expired"): Account {
  batch.putHold({ ...open, state });
  unpledge(batch, open);
  return { ...account, held: minus(account.held, open.amount), pledged: minus(account.pledged, open.ceiling) };
}

/** A refusal when less than `amount` is promised to nobody. */
function creditShortage(account: Account, amount: Picodollars): Refusal | undefined {
  const available = freeOf(account);
  return amount > available ? { reason: "insufficient_credits", available } : undefined;
}

function noticeLowBalance(batch: Batch, account: Account, balance: Picodollars, at: number): void {
  const { workspaceId, lowBalanceThreshold: threshold } = account;
  if (threshold === undefined || account.balance < threshold || balance >= threshold) return;
  batch.changes.notices.push({ type: "credits.low", workspaceId, balance, threshold, at });
}

/** What a caller sees as available: the balance without what running requests will probably cost. */
export function availableOf(account: Account): Picodollars {
  return minus(account.balance, account.held);
}

/** What is promised to nobody: the most that a new hold's ceiling may be. At most `availableOf`, never below zero. */
export function freeOf(account: Account): Picodollars {
  return minus(account.balance, account.pledged);
}

function bookingFacts({ entryId, amount, memo, at }: BookingOperation): Omit<EntryFacts, "kind" | "counterpart"> {
  return {
    id: entryId,
    amount,
    requestId: undefined,
    // What a database would store otherwise than it was hashed.
    memo: memo.toWellFormed(),
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
