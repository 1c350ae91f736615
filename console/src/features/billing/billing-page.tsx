// Billing: what the workspace has, how it pays, what it paid, and the ledger of it all.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { useItem } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { ErrorState } from "../../ui/error-state.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { PageSkeleton } from "../../ui/skeleton.tsx";
import { Badge } from "../../ui/status.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { BalanceFigures } from "./balance-figures.tsx";
import type { Billing } from "./billing.ts";
import { CreditsTab } from "./credits-tab.tsx";
import { LedgerTab } from "./ledger-tab.tsx";
import { PaymentResult } from "./payment-result.tsx";
import { PaymentsTab } from "./payments-tab.tsx";
import type { BillingSearch } from "./routes.ts";
import { StatementsTab } from "./statements-tab.tsx";
import { WhoMayPay } from "./who-may-pay.tsx";

export function BillingPage() {
  const { path, may } = useWorkspace();
  const search = useSearch({ from: "/signed-in/w/$workspaceId/billing" });
  const navigate = useNavigate({ from: "/w/$workspaceId/billing" });
  const change = useCallback(
    (changes: BillingSearch) => void navigate({ search: (before) => ({ ...before, ...changes }), replace: true }),
    [navigate],
  );
  const billing = useItem<Billing>(`${path}/billing`, {}, { refreshMs: 15_000 });
  const { item } = billing;
  if (item === undefined) {
    return billing.error === undefined ? (
      <PageSkeleton />
    ) : (
      <ErrorState error={billing.error} onRetry={billing.retry} />
    );
  }
  return (
    <>
      <PageHeader
        title="Billing"
        description="Credits are paid in before they are spent."
        mark={item.test_mode && <Badge tone="brass">Test mode</Badge>}
      />
      <div className="flex flex-col gap-6">
        <PaymentResult
          search={search}
          onClose={() => change({ payment: undefined, result: undefined, card: undefined })}
        />
        <BalanceFigures billing={item} />
        {may("pay") ? (
          <Tabs
            label="Billing"
            value={search.tab ?? "credits"}
            onValue={(tab) => void navigate({ search: tab === "credits" ? {} : { tab } })}
            tabs={[
              { value: "credits", label: "Credits", content: <CreditsTab billing={item} /> },
              { value: "payments", label: "Payments", content: <PaymentsTab billing={item} /> },
              { value: "ledger", label: "Ledger", content: <LedgerTab search={search} onChange={change} /> },
              { value: "statements", label: "Statements", content: <StatementsTab /> },
            ]}
          />
        ) : (
          <WhoMayPay billing={item} />
        )}
      </div>
    </>
  );
}
