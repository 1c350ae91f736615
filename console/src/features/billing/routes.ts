// Routes of billing: one page with its views in the address.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { operatorRoute, workspaceRoute } from "../../app/parent-routes.tsx";
import { choiceAt, compact, textAt, type RawSearch } from "../../app/search.ts";

export const billingTabs = ["credits", "payments", "ledger", "statements"] as const;
export const ledgerKinds = ["credit", "debit", "refund", "adjustment"] as const;

export type BillingSearch = {
  readonly tab?: (typeof billingTabs)[number];
  /** The payment that Stripe's page led back from. */
  readonly payment?: string;
  /** What Stripe's page led back with: of a payment, or of a card that was to be saved. */
  readonly result?: "done" | "canceled";
  readonly card?: "saved";
  /** Filters of the ledger. */
  readonly kind?: (typeof ledgerKinds)[number];
  readonly key?: string;
  readonly request?: string;
  readonly memo?: string;
  /** `YYYY-MM-DD`, days of the reader's clock, the last included. */
  readonly from?: string;
  readonly to?: string;
};

function dayAt(raw: RawSearch, name: string): string | undefined {
  const text = textAt(raw, name);
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined;
}

export const billingRoutes = [
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "billing",
    validateSearch: (raw: RawSearch): BillingSearch =>
      compact({
        tab: choiceAt(raw, "tab", billingTabs),
        payment: textAt(raw, "payment"),
        result: choiceAt(raw, "result", ["done", "canceled"]),
        card: choiceAt(raw, "card", ["saved"]),
        kind: choiceAt(raw, "kind", ledgerKinds),
        key: textAt(raw, "key"),
        request: textAt(raw, "request"),
        memo: textAt(raw, "memo"),
        from: dayAt(raw, "from"),
        to: dayAt(raw, "to"),
      }),
    component: lazyRouteComponent(() => import("./billing-page.tsx"), "BillingPage"),
  }),
] as const;

export const debtRoutes = [
  createRoute({
    getParentRoute: () => operatorRoute,
    path: "debts",
    component: lazyRouteComponent(() => import("./debts-page.tsx"), "DebtsPage"),
  }),
] as const;
