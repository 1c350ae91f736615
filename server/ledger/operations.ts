// The ledger's terms: accounts, holds, entries, and the operations that `decide` turns into changes.

import type { EntryId, KeyId, RequestId, WorkspaceId } from "../contracts/ids.ts";
import type { BillingUnit } from "../money/charge.ts";
import type { Picodollars } from "../money/picodollars.ts";

/** A workspace's money. `held <= pledged <= balance` at all times, so neither is ever spent twice. */
export type Account = {
  readonly workspaceId: WorkspaceId;
  /** Paid in minus settled. */
  readonly balance: Picodollars;
  /** Sum of open holds' amounts: what running requests will probably cost. */
  readonly held: Picodollars;
  /** Sum of open holds' ceilings: the most that running requests may come to cost. */
  readonly pledged: Picodollars;
  /** Number of the last entry; entries of a workspace are numbered 1, 2, 3 ... */
  readonly entrySequence: number;
  /** Hash of the last entry; `firstChainHead` before the first. */
  readonly chainHead: string;
  /** A settlement that takes the balance below this is noticed; undefined: never. */
  readonly lowBalanceThreshold: Picodollars | undefined;
};

/** A hold ends exactly once: open -> posted | voided | expired. */
export type Hold = {
  readonly requestId: RequestId;
  readonly workspaceId: WorkspaceId;
  readonly keyId: KeyId;
  /** What the request will probably cost; at most `ceiling`. */
  readonly amount: Picodollars;
  /** The most the request may come to cost. */
  readonly ceiling: Picodollars;
  readonly state: "open" | "posted" | "voided" | "expired";
  /** Unix milliseconds; renewed while the request lives, so that only a crash lets it pass. */
  readonly expiresAt: number;
  /** The caps it counts against. */
  readonly scopes: readonly string[];
};

/**
 * A spending limit that a hold counts against: a key's limit, a stack's day or month. `scope` names what is counted and
 * for which period: `key:key_...`, `stack:ws_...:stk_...:2026-11-22`. A scope belongs to one workspace.
 */
export type Cap = {
  readonly scope: string;
  readonly limit: Picodollars;
  /** Spending that passes this is noticed once; undefined: never. */
  readonly warnAt: Picodollars | undefined;
};

/** What has been spent and is pledged under one cap's scope. */
export type Counter = {
  readonly scope: string;
  /** Sum of debits; refunds give nothing back here. */
  readonly spent: Picodollars;
  /** Sum of the ceilings of open holds that count against it. */
  readonly pledged: Picodollars;
  /** Of the cap, as it was stated last; undefined before the first hold. */
  readonly limit: Picodollars | undefined;
  readonly warnAt: Picodollars | undefined;
};

export const entryKinds = ["credit", "debit", "refund", "adjustment"] as const;
export type EntryKind = (typeof entryKinds)[number];

/**
 * The account on the other side of an entry. Every entry moves its amount from the counterpart to the workspace, so the
 * sum over all accounts, workspaces and counterparts, is always zero.
 */
export const counterparts = ["grants", "payments", "usage", "adjustments"] as const;
export type Counterpart = (typeof counterparts)[number];

/** One line of a debit: what was used of which model, at which price. */
export type EntryLine = {
  readonly model: string;
  readonly provider: string;
  readonly unit: BillingUnit;
  readonly count: number;
  readonly unitPrice: Picodollars;
  readonly amount: Picodollars;
};

/** Append-only and chained: `hash` covers the entry and the hash before it. The sum of a workspace's entries is its balance. */
export type Entry = {
  readonly id: EntryId;
  readonly workspaceId: WorkspaceId;
  readonly sequence: number;
  readonly kind: EntryKind;
  readonly counterpart: Counterpart;
  /** Positive for credits and refunds, negative for debits, either for adjustments. */
  readonly amount: Picodollars;
  readonly balanceAfter: Picodollars;
  readonly requestId: RequestId | undefined;
  readonly memo: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly priceVersion: string | undefined;
  /** The debit's lines as text (entry-lines.ts gives the form): what is stored, hashed and read back. */
  readonly lines: string;
  /** For debits whose cost exceeded hold and balance: the part that could not be collected. Zero otherwise. */
  readonly uncollected: Picodollars;
  /** SHA-256 in hexadecimal (entry-hash.ts). */
  readonly hash: string;
};

export type HoldOperation = {
  readonly type: "hold";
  readonly requestId: RequestId;
  readonly workspaceId: WorkspaceId;
  readonly keyId: KeyId;
  /** What the request will probably cost; what exceeds `ceiling` is cut off. */
  readonly amount: Picodollars;
  /** The most it may come to cost: this must be free, and no other request can have it. Zero or more. */
  readonly ceiling: Picodollars;
  /** What is available (balance minus held) must be above this before the hold (1.00 USD by contract). */
  readonly floor: Picodollars;
  readonly expiresAt: number;
  /** None of these may be passed by what is spent and pledged under them. A scope named twice counts once. */
  readonly caps: readonly Cap[];
  /** Others look for the hold in the database from now on, as an idempotency key's claim does. */
  readonly lookedFor?: boolean;
};

