// The packs: one is chosen, Stripe's page takes the money, and its report brings the credits.

import { useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Form } from "../../ui/form.tsx";
import { Section } from "../../ui/section.tsx";
import { cx } from "../../ui/class-names.ts";
import type { Billing, BillingSettings, Payment } from "./billing.ts";

export type BuyCreditsProps = {
  readonly billing: Billing;
  /** That is saved already. */
  readonly card: BillingSettings["card"] | undefined;
};

export function BuyCredits({ billing, card }: BuyCreditsProps) {
  const { path } = useWorkspace();
  const [pack, setPack] = useState<Billing["packs_usd"][number]>("25");
  const [saveCard, setSaveCard] = useState(false);
  const buy = useChange(
    (body: { readonly pack_usd: string; readonly save_card: boolean }) =>
      fetchApi<Payment>("POST", `${path}/billing/checkouts`, { body }),
    [`${path}/billing/payments`],
    ({ checkout_url: url }) => void (url !== null && location.assign(url)),
  );
  return (
    <Section title="Buy credits" description="You pay on Stripe's page and come back here.">
      <Form
        problem={buy.problem}
        onSubmit={() => buy.mutate({ pack_usd: pack, save_card: saveCard })}
        actions={
          // The page is on its way when the answer is there: no second press.
          <Button type="submit" look="primary" pending={buy.isPending || buy.isSuccess}>
            Pay ${pack}
          </Button>
        }
      >
        <fieldset>
          <legend className="sr-only">Pack</legend>
          <div className="grid grid-cols-3 gap-2 sm:grid-cols-6">
            {billing.packs_usd.map((usd) => (
              <label
                key={usd}
                className={cx(
                  "figures flex h-14 cursor-pointer items-center justify-center rounded-md border text-lg font-medium transition-colors",
                  "has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-brass-strong",
                  usd === pack
                    ? "border-brass-strong bg-brass-soft text-ink"
                    : "border-line-strong bg-surface text-muted hover:bg-raised hover:text-ink",
                )}
              >
                <input
                  type="radio"
                  name="pack"
                  value={usd}
                  checked={usd === pack}
                  onChange={() => setPack(usd)}
                  className="sr-only"
                />
                ${usd}
              </label>
            ))}
          </div>
        </fieldset>
        <Checkbox
          label={card ? "Save the card I pay with instead of the saved one" : "Save the card for automatic top-ups"}
          checked={saveCard}
          onChange={setSaveCard}
        />
        {billing.test_mode && (
          <p className="text-sm text-muted">
            Test mode: pay with the card <span className="figures text-ink">4242 4242 4242 4242</span>, any future date
            and any code. Nothing is charged.
          </p>
        )}
      </Form>
    </Section>
  );
}
