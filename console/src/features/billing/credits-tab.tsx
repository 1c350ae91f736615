// Buying credits and everything that decides when they are bought: packs, the threshold of the alert, automatic top-ups.

import { useItem } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { ErrorState } from "../../ui/error-state.tsx";
import { Money } from "../../ui/money.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { AutoTopUp } from "./auto-top-up.tsx";
import { isMoney, type Billing, type BillingSettings } from "./billing.ts";
import { BillingDetails } from "./billing-details.tsx";
import { BuyCredits } from "./buy-credits.tsx";
import { LowBalance } from "./low-balance.tsx";
import { NoPayments } from "./no-payments.tsx";
import { SavedCard } from "./saved-card.tsx";

export function CreditsTab({ billing }: { readonly billing: Billing }) {
  const { path } = useWorkspace();
  const settings = useItem<BillingSettings>(`${path}/billing/settings`);
  const sells = billing.payments === "stripe";
  const { item } = settings;
  return (
    <div className="flex flex-col gap-4 pt-2">
      {item !== undefined && isMoney(item.debt_usd) && <Debt usd={item.debt_usd} />}
      {sells ? <BuyCredits billing={billing} card={item?.card ?? undefined} /> : <NoPayments />}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="flex flex-col gap-4">
          {sells && item !== undefined && (
            <>
              <AutoTopUp key={JSON.stringify(item.auto_top_up)} billing={billing} settings={item} />
              <SavedCard settings={item} />
            </>
          )}
          <LowBalance />
        </div>
        {item === undefined ? (
          settings.error === undefined ? (
            <Skeleton className="h-48" />
          ) : (
            <ErrorState error={settings.error} onRetry={settings.retry} />
          )
        ) : (
          <BillingDetails key={JSON.stringify(item.details)} settings={item} />
        )}
      </div>
    </div>
  );
}

function Debt({ usd }: { readonly usd: string }) {
  return (
    <Notice tone="bad" title="This workspace owes credits">
      <p>
        A payment was given back after <Money usd={usd} exact /> of its credits had been spent. The next credits pay
        this first.
      </p>
    </Notice>
  );
}
