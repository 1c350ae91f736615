// What every field of the policy form works with.

import { createContext, use } from "react";
import type { Json } from "../../../../server/contracts/json.ts";
import type { Path } from "./policy-schema.ts";
import type { KnownNames } from "./suggestions.ts";

export type FieldSaying = {
  /** What keeps the policy from being saved. */
  readonly problem: string | undefined;
  readonly warning: string | undefined;
  /** Names that may have been meant, with the place in the list where they belong. */
  readonly suggestion: { readonly path: Path; readonly words: readonly string[] } | undefined;
  /** What the field does as it stands. */
  readonly sentence: string | undefined;
};

export type PolicyFormValue = {
  readonly valueAt: (path: Path) => Json | undefined;
  readonly setAt: (path: Path, value: Json | undefined) => void;
  readonly saidOf: (path: Path) => FieldSaying;
  readonly names: KnownNames;
  readonly disabled: boolean;
};

export const PolicyFormContext = createContext<PolicyFormValue | undefined>(undefined);

export function usePolicyForm(): PolicyFormValue {
  const value = use(PolicyFormContext);
  if (value === undefined) throw new Error("a policy field outside of a policy form");
  return value;
}
