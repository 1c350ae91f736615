// The 402 that names the budget in the way: whose it is, what is left of it, when it starts anew, what would still fit.

import { GatewayError } from "../contracts/errors.ts";
import { readBudgetScope, resetOf, type BudgetOwner, type BudgetPeriod } from "../ledger/budget-scope.ts";
import type { Cap } from "../ledger/operations.ts";
import { formatUsd, formatUsdShort, noMoney, type Picodollars } from "../money/picodollars.ts";
import type { RequestMax } from "./budget-caps.ts";

/** What the budget would still pay for. */
export type Affordable = { readonly model: string; readonly outputTokens: number };

type Refused = {
  readonly budget: BudgetPeriod | "per_request";
  readonly owner: BudgetOwner;
  readonly ownerId: string;
  readonly limit: Picodollars;
  readonly left: Picodollars;
  readonly resetsAt: string | undefined;
};

const names = {
  daily: "daily budget",
  monthly: "monthly budget",
  lifetime: "spend limit",
  per_request: "per-request maximum",
} as const;

/** A daily, monthly or lifetime limit that has only `left` for this request. */
export function overCap(cap: Pick<Cap, "scope" | "limit">, left: Picodollars, affordable: Affordable): GatewayError {
  const scope = readBudgetScope(cap.scope);
  if (!scope) return new GatewayError("internal_error", undefined, { cause: new Error(`no budget is ${cap.scope}`) });
  const budget = scope.period;
  const message = `The ${scope.owner}'s ${names[budget]} has ${formatUsdShort(left)} USD left, too little for this request.`;
  return refuse(message, { ...scope, budget, limit: cap.limit, left, resetsAt: resetOf(scope) }, affordable);
}

/** The most that one request may cost is too little for this one. */
export function overRequestMax(max: RequestMax, affordable: Affordable | undefined): GatewayError {
  const { owner, ownerId, limit } = max;
  const message = `The ${owner}'s ${names.per_request} of ${formatUsdShort(limit)} USD is too little for this request.`;
  const refused = { budget: "per_request", owner, ownerId, limit, left: limit, resetsAt: undefined } as const;
  return refuse(message, refused, affordable);
}

function refuse(message: string, refused: Refused, affordable: Affordable | undefined): GatewayError {
  const { budget, owner, ownerId, limit, left, resetsAt } = refused;
  return new GatewayError("budget_exceeded", message, {
    details: {
      budget,
      owner,
      owner_id: ownerId,
      limit_usd: formatUsd(limit),
      available_usd: formatUsd(left > 0n ? left : noMoney),
      affordable_max_output_tokens: Math.max(0, affordable?.outputTokens ?? 0),
      ...(affordable === undefined ? {} : { model: affordable.model }),
      ...(resetsAt === undefined ? {} : { resets_at: resetsAt }),
    },
  });
}
