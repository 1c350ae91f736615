// Automatic top-ups: when, how much, and at most how much in a month.

import { useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { MoneyField, plainMoney, typedMoney } from "../../ui/money-field.tsx";
import { Money } from "../../ui/money.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Section } from "../../ui/section.tsx";
import { Select } from "../../ui/select.tsx";
import { Status } from "../../ui/status.tsx";
import { Switch } from "../../ui/switch.tsx";
import { toast } from "../../ui/toast.tsx";
import { type Billing, type BillingSettings, type BillingSettingsInput } from "./billing.ts";

type Draft = NonNullable<BillingSettingsInput["auto_top_up"]>;

export type AutoTopUpProps = { readonly billing: Billing; readonly settings: BillingSettings };

export function AutoTopUp({ billing, settings }: AutoTopUpProps) {
  const { path } = useWorkspace();
  const { auto_top_up: saved, card } = settings;
  const [draft, setDraft] = useState<Draft>(() => draftOf(billing, saved));
  const save = useChange(
    (body: BillingSettingsInput) => fetchApi<BillingSettings>("PATCH", `${path}/billing/settings`, { body }),
    [`${path}/billing/settings`],
    ({ auto_top_up: now }) => toast.done(now?.enabled ? "Automatic top-ups are on." : "Automatic top-ups are off."),
  );
  return (
    <Section
      title="Automatic top-ups"
      description="Buys a pack with the saved card when the balance falls below."
      actions={<Status tone={saved?.enabled ? "good" : "plain"}>{saved?.enabled ? "On" : "Off"}</Status>}
    >
      <Form
        problem={save.problem}
        onSubmit={() =>
          save.mutate({
            auto_top_up: {
              ...draft,
              threshold_usd: typedMoney(draft.threshold_usd),
              monthly_cap_usd: typedMoney(draft.monthly_cap_usd),
            },
          })
        }
        actions={
          <Button type="submit" pending={save.isPending} disabled={draft.enabled && card === null}>
            Save top-ups
          </Button>
        }
      >
        {saved?.disabled_reason && !saved.enabled && (
          <Notice tone="bad" title="They were switched off">
            {saved.disabled_reason}
          </Notice>
        )}
        <Switch
          label="Top up automatically"
          hint={card === null ? "Save a card first." : undefined}
          checked={draft.enabled}
          disabled={card === null && !draft.enabled}
          onChange={(enabled) => setDraft({ ...draft, enabled })}
        />
        <TopUpFields billing={billing} draft={draft} onDraft={setDraft} />
        {saved !== null && (
          <p className="text-sm text-muted">
            <Money usd={saved.spent_this_month_usd} exact /> topped up this month. Months are those of UTC.
          </p>
        )}
      </Form>
    </Section>
  );
}

type TopUpFieldsProps = {
  readonly billing: Billing;
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
};

function TopUpFields({ billing, draft, onDraft }: TopUpFieldsProps) {
  const set = (change: Partial<Draft>): void => onDraft({ ...draft, ...change });
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <MoneyField
        label="When below"
        name="auto_top_up.threshold_usd"
        required
        value={draft.threshold_usd}
        onValue={(threshold_usd) => set({ threshold_usd })}
      />
      <Field label="Buy" name="auto_top_up.pack_usd">
        <Select
          value={draft.pack_usd}
          choices={billing.packs_usd.map((value) => ({ value, label: `$${value}` }))}
          onValue={(pack_usd) => set({ pack_usd })}
        />
      </Field>
      <MoneyField
        label="At most a month"
        name="auto_top_up.monthly_cap_usd"
        required
        value={draft.monthly_cap_usd}
        onValue={(monthly_cap_usd) => set({ monthly_cap_usd })}
      />
    </div>
  );
}

function draftOf({ packs_usd: packs }: Billing, saved: BillingSettings["auto_top_up"]): Draft {
  const pack = packs.find((usd) => saved !== null && usd === plainMoney(saved.pack_usd));
  return {
    enabled: saved?.enabled ?? false,
    threshold_usd: plainMoney(saved?.threshold_usd ?? "5"),
    pack_usd: pack ?? "25",
    monthly_cap_usd: plainMoney(saved?.monthly_cap_usd ?? "100"),
  };
}
