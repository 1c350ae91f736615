// Puts payments together: the records, Stripe where it is configured, and the worker beside the request path.

import type { BillingServices } from "./billing/billing-services.ts";
import { BillingWorker } from "./billing/billing-worker.ts";
import { debtsPaidBy } from "./billing/settle-payment.ts";
import { stripeClient } from "./billing/stripe-client.ts";
import type { BillingConfig } from "./config-billing.ts";
import type { ControlServices } from "./http/control/services.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Mailer } from "./mail/mailer.ts";
import { billingStore } from "./storage/billing-store.ts";
import type { OpenDatabase } from "./storage/database.ts";
import { entryStore } from "./storage/entry-store.ts";
import { eventStore } from "./storage/event-store.ts";
import type { CreditRecords } from "./workspaces/grant-credit.ts";

export type BillingSurroundings = {
  readonly billing: BillingConfig;
  readonly query: OpenDatabase["query"];
  readonly ledger: Pick<Ledger, "submit" | "account">;
  readonly credits: CreditRecords;
  readonly publicUrl: string;
  readonly mailer: Mailer | undefined;
  /** Unix milliseconds, whole. */
  readonly now: () => number;
  readonly reportFault: (where: string, error: unknown) => void;
};

export type WiredBilling = {
  /** What the control routes work with. */
  readonly services: Pick<ControlServices, "credits" | "entries" | "billing" | "applyStripeEvent">;
  /** Works once started. */
  readonly worker: BillingWorker;
};

export function wireBilling(surroundings: BillingSurroundings): WiredBilling {
  const { query, ledger, credits, publicUrl, mailer, now, reportFault } = surroundings;
  const { stripe, seller } = surroundings.billing;
  const billing: BillingServices = {
    records: billingStore(query),
    ledger,
    events: eventStore(query),
    stripe: stripe && {
      provider: stripeClient(stripe),
      webhookSecret: stripe.webhookSecret,
      testMode: /^(?:sk|rk)_test_/.test(stripe.secretKey),
    },
    seller,
    billingPage: (workspaceId) => `${publicUrl}/w/${workspaceId}/billing`,
    sendLetter: mailer && ((letter) => mailer.send(letter)),
    now,
    reportFault,
  };
  const worker = new BillingWorker(billing);
  return {
    worker,
    services: {
      billing,
      applyStripeEvent: (eventId) => worker.apply(eventId),
      entries: entryStore(query),
      credits: {
        ledger,
        records: credits,
        debts: (workspaceId, credit) => debtsPaidBy(billing, workspaceId, credit),
        now,
      },
    },
  };
}
