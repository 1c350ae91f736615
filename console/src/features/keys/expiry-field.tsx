// When a key ends: a day, or one of the usual spans from today.

import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { dayOf } from "./key-draft.ts";

const dayMs = 86_400_000;
const spans = [
  { label: "7 days", days: 7 },
  { label: "30 days", days: 30 },
  { label: "90 days", days: 90 },
  { label: "A year", days: 365 },
] as const;

/** So many days from now, as a day. */
function dayIn(days: number): string {
  return dayOf(new Date(Date.now() + days * dayMs));
}

export type ExpiryFieldProps = {
  /** `YYYY-MM-DD`; empty: never. */
  readonly value: string;
  readonly onValue: (value: string) => void;
};

export function ExpiryField({ value, onValue }: ExpiryFieldProps) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <Field label="Expires" name="expires_at" optional hint="At the end of that day. Empty: never.">
        <Input type="date" value={value} onChange={(event) => onValue(event.target.value)} />
      </Field>
      <div role="group" aria-label="Expires in" className="flex flex-wrap gap-1">
        {spans.map(({ label, days }) => (
          <Button key={label} size="small" look="quiet" onClick={() => onValue(dayIn(days))}>
            {label}
          </Button>
        ))}
        <Button size="small" look="quiet" onClick={() => onValue("")}>
          Never
        </Button>
      </div>
    </div>
  );
}
