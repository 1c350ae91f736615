// How far a workspace's or a key's budgets are used: each limit with what its present period has spent and pledged.

import type { Budget } from "../contracts/budget.ts";
import { periodNamesAt, resetOf, type BudgetPeriod } from "../ledger/budget-scope.ts";
import { noMoney, parseUsd, type Picodollars } from "../money/picodollars.ts";

/** What has been spent and is pledged under a scope. */
export type Counted = { readonly spent: Picodollars; readonly pledged: Picodollars };

export type BudgetRecords = {
  /** Scopes under which nothing was ever held are missing. */
  counted(scopes: readonly string[]): Promise<ReadonlyMap<string, Counted>>;
};

export type BudgetUse = Counted & {
  readonly period: BudgetPeriod;
  /** The budget itself, its hard stop aside. */
  readonly limit: Picodollars;
  /** ISO 8601; undefined for a limit that never starts anew. */
  readonly resetsAt: string | undefined;
};

/** Limits of one owner. `owner` is the start of its scopes: `workspace:ws_...`, `key:key_...`. */
export type Limits = {
  readonly owner: string;
  readonly budget: Budget | undefined;
  readonly spendLimit: Picodollars | undefined;
};

/** @param nowMs Unix milliseconds: the periods are those of this moment. */
export async function budgetUse(records: BudgetRecords, limits: Limits, nowMs: number): Promise<BudgetUse[]> {
  const { owner, budget, spendLimit } = limits;
  const { day, month } = periodNamesAt(nowMs);
  const all = [
    { period: "daily", periodName: day, limit: parseUsd(budget?.dailyUsd ?? "") },
    { period: "monthly", periodName: month, limit: parseUsd(budget?.monthlyUsd ?? "") },
    { period: "lifetime", periodName: undefined, limit: spendLimit },
  ] as const;
  const scopeOf = (name: string | undefined): string => (name === undefined ? owner : `${owner}:${name}`);
  const counted = await records.counted(
    all.filter(({ limit }) => limit !== undefined).map(({ periodName }) => scopeOf(periodName)),
  );
  return all.flatMap(({ period, periodName, limit }) => {
    if (limit === undefined) return [];
    const { spent, pledged } = counted.get(scopeOf(periodName)) ?? { spent: noMoney, pledged: noMoney };
    return [{ period, limit, spent, pledged, resetsAt: resetOf({ periodName }) }];
  });
}
