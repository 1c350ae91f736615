// What budgets leave a request: the caps that its hold counts against, and the most it may cost by itself. Computed for
// every request, so what a budget's text means is remembered with the budget, and nothing is done where none is set.

import { defaultWarnPercent, type Budget } from "../contracts/budget.ts";
import { periodNamesAt, type BudgetOwner } from "../ledger/budget-scope.ts";
import type { Cap } from "../ledger/operations.ts";
import { parseUsd, picodollars, type Picodollars } from "../money/picodollars.ts";
import type { Resolved } from "./stages.ts";

type Spender = Pick<Resolved, "key" | "workspace" | "stack" | "policy" | "arrivedAt">;

/** The most one request may cost, and whose budget says so. */
export type RequestMax = { readonly owner: BudgetOwner; readonly ownerId: string; readonly limit: Picodollars };

type Allowance = Pick<Cap, "limit" | "warnAt">;
type Allowances = {
  readonly daily: Allowance | undefined;
  readonly monthly: Allowance | undefined;
  readonly perRequest: Picodollars | undefined;
};

const noCaps: readonly Cap[] = [];
/** A limit above this limits nothing, and would not fit into a signed 64-bit column. */
const largestLimit = picodollars(2n ** 63n - 1n);

/** The caps of key, workspace and stack, each with the period it counts in: that of the request's arrival (UTC). */
export function capsOf({ key, workspace, stack, policy, arrivedAt }: Spender): readonly Cap[] {
  const { spendLimit } = key;
  if (spendLimit === undefined && !counts(key.budget) && !counts(workspace.budget) && !counts(policy.budget)) {
    return noCaps;
  }
  const caps: Cap[] = [];
  if (spendLimit !== undefined) {
    const warnAt = shareOf(spendLimit, key.budget?.warnPercent ?? defaultWarnPercent);
    caps.push({ scope: `key:${key.id}`, limit: spendLimit, warnAt });
  }
  addPeriods(caps, `key:${key.id}`, key.budget, arrivedAt);
  addPeriods(caps, `workspace:${workspace.id}`, workspace.budget, arrivedAt);
  addPeriods(caps, `stack:${workspace.id}:${stack.id}`, policy.budget, arrivedAt);
  return caps;
}

/** The least of the three per-request maxima; undefined where none is set. */
export function requestMaxOf({ key, workspace, stack, policy }: Omit<Spender, "arrivedAt">): RequestMax | undefined {
  let least: RequestMax | undefined;
  const consider = (owner: BudgetOwner, ownerId: string, budget: Budget | undefined): void => {
    if (budget?.perRequestMaxUsd === undefined) return;
    const limit = allowancesOf(budget).perRequest;
    if (limit !== undefined && (least === undefined || limit < least.limit)) least = { owner, ownerId, limit };
  };
  consider("workspace", workspace.id, workspace.budget);
  consider("key", key.id, key.budget);
  consider("stack", stack.id, policy.budget);
  return least;
}

function counts(budget: Budget | undefined): boolean {
  return budget?.dailyUsd !== undefined || budget?.monthlyUsd !== undefined;
}

function addPeriods(caps: Cap[], scope: string, budget: Budget | undefined, now: number): void {
  if (budget === undefined || !counts(budget)) return;
  const { daily, monthly } = allowancesOf(budget);
  const { day, month } = periodNamesAt(now);
  if (daily) caps.push({ scope: `${scope}:${day}`, ...daily });
  if (monthly) caps.push({ scope: `${scope}:${month}`, ...monthly });
}

const remembered = new WeakMap<Budget, Allowances>();

function allowancesOf(budget: Budget): Allowances {
  const known = remembered.get(budget);
  if (known) return known;
  const { dailyUsd, monthlyUsd, perRequestMaxUsd } = budget;
  const allowances = {
    daily: allowanceOf(dailyUsd, budget),
    monthly: allowanceOf(monthlyUsd, budget),
    perRequest: parseUsd(perRequestMaxUsd ?? ""),
  };
  remembered.set(budget, allowances);
  return allowances;
}

function allowanceOf(usd: string | undefined, { warnPercent, hardStopPercent }: Budget): Allowance | undefined {
  const amount = parseUsd(usd ?? "");
  if (amount === undefined) return undefined;
  return { limit: shareOf(amount, hardStopPercent), warnAt: shareOf(amount, warnPercent) };
}

function shareOf(amount: Picodollars, percent: number): Picodollars {
  const share = (amount * BigInt(percent)) / 100n;
  return picodollars(share < largestLimit ? share : largestLimit);
}
