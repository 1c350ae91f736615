// The ledger's terms: accounts, holds, entries, and the operations that `decide` turns into changes.

import type { EntryId, KeyId, RequestId, WorkspaceId } from "../contracts/ids.ts";
import type { BillingUnit } from "../money/charge.ts";
import type { Picodollars } from "../money/picodollars.ts";

/** A workspace's money. `available = balance - held` and is never negative. */
export type Account = {
  readonly workspaceId: WorkspaceId;
  /** Paid in minus settled. */
  readonly balance: Picodollars;
  /** Sum of open holds. */
  readonly held: Picodollars;
  /** Number of the last entry; entries of a workspace are numbered 1, 2, 3 ... */
  readonly entrySequence: number;
};

/** A hold ends exactly once: open -> posted | voided | expired. */
export type Hold = {
  readonly requestId: RequestId;
  readonly workspaceId: WorkspaceId;
  readonly keyId: KeyId;
  readonly amount: Picodollars;
  readonly state: "open" | "posted" | "voided" | "expired";
  /** Unix milliseconds; beyond any time its request may take. */
  readonly expiresAt: number;
  /** The caps it counts against. */
  readonly scopes: readonly string[];
};

/**
 * A spending limit that a hold counts against: a key's limit, a stack's day or month. `scope` names what is counted and
 * for which period: `key:key_...`, `stack:ws_...:stk_...:2026-11-22`.
 */
export type Cap = { readonly scope: string; readonly limit: Picodollars };

/** What has been spent and is held under one cap's scope. */
export type Counter = { readonly scope: string; readonly spent: Picodollars; readonly held: Picodollars };

export type EntryKind = "credit" | "debit" | "adjustment";

/** One line of a debit: what was used of which model, at which price. */
export type EntryLine = {
  readonly model: string;
  readonly provider: string;
  readonly unit: BillingUnit;
  readonly count: number;
  readonly unitPrice: Picodollars;
  readonly amount: Picodollars;
};

/** Append-only. The sum of a workspace's entries is its balance. */
export type Entry = {
  readonly id: EntryId;
  readonly workspaceId: WorkspaceId;
  readonly sequence: number;
  readonly kind: EntryKind;
  /** Positive for credits, negative for debits. */
  readonly amount: Picodollars;
  readonly balanceAfter: Picodollars;
  readonly requestId: RequestId | undefined;
  readonly memo: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly priceVersion: string | undefined;
  readonly lines: readonly EntryLine[];
  /** For debits whose cost exceeded hold and balance: the part that could not be collected. Zero otherwise. */
  readonly uncollected: Picodollars;
};

export type HoldOperation = {
  readonly type: "hold";
  readonly requestId: RequestId;
  readonly workspaceId: WorkspaceId;
  readonly keyId: KeyId;
  readonly amount: Picodollars;
  /** Available balance must be above this before the hold (1.00 USD by contract). */
  readonly floor: Picodollars;
  readonly expiresAt: number;
  /** None of these may be passed by what is spent and held under them. */
  readonly caps: readonly Cap[];
};

/** Raises an open hold by `amount`, for a further attempt under the same plan. */
export type GrowOperation = {
  readonly type: "grow";
  readonly requestId: RequestId;
  readonly workspaceId: WorkspaceId;
  readonly amount: Picodollars;
  readonly caps: readonly Cap[];
};

/** Ends a hold: debits `cost` (its lines' sum), frees the rest. A cost of zero voids the hold and makes no entry. */
export type SettleOperation = {
  readonly type: "settle";
  readonly requestId: RequestId;
  readonly workspaceId: WorkspaceId;
  readonly entryId: EntryId;
  readonly lines: readonly EntryLine[];
  readonly priceVersion: string;
  readonly at: number;
};

export type ExpireOperation = {
  readonly type: "expire";
  readonly requestId: RequestId;
  readonly workspaceId: WorkspaceId;
};

export type CreditOperation = {
  readonly type: "credit";
  readonly workspaceId: WorkspaceId;
  readonly entryId: EntryId;
  /** Above zero. */
  readonly amount: Picodollars;
  readonly memo: string;
  readonly at: number;
};

export type Operation = HoldOperation | GrowOperation | SettleOperation | ExpireOperation | CreditOperation;

/** Why an operation was refused; a refusal changes nothing. */
export type Refusal =
  | { readonly reason: "below_floor" | "insufficient_credits"; readonly available: Picodollars }
  | { readonly reason: "over_cap"; readonly scope: string; readonly available: Picodollars }
  | { readonly reason: "hold_exists" | "hold_not_open" | "no_account" | "duplicate_entry" };

export type OperationResult =
  | { readonly ok: true; readonly account: Account; readonly entry: Entry | undefined }
  | { readonly ok: false; readonly refusal: Refusal };
