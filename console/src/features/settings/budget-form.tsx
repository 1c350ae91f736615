// The budget of a workspace as a form.

import { useState } from "react";
import { useChange } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { MoneyField, plainMoney, typedMoney } from "../../ui/money-field.tsx";
import { Section } from "../../ui/section.tsx";
import { toast } from "../../ui/toast.tsx";
import { changeWorkspace, type Workspace } from "./workspace-facts.ts";

type Draft = {
  readonly daily: string;
  readonly monthly: string;
  readonly perRequest: string;
  readonly warnPercent: string;
  readonly hardStopPercent: string;
};

function draftOf({ budget }: Workspace): Draft {
  return {
    daily: plainMoney(budget?.dailyUsd),
    monthly: plainMoney(budget?.monthlyUsd),
    perRequest: plainMoney(budget?.perRequestMaxUsd),
    warnPercent: String(budget?.warnPercent ?? 80),
    hardStopPercent: String(budget?.hardStopPercent ?? 100),
  };
}

/** Null without any limit: then there is no budget. */
function budgetOf({ daily, monthly, perRequest, warnPercent, hardStopPercent }: Draft) {
  const [dailyUsd, monthlyUsd, perRequestMaxUsd] = [daily, monthly, perRequest].map(typedMoney);
  const limits = {
    ...(dailyUsd && { dailyUsd }),
    ...(monthlyUsd && { monthlyUsd }),
    ...(perRequestMaxUsd && { perRequestMaxUsd }),
  };
  if (Object.keys(limits).length === 0) return null;
  return { ...limits, warnPercent: Number(warnPercent), hardStopPercent: Number(hardStopPercent) };
}

export type BudgetFormProps = { readonly workspace: Workspace; readonly editable: boolean };

export function BudgetForm({ workspace, editable }: BudgetFormProps) {
  const { path } = useWorkspace();
  const [draft, setDraft] = useState(() => draftOf(workspace));
  const set = (change: Partial<Draft>): void => setDraft({ ...draft, ...change });
  const save = useChange(
    () => changeWorkspace(path, { budget: budgetOf(draft) }),
    [path],
    () => toast.done("The budget is saved. It counts from the next request on."),
  );
  return (
    <Section title="Budget" description="What all requests of this workspace may cost. Empty: no limit.">
      <Form
        problem={save.problem}
        onSubmit={() => save.mutate(undefined)}
        actions={
          editable && (
            <Button type="submit" look="primary" pending={save.isPending}>
              Save the budget
            </Button>
          )
        }
      >
        <fieldset disabled={!editable} className="grid gap-4 sm:grid-cols-3">
          <MoneyField label="A day" name="budget.dailyUsd" value={draft.daily} onValue={(daily) => set({ daily })} />
          <MoneyField
            label="A month"
            name="budget.monthlyUsd"
            value={draft.monthly}
            onValue={(monthly) => set({ monthly })}
          />
          <MoneyField
            label="One request"
            name="budget.perRequestMaxUsd"
            value={draft.perRequest}
            onValue={(perRequest) => set({ perRequest })}
          />
          <PercentField
            label="Warn at"
            name="budget.warnPercent"
            hint="A budget.warning event is told."
            value={draft.warnPercent}
            onValue={(warnPercent) => set({ warnPercent })}
          />
          <PercentField
            label="Refuse from"
            name="budget.hardStopPercent"
            hint="Requests are refused with 402."
            value={draft.hardStopPercent}
            onValue={(hardStopPercent) => set({ hardStopPercent })}
          />
        </fieldset>
      </Form>
    </Section>
  );
}

type PercentFieldProps = {
  readonly label: string;
  readonly name: string;
  readonly hint: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
};

function PercentField({ label, name, hint, value, onValue }: PercentFieldProps) {
  return (
    <Field label={`${label}, percent`} name={name} hint={hint}>
      <Input inputMode="numeric" figures value={value} onChange={(event) => onValue(event.target.value)} />
    </Field>
  );
}
