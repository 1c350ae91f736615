// Balance, held and available side by side, each with what it means.

import { Figure } from "../../ui/key-value.tsx";
import { Money } from "../../ui/money.tsx";
import { Card } from "../../ui/section.tsx";
import type { Billing } from "./billing.ts";

export function BalanceFigures({ billing }: { readonly billing: Billing }) {
  return (
    <Card>
      <div className="grid gap-4 sm:grid-cols-3 sm:gap-6">
        <Figure
          name="Available"
          value={<Money usd={billing.available_usd} />}
          note="The balance without what is held: what new requests can use."
        />
        <Figure
          name="Held"
          value={<Money usd={billing.held_usd} />}
          note="What requests under way will probably cost. Freed or debited when they end."
        />
        <Figure
          name="Balance"
          value={<Money usd={billing.balance_usd} />}
          note="Paid in and granted, minus what was used."
        />
      </div>
    </Card>
  );
}
