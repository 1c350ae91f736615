// What the review of a policy says about one field.

import type { ReactNode } from "react";
import { usePolicyForm, type FieldSaying } from "./policy-form-context.ts";

/** Problems, warnings, and names that may have been meant. */
export function Said({ said }: { readonly said: FieldSaying }): ReactNode {
  const { setAt, disabled } = usePolicyForm();
  const { problem, warning, suggestion } = said;
  return (
    <>
      {problem !== undefined && (
        <p role="alert" className="text-sm text-bad">
          {problem}
        </p>
      )}
      {warning !== undefined && <p className="text-sm text-brass">{warning}</p>}
      {suggestion !== undefined && !disabled && (
        <p className="flex flex-wrap gap-x-2 text-sm text-muted">
          Did you mean
          {suggestion.words.map((word) => (
            <button
              key={word}
              type="button"
              className="figures text-brass underline underline-offset-2"
              onClick={() => setAt(suggestion.path, word)}
            >
              {word}
            </button>
          ))}
        </p>
      )}
    </>
  );
}
