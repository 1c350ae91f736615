// The fields of a webhook endpoint.

import type { EventType } from "../../../../server/contracts/events.ts";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";

/** Every type but the one that is only sent on request; the compiler keeps it complete. */
const typeNames = {
  "credits.low": "The balance is low",
  "budget.warning": "A budget is nearly spent",
  "budget.reached": "A budget is spent",
  "payment.succeeded": "A payment arrived",
  "payment.failed": "A payment failed",
  "payment.refunded": "A payment was given back",
  "payment.disputed": "A payment is disputed",
  "topup.disabled": "Automatic top-ups were switched off",
  "topup.capped": "Automatic top-ups reached their limit",
  "deployment.live": "A revision of an agent serves",
  "deployment.failed": "A revision of an agent failed",
  "access.requested": "Access was requested",
  "access.approved": "Access was approved",
  "access.declined": "Access was declined",
  "workspace.suspended": "The workspace was suspended",
  "workspace.resumed": "The workspace was resumed",
  "webhook.disabled": "An endpoint was disabled",
} as const satisfies Record<Exclude<EventType, "webhook.test">, string>;

const isListed = (name: string): name is keyof typeof typeNames => Object.hasOwn(typeNames, name);
const types = Object.keys(typeNames).filter(isListed);

export type WebhookFieldsProps = {
  readonly url: string;
  readonly onUrl: (url: string) => void;
  /** Empty: every type. */
  readonly types: readonly EventType[];
  readonly onTypes: (types: readonly EventType[]) => void;
};

export function WebhookFields({ url, onUrl, types: chosen, onTypes }: WebhookFieldsProps) {
  return (
    <>
      <Field label="Address" name="url" required hint="A public https address. Redirects are not followed.">
        <Input
          type="url"
          figures
          placeholder="https://example.com/webhooks"
          value={url}
          onChange={(event) => onUrl(event.target.value)}
        />
      </Field>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 text-sm font-medium">Events</legend>
        <Checkbox label="All, those to come too" checked={chosen.length === 0} onChange={() => onTypes([])} />
        {types.map((type) => (
          <Checkbox
            key={type}
            label={
              <>
                {typeNames[type]} <span className="figures text-sm text-faint">{type}</span>
              </>
            }
            checked={chosen.includes(type)}
            onChange={(on) => onTypes(on ? [...chosen, type] : chosen.filter((other) => other !== type))}
          />
        ))}
      </fieldset>
    </>
  );
}
