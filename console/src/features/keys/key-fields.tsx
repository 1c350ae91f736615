// The fields of a key, for creating one and for changing one.

import { useList } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Combobox } from "../../ui/combobox.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { AllowedModelsField } from "./allowed-models-field.tsx";
import { ExpiryField } from "./expiry-field.tsx";
import type { KeyDraft } from "./key-draft.ts";

type StackChoice = { readonly slug: string; readonly name: string; readonly status: string };

export type KeyFieldsProps = {
  readonly draft: KeyDraft;
  readonly onDraft: (draft: KeyDraft) => void;
  /** An agent's key: its name and lifetime are not set by hand. */
  readonly ofAgent?: boolean;
};

export function KeyFields({ draft, onDraft, ofAgent = false }: KeyFieldsProps) {
  const { path } = useWorkspace();
  const stacks = useList<StackChoice>(`${path}/stacks`, { limit: 200 });
  const set = (change: Partial<KeyDraft>): void => onDraft({ ...draft, ...change });
  return (
    <>
      {ofAgent ? (
        <p className="text-base text-muted">
          An agent has this key: its name and its lifetime are looked after for it.
        </p>
      ) : (
        <Field label="Name" name="name" required hint="Where it is used, such as a service or a person.">
          <Input value={draft.name} maxLength={100} onChange={(event) => set({ name: event.target.value })} />
        </Field>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Stack" name="stack" hint="The policy that its requests run under.">
          <Combobox
            value={draft.stack}
            none="The workspace's stack"
            placeholder="Find a stack"
            choices={(stacks.items ?? [])
              .filter(({ status }) => status === "active")
              .map(({ slug, name }) => ({ value: slug, label: name, detail: slug }))}
            onValue={(stack) => set({ stack })}
          />
        </Field>
        {!ofAgent && <ExpiryField value={draft.expires} onValue={(expires) => set({ expires })} />}
        <Field label="Requests a minute" name="rate_limit_per_minute" optional>
          <Input
            inputMode="numeric"
            figures
            value={draft.rateLimit}
            placeholder="The server's limit"
            onChange={(event) => set({ rateLimit: event.target.value })}
          />
        </Field>
        <MoneyField
          label="Spend limit"
          name="spend_limit_usd"
          hint="All it may ever spend."
          value={draft.spendLimit}
          onValue={(spendLimit) => set({ spendLimit })}
        />
        <MoneyField
          label="Budget a day"
          name="budget.dailyUsd"
          value={draft.dailyBudget}
          onValue={(dailyBudget) => set({ dailyBudget })}
        />
        <MoneyField
          label="Budget a month"
          name="budget.monthlyUsd"
          value={draft.monthlyBudget}
          onValue={(monthlyBudget) => set({ monthlyBudget })}
        />
      </div>
      <AllowedModelsField value={draft.models} onValue={(models) => set({ models })} />
    </>
  );
}

type MoneyFieldProps = {
  readonly label: string;
  readonly name: string;
  readonly hint?: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
};

function MoneyField({ label, name, hint, value, onValue }: MoneyFieldProps) {
  return (
    <Field label={label} name={name} hint={hint} optional>
      <Input
        lead="$"
        figures
        inputMode="decimal"
        placeholder="No limit"
        value={value}
        onChange={(event) => onValue(event.target.value)}
      />
    </Field>
  );
}
