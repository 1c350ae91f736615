// What became of the visit to Stripe's page: it is asked for until the credits are there, or until it is clear that they
// will not come.

import { X } from "lucide-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, type ReactNode } from "react";
import { useItem } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { Money } from "../../ui/money.tsx";
import { Notice } from "../../ui/notice.tsx";
import type { Payment } from "./billing.ts";
import type { BillingSearch } from "./routes.ts";

const pollMs = 1_500;

export type PaymentResultProps = { readonly search: BillingSearch; readonly onClose: () => void };

export function PaymentResult({ search, onClose }: PaymentResultProps) {
  const { card, payment, result } = search;
  const close = <IconButton label="Close" icon={<X aria-hidden />} onClick={onClose} />;
  if (result === undefined) return null;
  if (card === "saved") {
    return result === "done" ? (
      <CardSaved close={close} />
    ) : (
      <Notice title="No card was saved" action={close}>
        You left Stripe's page. You can save one at any time.
      </Notice>
    );
  }
  if (payment === undefined) return null;
  return result === "done" ? (
    <AwaitedPayment id={payment} close={close} />
  ) : (
    <Notice title="Nothing was paid" action={close}>
      You left Stripe's page. The payment stays open for a day: find it under Payments, or choose another pack.
    </Notice>
  );
}

function CardSaved({ close }: { readonly close: ReactNode }) {
  const { path } = useWorkspace();
  const { item } = useItem<{ readonly card: unknown }>(`${path}/billing/settings`, {}, { refreshMs: pollMs });
  return item?.card == null ? (
    <Notice role="status" tone="brass" title="The card is being saved" action={close}>
      Stripe reports it in a moment.
    </Notice>
  ) : (
    <Notice role="status" tone="good" title="The card is saved" action={close}>
      Automatic top-ups can use it.
    </Notice>
  );
}

function AwaitedPayment({ id, close }: { readonly id: string; readonly close: ReactNode }) {
  const { path } = useWorkspace();
  const client = useQueryClient();
  const address = `${path}/billing/payments/${encodeURIComponent(id)}`;
  const known = client.getQueryData<Payment>(["item", address, {}]);
  const { item, error } = useItem<Payment>(address, {}, isAwaited(known) ? { refreshMs: pollMs } : {});
  const credited = item?.entry_id != null;
  useEffect(() => {
    if (!credited) return;
    // The balance, the payments and the ledger have changed with it.
    void client.invalidateQueries({
      predicate: ({ queryKey: [, at] }) => typeof at === "string" && at.startsWith(path) && at !== address,
    });
  }, [credited, client, path, address]);
  if (error?.status === 404) return null;
  if (item === undefined || isAwaited(item)) {
    return (
      <Notice role="status" tone="brass" title={awaitedTitle(item)} action={close}>
        {item?.status === "processing"
          ? "This way of paying takes a few days. The credits come with the money."
          : "Stripe reports it in a moment; the credits are here then. You can leave this page."}
      </Notice>
    );
  }
  if (!credited) {
    return (
      <Notice role="alert" tone="bad" title="The payment did not go through" action={close}>
        {item.failure ?? "It was not paid in time."} Nothing was taken. Choose a pack to try again.
      </Notice>
    );
  }
  return (
    <Notice role="status" tone="good" title="Paid" action={close}>
      <Money usd={item.credited_usd} exact /> are in the ledger. The receipt is under Payments.
    </Notice>
  );
}

function isAwaited(payment: Payment | undefined): boolean {
  if (payment === undefined) return true;
  const { status, entry_id: entryId } = payment;
  return status === "pending" || status === "processing" || (status === "paid" && entryId === null);
}

function awaitedTitle(payment: Payment | undefined): string {
  return payment?.status === "processing" ? "The payment is on its way" : "The payment is being confirmed";
}
