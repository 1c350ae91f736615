// A payment in our terms: a pack of credits that somebody bought, or that was bought automatically, and what became of it.

import type { PaymentId, WorkspaceId } from "../contracts/ids.ts";
import { noMoney, type Picodollars } from "../money/picodollars.ts";

export const paymentKinds = ["checkout", "top_up"] as const;
export type PaymentKind = (typeof paymentKinds)[number];

/** `pending`: nothing paid yet; `processing`: a slow way of paying is under way. `paid` is final. */
export const paymentStatuses = ["pending", "processing", "paid", "failed", "expired"] as const;
export type PaymentStatus = (typeof paymentStatuses)[number];

export type Payment = {
  readonly id: PaymentId;
  readonly workspaceId: WorkspaceId;
  readonly kind: PaymentKind;
  /** The pack. */
  readonly amount: Picodollars;
  readonly status: PaymentStatus;
  /** What Stripe took for it, refunds and disputes aside; at most `amount`. */
  readonly paid: Picodollars;
  /** Unix milliseconds; undefined until it is paid. */
  readonly paidAt: number | undefined;
  /** Of Stripe; undefined until known. */
  readonly sessionId: string | undefined;
  readonly intentId: string | undefined;
  /** Where the customer pays; undefined for automatic payments. */
  readonly url: string | undefined;
  /** Why the last try failed, in words for the customer. */
  readonly failure: string | undefined;
  readonly invoiceUrl: string | undefined;
  readonly invoicePdf: string | undefined;
  /** Counts the facts that arrived. */
  readonly version: number;
  /** What the ledger has of it, and what it should give back but cannot yet, as of the last settlement. */
  readonly booked: Picodollars;
  readonly owed: Picodollars;
  /** Names of the events that were written about it. */
  readonly told: readonly string[];
  /** Unix milliseconds. */
  readonly createdAt: number;
};

export type Dispute = {
  readonly id: string;
  readonly amount: Picodollars;
  /** The money left our account at Stripe. */
  readonly withdrawn: boolean;
  /** It came back: the dispute was won. Outweighs the others. */
  readonly returned: boolean;
  readonly lost: boolean;
};

/** What is known of a payment's money after it was paid. */
export type PaymentFacts = {
  /** The largest sum of refunds that Stripe has stated for the charge. */
  readonly refundedTotal: Picodollars;
  readonly refunds: readonly { readonly id: string; readonly amount: Picodollars; readonly failed: boolean }[];
  readonly disputes: readonly Dispute[];
  readonly receiptUrl: string | undefined;
};

export const noFacts: PaymentFacts = {
  refundedTotal: noMoney,
  refunds: [],
  disputes: [],
  receiptUrl: undefined,
};
