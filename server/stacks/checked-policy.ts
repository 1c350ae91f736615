// What a policy must satisfy beyond its schema: settings that contradict each other, found when a draft is saved rather
// than when a request arrives.

import { budgetContradictions } from "../contracts/budget.ts";
import { faultsOf, problemsOf, type Problem } from "../contracts/control-problems.ts";
import { policySchema, type StackPolicy } from "../contracts/policy.ts";
import { pointerOf } from "./policy-difference.ts";

type Contradiction = {
  readonly path: readonly string[];
  readonly message: string;
  readonly holds: (policy: StackPolicy) => boolean;
};

const contradictions: readonly Contradiction[] = [
  {
    path: ["objective", "priority"],
    message: "Name at least one model: `primary` is `fixed_priority`.",
    holds: ({ objective }) => objective.primary === "fixed_priority" && objective.priority.length === 0,
  },
  {
    path: ["objective", "rules"],
    message: "Write at least one rule: `primary` is `custom_rules`.",
    holds: ({ objective }) => objective.primary === "custom_rules" && objective.rules.length === 0,
  },
  ...budgetContradictions.map(({ field, message, holds }) => ({
    path: ["budget", field],
    message,
    holds: ({ budget }: StackPolicy) => holds(budget),
  })),
  {
    path: ["memory", "fingerprintOnly"],
    message: "Must be false while `storePrompts` or `storeOutputs` is true.",
    holds: ({ memory }) => memory.fingerprintOnly && (memory.storePrompts || memory.storeOutputs),
  },
];

/** The policy schema with the contradictions as further issues; what control routes accept as a policy. */
const checkedPolicySchema = policySchema.superRefine((policy, context) => {
  for (const { path, message, holds } of contradictions) {
    if (holds(policy)) context.addIssue({ code: "custom", path: [...path], message });
  }
  policy.objective.rules.forEach(({ when }, index) => {
    if ((when.minInputTokens ?? 0) <= (when.maxInputTokens ?? Infinity)) return;
    const path = ["objective", "rules", index, "when", "minInputTokens"];
    context.addIssue({ code: "custom", path, message: "Must not be above `maxInputTokens`." });
  });
});

export type PolicyFault = {
  /** JSON pointer of the field; empty for the whole policy. */
  readonly pointer: string;
  readonly message: string;
};

/** The policy with its defaults filled in, or everything that is wrong with it. */
export function checkPolicy(written: unknown): { readonly policy: StackPolicy } | { readonly faults: PolicyFault[] } {
  const checked = checkedPolicySchema.safeParse(written);
  if (checked.success) return { policy: checked.data };
  const faults = faultsOf(checked.error).map(({ path, message }) => ({ pointer: pointerOf(path), message }));
  return { faults };
}

/** Everything wrong with a policy as a user wrote it, paths starting with `policy`; empty when it can be saved. */
export function policyProblems(written: unknown): Problem[] {
  const checked = checkedPolicySchema.safeParse(written);
  return checked.success ? [] : problemsOf(checked.error, ["policy"]);
}
