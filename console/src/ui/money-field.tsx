// An amount of money to type: decimal USD, empty for none.

import type { ReactNode } from "react";
import { Field } from "./field.tsx";
import { Input } from "./input.tsx";

export type MoneyFieldProps = {
  readonly label: string;
  /** As the API's problems name it. */
  readonly name: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly hint?: ReactNode;
  readonly placeholder?: string;
  readonly required?: boolean;
};

export function MoneyField(props: MoneyFieldProps) {
  const { label, name, value, onValue, hint, placeholder = "No limit", required = false } = props;
  return (
    <Field label={label} name={name} hint={hint} optional={!required} required={required}>
      <Input
        lead="$"
        figures
        inputMode="decimal"
        placeholder={required ? "" : placeholder}
        value={value}
        onChange={(event) => onValue(event.target.value)}
      />
    </Field>
  );
}

/** An amount of the API for the field, without trailing zeros: `5` and `0.25`; empty for none. */
export function plainMoney(usd: string | null | undefined): string {
  const text = usd ?? "";
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** What was typed into the field, `$5` or `5,000`, as the API takes it; empty for none. */
export function typedMoney(text: string): string {
  return text.replace(/[$,\s]/g, "");
}
