// What a policy must satisfy beyond its schema: settings that contradict each other, found when a draft is saved rather
// than when a request arrives.

import { problemsOf, type Problem } from "../contracts/control-problems.ts";
import { policySchema, type StackPolicy } from "../contracts/policy.ts";
import { parseUsd } from "../money/picodollars.ts";

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
  {
    path: ["budget", "warnPercent"],
    message: "Must not be above `hardStopPercent`.",
    holds: ({ budget }) => budget.warnPercent > budget.hardStopPercent,
  },
  {
    path: ["budget", "dailyUsd"],
    message: "Must not be above `monthlyUsd`.",
    holds: ({ budget }) => isAbove(budget.dailyUsd, budget.monthlyUsd),
  },
  {
    path: ["budget", "perRequestMaxUsd"],
    message: "Must not be above `dailyUsd` or `monthlyUsd`.",
    holds: ({ budget }) =>
      isAbove(budget.perRequestMaxUsd, budget.dailyUsd) || isAbove(budget.perRequestMaxUsd, budget.monthlyUsd),
  },
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

/** Everything wrong with a policy as a user wrote it, paths starting with `policy`; empty when it can be saved. */
export function policyProblems(written: unknown): Problem[] {
  const checked = checkedPolicySchema.safeParse(written);
  return checked.success ? [] : problemsOf(checked.error, ["policy"]);
}

function isAbove(lower: string | undefined, upper: string | undefined): boolean {
  if (lower === undefined || upper === undefined) return false;
  const [lowerAmount, upperAmount] = [parseUsd(lower), parseUsd(upper)];
  return lowerAmount !== undefined && upperAmount !== undefined && lowerAmount > upperAmount;
}
