// Puts payments together: the records, Stripe where it is configured, and the worker beside the request path.

import type { BillingServices } from "./billing/billing-services.ts";
import { BillingWorker } from "./billing/billing-worker.ts";
import { stripeClient } from "./billing/stripe-client.ts";
import type { BillingConfig } from "./config-billing.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Mailer } from "./mail/mailer.ts";
import { billingStore } from "./storage/billing-store.ts";
import type { OpenDatabase } from "./storage/database.ts";
import { eventStore } from "./storage/event-store.ts";

export type BillingSurroundings = {
  readonly query: OpenDatabase["query"];
  readonly ledger: Pick<Ledger, "submit" | "account">;
  readonly publicUrl: string;
  readonly mailer: Mailer | undefined;
  /** Unix milliseconds with fractions. */
  readonly now: () => number;
  readonly reportFault: (where: string, error: unknown) => void;
};

export type WiredBilling = {
  readonly services: BillingServices;
  /** Works once started. */
  readonly worker: BillingWorker;
};

export function wireBilling({ stripe, seller }: BillingConfig, surroundings: BillingSurroundings): WiredBilling {
  const { query, ledger, publicUrl, mailer, reportFault } = surroundings;
  const services: BillingServices = {
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
    // Times are stored as whole milliseconds.
    now: () => Math.floor(surroundings.now()),
    reportFault,
  };
  return { services, worker: new BillingWorker(services) };
}
