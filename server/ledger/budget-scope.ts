// The names under which spending is counted: whose budget it is and for which period. Periods are UTC days and months.
//
//   workspace:ws_...:2026-11-22   key:key_...:2026-11   key:key_... (for ever)   stack:ws_...:stk_...:2026-11-22

export const budgetOwners = ["workspace", "key", "stack"] as const;
export type BudgetOwner = (typeof budgetOwners)[number];

export const budgetPeriods = ["daily", "monthly", "lifetime"] as const;
export type BudgetPeriod = (typeof budgetPeriods)[number];

/** What a scope names. */
export type BudgetScope = {
  readonly owner: BudgetOwner;
  readonly ownerId: string;
  readonly period: BudgetPeriod;
  /** `2026-11-22` or `2026-11`; undefined for a limit that never starts anew. */
  readonly periodName: string | undefined;
};

/** The UTC day and month of a moment, as scopes name them. */
export type PeriodNames = { readonly day: string; readonly month: string };

const dayMs = 86_400_000;
let latest: PeriodNames & { readonly startsAt: number } = { day: "", month: "", startsAt: Number.NaN };

/** Remembers the last day asked for: almost all requests of a process fall into one. */
export function periodNamesAt(nowMs: number): PeriodNames {
  if (nowMs >= latest.startsAt && nowMs < latest.startsAt + dayMs) return latest;
  const day = new Date(nowMs).toISOString().slice(0, 10);
  latest = { day, month: day.slice(0, 7), startsAt: Math.floor(nowMs / dayMs) * dayMs };
  return latest;
}

/** Undefined for what is no scope of a budget. */
export function readBudgetScope(scope: string): BudgetScope | undefined {
  const parts = scope.split(":");
  const last = parts.at(-1) ?? "";
  const periodName = /^\d{4}-\d{2}(?:-\d{2})?$/.test(last) ? last : undefined;
  const owner = budgetOwners.find((name) => name === parts[0]);
  const ownerId = parts.at(periodName === undefined ? -1 : -2);
  if (owner === undefined || ownerId === undefined || ownerId === owner) return undefined;
  const period = periodName === undefined ? "lifetime" : isDay(periodName) ? "daily" : "monthly";
  return { owner, ownerId, period, periodName };
}

/** When the period ends and the budget starts anew, ISO 8601; undefined for a limit that never does. */
export function resetOf({ periodName }: Pick<BudgetScope, "periodName">): string | undefined {
  if (periodName === undefined) return undefined;
  const next = new Date(isDay(periodName) ? periodName : `${periodName}-01`);
  if (isDay(periodName)) next.setUTCDate(next.getUTCDate() + 1);
  else next.setUTCMonth(next.getUTCMonth() + 1);
  return next.toISOString();
}

function isDay(periodName: string): boolean {
  return periodName.length === "2026-11-22".length;
}
