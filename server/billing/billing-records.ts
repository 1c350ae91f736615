// What payments ask of storage. server/storage/billing-store.ts and its neighbours implement it, the same on every engine.

import type { EntryId, PaymentId, WorkspaceId } from "../contracts/ids.ts";
import type { Picodollars } from "../money/picodollars.ts";
import type { Payment, PaymentFacts, PaymentKind } from "./payment.ts";
import type { StripeFact } from "./stripe-facts.ts";

export type BillingDetails = {
  readonly name: string;
  /** Several lines. */
  readonly address: string;
  readonly taxId: string;
  /** Where Stripe sends its receipts; empty: nowhere. */
  readonly email: string;
};

export type SavedCard = {
  readonly id: string;
  readonly brand: string;
  readonly last4: string;
  /** `MM/YYYY`. */
  readonly expires: string;
};

export type BillingProfile = {
  readonly customerId: string | undefined;
  readonly details: BillingDetails;
  readonly card: SavedCard | undefined;
};

export type NewPayment = {
  readonly id: PaymentId;
  readonly workspaceId: WorkspaceId;
  readonly kind: PaymentKind;
  readonly amount: Picodollars;
  readonly createdAt: number;
};

export type PaymentRecords = {
  insert(payment: NewPayment): Promise<void>;
  /** The page that Stripe made for it. */
  opened(id: PaymentId, session: { readonly id: string; readonly url: string }): Promise<void>;
  find(id: PaymentId): Promise<Payment | undefined>;
  /** Newest first. */
  list(
    workspaceId: WorkspaceId,
    page: { readonly before: PaymentId | undefined; readonly limit: number },
  ): Promise<Payment[]>;
  factsOf(intentId: string): Promise<PaymentFacts>;
  /**
   * Writes facts in one transaction, so that any order and any repetition gives the same, and counts the versions of the
   * payments they are about. A failed or paid automatic payment is counted with its settings.
   * @param retryAt when the next automatic payment may be tried after one that failed; Unix milliseconds.
   * @returns those payments; a fact about none of ours is kept where it may belong to one later, else dropped.
   */
  learn(facts: readonly StripeFact[], retryAt: number): Promise<PaymentId[]>;
  /** What the ledger has now; false when a fact arrived since `version` was read. */
  settled(
    payment: Pick<Payment, "id" | "version">,
    now: { readonly booked: Picodollars; readonly owed: Picodollars },
  ): Promise<boolean>;
  /** Remembers the names of the events that were written about a payment. */
  told(id: PaymentId, names: readonly string[]): Promise<void>;
  /** The amounts of these entries of the ledger; one that is not booked is missing. */
  bookedEntries(workspaceId: WorkspaceId, ids: readonly EntryId[]): Promise<ReadonlyMap<EntryId, Picodollars>>;
  /** Payments that owe, of one workspace or of all, the oldest first, those after `after`. */
  owing(
    workspaceId: WorkspaceId | undefined,
    page: { readonly after: PaymentId | undefined; readonly limit: number },
  ): Promise<Payment[]>;
  /** Payments of which something was learned that the ledger does not have yet. */
  unsettled(limit: number): Promise<Payment[]>;
};

export type ProfileRecords = {
  find(workspaceId: WorkspaceId): Promise<BillingProfile>;
  saveDetails(workspaceId: WorkspaceId, details: Partial<BillingDetails>): Promise<void>;
  /** Of several that try at once the first stays. @returns the customer that the workspace has now */
  claimCustomer(workspaceId: WorkspaceId, customerId: string): Promise<string>;
  /** Addresses of the members who look after payments: owners, admins and billing. */
  payers(workspaceId: WorkspaceId): Promise<readonly string[]>;
  /** Removed cards stay removed, whatever Stripe's events say later. */
  removeCard(cardId: string): Promise<void>;
};

export type StoredEvent = {
  readonly id: string;
  readonly type: string;
  /** As received. */
  readonly body: string;
  readonly attempts: number;
  readonly dueAt: number;
};

export type StripeEventRecords = {
  /** Keeps an event to be applied; one that is known already stays as it is. */
  store(event: {
    readonly id: string;
    readonly type: string;
    readonly body: string;
    readonly at: number;
  }): Promise<void>;
  /** Events that are to be applied by now, the oldest first. */
  due(nowMs: number, limit: number): Promise<StoredEvent[]>;
  find(id: string): Promise<StoredEvent | undefined>;
  /** Takes an event until `until`; false when another process was faster. */
  claim(event: StoredEvent, until: number): Promise<boolean>;
  done(id: string, status: "applied" | "ignored"): Promise<void>;
  failed(id: string, error: string, retryAt: number): Promise<void>;
};

export type AutoTopUp = {
  readonly workspaceId: WorkspaceId;
  readonly enabled: boolean;
  /** A balance below it buys a pack. */
  readonly threshold: Picodollars;
  readonly pack: Picodollars;
  /** The most that automatic payments of one UTC month may come to. */
  readonly monthlyCap: Picodollars;
  /** In a row. */
  readonly failures: number;
  /** Why it was switched off by itself; undefined when a person did, or nobody. */
  readonly disabledReason: string | undefined;
};

export type TopUpRecords = {
  find(workspaceId: WorkspaceId): Promise<AutoTopUp | undefined>;
  /** Switching it on or off forgets past failures. */
  save(settings: Pick<AutoTopUp, "workspaceId" | "enabled" | "threshold" | "pack" | "monthlyCap">): Promise<void>;
  /** Enabled ones whose workspace is below its threshold, with nothing under way, whose next attempt may be made. */
  wanting(nowMs: number, limit: number): Promise<AutoTopUp[]>;
  /** What automatic payments since `since` have come to, failed ones aside. */
  spentSince(workspaceId: WorkspaceId, since: number): Promise<Picodollars>;
  /**
   * Begins an automatic payment if nothing is under way, the balance is still below the threshold and the cap allows it:
   * decided in one transaction.
   * @param monthStart Unix milliseconds.
   */
  begin(
    topUp: AutoTopUp,
    payment: NewPayment,
    monthStart: number,
  ): Promise<"begun" | "under_way" | "capped" | "not_needed">;
  /** Automatic payments that Stripe was not asked for yet, or whose answer was lost. */
  unanswered(before: number, limit: number): Promise<Payment[]>;
  /** Enabled ones whose payments have failed so often in a row. */
  failing(failures: number, limit: number): Promise<AutoTopUp[]>;
  /** False when it is off already. */
  disable(workspaceId: WorkspaceId, reason: string): Promise<boolean>;
};

export type BillingRecords = {
  readonly payments: PaymentRecords;
  readonly profiles: ProfileRecords;
  readonly events: StripeEventRecords;
  readonly topUps: TopUpRecords;
};
