// The saved card: which it is, another one in its place, or none.

import { CreditCard } from "lucide-react";
import { useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Section } from "../../ui/section.tsx";
import { toast } from "../../ui/toast.tsx";
import type { BillingSettings } from "./billing.ts";

export function SavedCard({ settings: { card, auto_top_up } }: { readonly settings: BillingSettings }) {
  const { path } = useWorkspace();
  const [asking, setAsking] = useState(false);
  const setUp = useChange(
    () => fetchApi<{ readonly url: string }>("POST", `${path}/billing/card-setups`),
    [],
    ({ url }) => location.assign(url),
  );
  const remove = useChange(
    () => fetchApi("DELETE", `${path}/billing/card`),
    [`${path}/billing/settings`],
    () => {
      setAsking(false);
      toast.done("The card is removed.");
    },
  );
  const save = (): void => setUp.mutate(undefined, { onError: (error) => toast.failure(error) });
  return (
    <Section title="Payment method" description="Kept by Stripe, and charged for automatic top-ups only.">
      <div className="flex flex-wrap items-center justify-between gap-3">
        {card === null ? (
          <p className="text-muted">No card is saved.</p>
        ) : (
          <p className="flex items-center gap-2">
            <CreditCard aria-hidden className="size-5 text-faint" />
            <span className="capitalize">{card.brand}</span>
            <span className="figures">···· {card.last4}</span>
            <span className="figures text-sm text-faint">{card.expires}</span>
          </p>
        )}
        <div className="flex gap-2">
          <Button pending={setUp.isPending || setUp.isSuccess} onClick={save}>
            {card === null ? "Save a card" : "Replace"}
          </Button>
          {card !== null && (
            <Button look="danger" onClick={() => setAsking(true)}>
              Remove
            </Button>
          )}
        </div>
      </div>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title="Remove the saved card?"
        verb="Remove the card"
        onConfirm={() => remove.mutate(undefined)}
        pending={remove.isPending}
        problem={remove.problem}
      >
        {auto_top_up?.enabled ? "Automatic top-ups are switched off with it." : "You can save another one at any time."}
      </ConfirmDialog>
    </Section>
  );
}
