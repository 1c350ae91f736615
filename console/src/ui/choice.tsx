// What a checkbox and a switch have in common: a control with its words beside it, tied together by an id.

import { useId, type ComponentType, type ReactNode } from "react";
import { cx } from "./class-names.ts";

export type ChoiceProps = {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
};

export type ChoiceControl = {
  readonly id: string;
  readonly checked: boolean;
  readonly disabled: boolean;
  readonly onCheckedChange: (state: boolean | "indeterminate") => void;
  readonly "aria-describedby": string | undefined;
};

export type ChoiceParts = ChoiceProps & {
  /** On which side of its words the control stands. */
  readonly side: "before" | "after";
  readonly control: ComponentType<ChoiceControl>;
};

export function Choice({ label, hint, checked, onChange, disabled = false, side, control: Control }: ChoiceParts) {
  const id = useId();
  const hintId = `${id}-hint`;
  const shown = (
    <Control
      id={id}
      checked={checked}
      disabled={disabled}
      onCheckedChange={(state) => onChange(state === true)}
      aria-describedby={hint === undefined ? undefined : hintId}
    />
  );
  return (
    <div className={cx("flex items-start py-1", side === "before" ? "gap-2" : "justify-between gap-4")}>
      {side === "before" && shown}
      <div>
        <label htmlFor={id} className="text-base">
          {label}
        </label>
        {hint !== undefined && (
          <p id={hintId} className="text-sm text-faint">
            {hint}
          </p>
        )}
      </div>
      {side === "after" && shown}
    </div>
  );
}
