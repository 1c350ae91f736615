// The balance below which a workspace is told.

import { useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange, useItem } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Form } from "../../ui/form.tsx";
import { MoneyField, typedMoney } from "../../ui/money-field.tsx";
import { Section } from "../../ui/section.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { toast } from "../../ui/toast.tsx";
import type { Credits } from "./workspace-facts.ts";

export function AlertSection({ editable }: { readonly editable: boolean }) {
  const { path } = useWorkspace();
  const { item, error, retry } = useItem<Credits>(`${path}/credits`);
  return (
    <Section title="Low balance" description="A credits.low event is told when a debit takes the balance below it.">
      {error !== undefined && item === undefined ? (
        <ErrorState error={error} onRetry={retry} />
      ) : item === undefined ? (
        <Skeleton className="h-12 w-full" />
      ) : (
        <ThresholdForm key={item.low_balance_threshold_usd} credits={item} editable={editable} />
      )}
    </Section>
  );
}

type ThresholdFormProps = { readonly credits: Credits; readonly editable: boolean };

function ThresholdForm({ credits, editable }: ThresholdFormProps) {
  const { path } = useWorkspace();
  const [threshold, setThreshold] = useState(typedMoney(credits.low_balance_threshold_usd));
  const save = useChange(
    () => {
      const body = { low_balance_threshold_usd: threshold.trim() === "" ? null : threshold.trim() };
      return fetchApi<Credits>("PATCH", `${path}/credits`, { body });
    },
    [`${path}/credits`],
    () => toast.done("The alert is saved."),
  );
  return (
    <Form
      problem={save.problem}
      onSubmit={() => save.mutate(undefined)}
      actions={
        editable && (
          <Button type="submit" look="primary" pending={save.isPending}>
            Save the alert
          </Button>
        )
      }
    >
      <fieldset disabled={!editable} className="sm:w-1/3">
        <MoneyField
          label="Tell below"
          name="low_balance_threshold_usd"
          placeholder="Never"
          value={threshold}
          onValue={setThreshold}
        />
      </fieldset>
    </Form>
  );
}
