// One of a few: the platform's own list, which phones and keyboards know. For many choices there is Combobox.

import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cx } from "./class-names.ts";
import { useControlProps } from "./field.tsx";
import { controlClass } from "./input.tsx";

export type Choice<Value extends string> = {
  readonly value: Value;
  readonly label: string;
  readonly disabled?: boolean;
};

export type SelectProps<Value extends string> = Omit<ComponentProps<"select">, "value" | "onChange" | "children"> & {
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onValue: (value: Value) => void;
};

export function Select<Value extends string>({ value, choices, onValue, className, ...rest }: SelectProps<Value>) {
  return (
    <span className={cx("relative block", className)}>
      <select
        {...useControlProps()}
        {...rest}
        value={value}
        onChange={(event) => {
          const chosen = choices.find((choice) => choice.value === event.target.value);
          if (chosen !== undefined) onValue(chosen.value);
        }}
        className={cx(controlClass, "h-8 appearance-none pr-7 pl-2 max-md:h-10")}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} disabled={choice.disabled}>
            {choice.label}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute inset-y-0 right-2 my-auto size-4 text-faint" />
    </span>
  );
}
