// A form that shows the API's refusal: each problem at its field, what belongs to no field above the buttons.

import { createContext, use, useMemo, useState, type ReactNode } from "react";
import type { ApiError } from "../api/api-error.ts";
import { cx } from "./class-names.ts";
import { Notice } from "./notice.tsx";

type Problems = {
  readonly messageFor: (name: string) => string | undefined;
  readonly claim: (name: string) => () => void;
};

const FormContext = createContext<Problems>({ messageFor: () => undefined, claim: () => () => undefined });

/** What the API said about the field of this name, as `param` names it. */
export function useFieldProblem(name: string): string | undefined {
  return use(FormContext).messageFor(name);
}

/** Tells the form that a field of this name is on the page, so that its problems are shown there. For effects. */
export function useClaimField(): Problems["claim"] {
  return use(FormContext).claim;
}

export type FormProps = {
  /** From `useChange`. */
  readonly problem: ApiError | undefined;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
  /** The row of buttons. */
  readonly actions: ReactNode;
  readonly className?: string;
};

export function Form({ problem, onSubmit, children, actions, className }: FormProps) {
  const [fields, setFields] = useState<ReadonlySet<string>>(new Set());
  const context = useMemo<Problems>(
    () => ({
      messageFor: (name) => problem?.problems.find(({ param }) => isAbout(param, name))?.message,
      claim: (name) => {
        setFields((known) => new Set([...known, name]));
        return () => setFields((known) => new Set([...known].filter((other) => other !== name)));
      },
    }),
    [problem],
  );
  const homeless = problem?.problems.filter(({ param }) => ![...fields].some((name) => isAbout(param, name))) ?? [];
  const general = problem !== undefined && (problem.problems.length === 0 || homeless.length > 0);
  return (
    <FormContext value={context}>
      <form
        noValidate
        className={cx("flex flex-col gap-4", className)}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        {general && (
          <Notice tone="bad" role="alert">
            {homeless.length > 0 ? homeless.map(({ param, message }) => <p key={param}>{message}</p>) : problem.message}
            {homeless.length === 0 && problem.hint !== undefined && <p className="text-muted">{problem.hint}</p>}
            {problem.requestId !== undefined && <p className="figures text-xs text-faint">{problem.requestId}</p>}
          </Notice>
        )}
        <div className="flex flex-wrap items-center justify-end gap-2">{actions}</div>
      </form>
    </FormContext>
  );
}

/** `budget.dailyUsd` is also about a field named `budget`. */
function isAbout(param: string, name: string): boolean {
  return param === name || param.startsWith(`${name}.`);
}
