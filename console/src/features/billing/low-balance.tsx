// The balance below which the workspace is told.

import { useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange, useItem } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Form } from "../../ui/form.tsx";
import { MoneyField, plainMoney, typedMoney } from "../../ui/money-field.tsx";
import { Section } from "../../ui/section.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { toast } from "../../ui/toast.tsx";
import type { Credits } from "./billing.ts";

export function LowBalance() {
  const { path } = useWorkspace();
  const credits = useItem<Credits>(`${path}/credits`);
  const { item } = credits;
  return (
    <Section
      title="Low-balance alert"
      description="An event, and a webhook if you have one, when the balance falls below."
    >
      {item !== undefined && <ThresholdForm key={item.low_balance_threshold_usd} credits={item} />}
      {item === undefined && credits.error === undefined && <Skeleton className="h-20" />}
      {item === undefined && credits.error !== undefined && (
        <ErrorState error={credits.error} onRetry={credits.retry} />
      )}
    </Section>
  );
}

function ThresholdForm({ credits }: { readonly credits: Credits }) {
  const { path, may } = useWorkspace();
  const saved = plainMoney(credits.low_balance_threshold_usd ?? "");
  const [threshold, setThreshold] = useState(saved);
  const save = useChange(
    (usd: string | null) => fetchApi<Credits>("PATCH", `${path}/credits`, { body: { low_balance_threshold_usd: usd } }),
    [`${path}/credits`],
    ({ low_balance_threshold_usd: usd }) => toast.done(usd === null ? "The alert is off." : "The alert is set."),
  );
  const typed = typedMoney(threshold);
  return (
    <Form
      problem={save.problem}
      onSubmit={() => save.mutate(typed === "" ? null : typed)}
      actions={
        may("pay") && (
          <Button type="submit" pending={save.isPending} disabled={typed === saved}>
            Save the alert
          </Button>
        )
      }
    >
      <fieldset disabled={!may("pay")}>
        <MoneyField
          label="Tell us below"
          name="low_balance_threshold_usd"
          placeholder="Never"
          value={threshold}
          onValue={setThreshold}
        />
      </fieldset>
    </Form>
  );
}
