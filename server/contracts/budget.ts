// What requests of a workspace, a key or a stack may cost in a day, in a month and one by one. Money is decimal USD text;
// what is absent is not limited.

import { z } from "zod";
import { parseUsd } from "../money/picodollars.ts";

const percent = z.number().int().min(1).max(100);

/** An optional amount above zero as decimal USD text. */
export function usdText(description: string) {
  return z
    .string()
    .refine((text) => {
      const amount = parseUsd(text);
      return amount !== undefined && amount > 0n;
    }, "decimal USD above 0 with at most 12 decimals, as text")
    .optional()
    .describe(description);
}

export const defaultWarnPercent = 80;

export const budgetSchema = z.strictObject({
  monthlyUsd: usdText("Most that requests may cost in a calendar month (UTC)."),
  dailyUsd: usdText("Most that requests may cost in a day (UTC)."),
  perRequestMaxUsd: usdText(
    "Most that one request may cost. A candidate whose worst case is above it gets a smaller output limit, or is rejected.",
  ),
  warnPercent: percent
    .default(defaultWarnPercent)
    .describe("Share of the daily and monthly budget that, once spent, is told by a `budget.warning` event."),
  hardStopPercent: percent
    .default(100)
    .describe("Share of the daily and monthly budget from which requests are refused."),
});

export type Budget = z.output<typeof budgetSchema>;

export type BudgetContradiction = {
  readonly field: keyof Budget;
  readonly message: string;
  readonly holds: (budget: Budget) => boolean;
};

/** Fields that contradict each other, found when a budget is saved rather than when a request arrives. */
export const budgetContradictions: readonly BudgetContradiction[] = [
  {
    field: "warnPercent",
    message: "Must not be above `hardStopPercent`.",
    holds: ({ warnPercent, hardStopPercent }) => warnPercent > hardStopPercent,
  },
  {
    field: "dailyUsd",
    message: "Must not be above `monthlyUsd`.",
    holds: ({ dailyUsd, monthlyUsd }) => isAbove(dailyUsd, monthlyUsd),
  },
  {
    field: "perRequestMaxUsd",
    message: "Must not be above `dailyUsd` or `monthlyUsd`.",
    holds: ({ perRequestMaxUsd, dailyUsd, monthlyUsd }) =>
      isAbove(perRequestMaxUsd, dailyUsd) || isAbove(perRequestMaxUsd, monthlyUsd),
  },
];

/** A budget as the control API takes it. */
export const checkedBudgetSchema = budgetSchema
  .superRefine((budget, context) => {
    for (const { field, message, holds } of budgetContradictions) {
      if (holds(budget)) context.addIssue({ code: "custom", path: [field], message });
    }
  })
  .meta({ id: "SetBudget" });

/** A budget as the control API shows it. */
export const shownBudgetSchema = budgetSchema.meta({ id: "Budget" });

function isAbove(lower: string | undefined, upper: string | undefined): boolean {
  if (lower === undefined || upper === undefined) return false;
  const [lowerAmount, upperAmount] = [parseUsd(lower), parseUsd(upper)];
  return lowerAmount !== undefined && upperAmount !== undefined && lowerAmount > upperAmount;
}
