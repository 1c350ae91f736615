// A label, its control, what to know about it, and what is wrong with it.

import { createContext, use, useEffect, useId, type ReactNode } from "react";
import { cx } from "./class-names.ts";
import { useClaimField, useFieldProblem } from "./form.tsx";

type ControlProps = {
  readonly id?: string;
  readonly "aria-describedby"?: string;
  readonly "aria-invalid"?: true;
  readonly "aria-required"?: true;
};

const FieldContext = createContext<ControlProps>({});

/** What a control takes from the field around it. */
export function useControlProps(): ControlProps {
  return use(FieldContext);
}

export type FieldProps = {
  readonly label: ReactNode;
  /** As the API's problems name it, such as `budget.dailyUsd`. */
  readonly name?: string;
  readonly hint?: ReactNode;
  /** Found on this side, before anything is sent. */
  readonly error?: string | undefined;
  readonly required?: boolean;
  /** Says so beside the label of what may stay empty. */
  readonly optional?: boolean;
  /** The label is spoken only. */
  readonly labelHidden?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
};

/** The API's words about a field, as they stand alone below it. */
function asSentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1) + (/[.?]$/.test(text) ? "" : ".");
}

export function Field(props: FieldProps) {
  const { label, name = "", hint, error, required = false, optional = false, labelHidden = false } = props;
  const id = useId();
  const claim = useClaimField();
  useEffect(() => (name === "" ? undefined : claim(name)), [claim, name]);
  const told = useFieldProblem(name);
  const problem = error ?? (name === "" || told === undefined ? undefined : asSentence(told));
  const described = [problem !== undefined && `${id}-problem`, hint !== undefined && `${id}-hint`].filter(Boolean);
  const control: ControlProps = {
    id,
    ...(described.length > 0 && { "aria-describedby": described.join(" ") }),
    ...(problem !== undefined && { "aria-invalid": true }),
    ...(required && { "aria-required": true }),
  };
  return (
    <div className={cx("flex min-w-0 flex-col gap-1", props.className)}>
      <label htmlFor={id} className={labelHidden ? "sr-only" : "text-sm font-medium text-ink"}>
        {label}
        {optional && <span className="font-normal text-faint"> · optional</span>}
      </label>
      <FieldContext value={control}>{props.children}</FieldContext>
      {problem !== undefined && (
        <p id={`${id}-problem`} role="alert" className="text-sm text-bad">
          {problem}
        </p>
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-sm text-faint">
          {hint}
        </p>
      )}
    </div>
  );
}
