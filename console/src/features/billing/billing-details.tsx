// Whom receipts, invoices and statements are made out to.

import { useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { Section } from "../../ui/section.tsx";
import { Textarea } from "../../ui/textarea.tsx";
import { toast } from "../../ui/toast.tsx";
import type { BillingSettings } from "./billing.ts";

export function BillingDetails({ settings: { details } }: { readonly settings: BillingSettings }) {
  const { path } = useWorkspace();
  const [draft, setDraft] = useState(details);
  const set = (change: Partial<typeof details>): void => setDraft({ ...draft, ...change });
  const save = useChange(
    () => fetchApi<BillingSettings>("PATCH", `${path}/billing/settings`, { body: { details: draft } }),
    [`${path}/billing/settings`],
    () => toast.done("The billing details are saved."),
  );
  return (
    <Section title="Billing details" description="Receipts and statements are made out to them.">
      <Form
        problem={save.problem}
        onSubmit={() => save.mutate(undefined)}
        actions={
          <Button type="submit" pending={save.isPending} disabled={JSON.stringify(draft) === JSON.stringify(details)}>
            Save the details
          </Button>
        }
      >
        <Field label="Name" name="details.name" optional>
          <Input
            value={draft.name}
            maxLength={200}
            autoComplete="organization"
            onChange={(event) => set({ name: event.target.value })}
          />
        </Field>
        <Field label="Address" name="details.address" optional>
          <Textarea
            rows={3}
            value={draft.address}
            maxLength={500}
            autoComplete="street-address"
            onChange={(event) => set({ address: event.target.value })}
          />
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Tax id" name="details.tax_id" optional>
            <Input
              value={draft.tax_id}
              maxLength={50}
              figures
              onChange={(event) => set({ tax_id: event.target.value })}
            />
          </Field>
          <Field label="E-mail" name="details.email" optional hint="Where Stripe sends its receipts.">
            <Input
              type="email"
              value={draft.email}
              maxLength={200}
              autoComplete="email"
              onChange={(event) => set({ email: event.target.value })}
            />
          </Field>
        </div>
      </Form>
    </Section>
  );
}
