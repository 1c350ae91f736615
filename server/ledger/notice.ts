// A notice as an event of the workspace's feed: amounts as decimal USD text, a cap's scope as owner and period.

import type { NewEvent } from "../contracts/events.ts";
import { newId } from "../contracts/ids.ts";
import { formatUsd } from "../money/picodollars.ts";
import { readBudgetScope, resetOf } from "./budget-scope.ts";
import type { Notice } from "./operations.ts";

/** Undefined when it is about a scope that names nobody's budget. */
export function eventOf(notice: Notice): NewEvent | undefined {
  const event = { id: newId("evt"), workspaceId: notice.workspaceId, type: notice.type, createdAt: notice.at };
  if (notice.type === "credits.low") {
    const { balance, threshold } = notice;
    return {
      ...event,
      data: { balance_usd: formatUsd(balance), threshold_usd: formatUsd(threshold) },
      once: undefined,
    };
  }
  const { scope, spent, limit } = notice;
  const budget = readBudgetScope(scope);
  if (!budget) return undefined;
  const { owner, ownerId, period, periodName } = budget;
  return {
    ...event,
    data: {
      owner,
      owner_id: ownerId,
      period,
      period_name: periodName ?? null,
      resets_at: resetOf({ periodName }) ?? null,
      spent_usd: formatUsd(spent),
      limit_usd: formatUsd(limit),
    },
    once: `${notice.type} ${scope} ${limit}`,
  };
}