/** Raises an open hold: for a further attempt under the same plan, or for an answer that becomes longer. */
export type GrowOperation = {
  readonly type: "grow";
  readonly requestId: RequestId;
  readonly workspaceId: WorkspaceId;
  /** Added to the hold's amount, which never passes its ceiling. */
  readonly amount: Picodollars;
  /** Added to the hold's ceiling. Zero or more, as is `amount`. */
  readonly ceiling: Picodollars;
  /** The limits as they are now; one that is not named is tested as it was stated last. No new scope begins to count. */
  readonly caps: readonly Cap[];
};

/** Keeps the hold of a living request from expiring. An earlier moment than it has changes nothing. */
export type RenewOperation = {
  readonly type: "renew";
  readonly requestId: RequestId;
  readonly workspaceId: WorkspaceId;
  readonly expiresAt: number;
};

/**
 * Ends a hold: debits the lines' sum, frees the rest. A cost of zero voids the hold and makes no entry. A hold that has
 * passed its expiry can be settled for as long as no sweep has ended it.
 */
export type SettleOperation = {
  readonly type: "settle";
  readonly requestId: RequestId;
  readonly workspaceId: WorkspaceId;
  readonly entryId: EntryId;
  readonly lines: readonly EntryLine[];
  readonly priceVersion: string;
  readonly at: number;
};

/** Ends a hold without a debit. */
export type VoidOperation = {
  readonly type: "void";
  readonly requestId: RequestId;
  readonly workspaceId: WorkspaceId;
};

/** Ends a hold that its request abandoned; refused while the hold has been renewed beyond `at`. */
export type ExpireOperation = {
  readonly type: "expire";
  readonly requestId: RequestId;
  readonly workspaceId: WorkspaceId;
  readonly at: number;
};

export type CreditOperation = {
  readonly type: "credit";
  readonly workspaceId: WorkspaceId;
  readonly entryId: EntryId;
  /** Above zero. */
  readonly amount: Picodollars;
  readonly counterpart: "grants" | "payments";
  readonly memo: string;
  readonly at: number;
};

/** Gives back a debit or a part of it; refunds of one request never exceed what its debit collected. */
export type RefundOperation = {
  readonly type: "refund";
  readonly workspaceId: WorkspaceId;
  readonly entryId: EntryId;
  /** The request whose debit is given back. */
  readonly requestId: RequestId;
  /** Above zero. */
  readonly amount: Picodollars;
  readonly memo: string;
  readonly at: number;
};

/** Corrects a balance by hand, or takes back a payment. Never takes what open holds are promised. */
export type AdjustOperation = {
  readonly type: "adjust";
  readonly workspaceId: WorkspaceId;
  readonly entryId: EntryId;
  /** Not zero. */
  readonly amount: Picodollars;
  readonly counterpart: "adjustments" | "payments";
  readonly memo: string;
  readonly at: number;
};

/** Operations that book an entry of their own, known by its id: repeating one books nothing new. */
export type BookingOperation = CreditOperation | RefundOperation | AdjustOperation;

export type Operation =
  HoldOperation | GrowOperation | RenewOperation | SettleOperation | VoidOperation | ExpireOperation | BookingOperation;

/** Why an operation was refused; a refusal changes nothing. */
export type Refusal =
  | { readonly reason: "below_floor" | "insufficient_credits"; readonly available: Picodollars }
  | { readonly reason: "over_cap"; readonly scope: string; readonly available: Picodollars }
  | { readonly reason: "over_refund"; readonly available: Picodollars }
  | { readonly reason: RefusalWithoutFigure };

type RefusalWithoutFigure =
  "hold_exists" | "hold_not_open" | "hold_renewed" | "no_account" | "duplicate_entry" | "invalid_amount";

export type OperationResult =
  | { readonly ok: true; readonly account: Account; readonly entry: Entry | undefined }
  | { readonly ok: false; readonly refusal: Refusal };

/** Something that a workspace wants to know of, noticed in the operation that brought it about, exactly once. */
export type Notice =
  | {
      readonly type: "credits.low";
      readonly workspaceId: WorkspaceId;
      readonly balance: Picodollars;
      readonly threshold: Picodollars;
      /** Unix milliseconds of the operation. */
      readonly at: number;
    }
  | {
      /** Spending under a cap passed its warning, or reached its limit. */
      readonly type: "budget.warning" | "budget.reached";
      readonly workspaceId: WorkspaceId;
      readonly scope: string;
      readonly spent: Picodollars;
      readonly limit: Picodollars;
      readonly at: number;
    };
