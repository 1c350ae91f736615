// What everything about payments works with; server/wire-billing.ts puts it together.

import type { NewEvent } from "../contracts/events.ts";
import type { WorkspaceId } from "../contracts/ids.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { BillingRecords } from "./billing-records.ts";
import type { PaymentProvider } from "./payment-provider.ts";

export type BillingServices = {
  readonly records: BillingRecords;
  readonly ledger: Pick<Ledger, "submit" | "account">;
  readonly events: { readonly append: (event: NewEvent) => Promise<void> };
  /** Undefined: payments are not configured, and operators grant credits by hand. */
  readonly stripe: StripeConnection | undefined;
  /** Who sells the credits, for receipts: several lines. */
  readonly seller: string;
  /** Where a workspace's billing page is. */
  readonly billingPage: (workspaceId: WorkspaceId) => string;
  /** Writes to one person; undefined when the server sends no mail. */
  readonly sendLetter: ((letter: Letter) => Promise<void>) | undefined;
  /** Unix milliseconds, whole. */
  readonly now: () => number;
  readonly reportFault: (where: string, error: unknown) => void;
};

export type StripeConnection = {
  readonly provider: PaymentProvider;
  /** `whsec_...` of the webhook endpoint at Stripe. */
  readonly webhookSecret: string;
  /** Whether only test cards can pay. */
  readonly testMode: boolean;
};

export type Letter = {
  readonly to: string;
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly action: { readonly label: string; readonly url: string };
};
