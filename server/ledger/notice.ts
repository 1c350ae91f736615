// A notice as an event of the workspace's feed: amounts as decimal USD text.

import { formatUsd } from "../money/picodollars.ts";
import type { Notice } from "./operations.ts";

/** The event's type and, beside it, the members of its `data`. */
export function formatNotice(notice: Notice): { readonly type: Notice["type"]; readonly [member: string]: string } {
  if (notice.type === "credits.low") {
    const { type, balance, threshold } = notice;
    return { type, balance_usd: formatUsd(balance), threshold_usd: formatUsd(threshold) };
  }
  const { type, scope, spent, limit } = notice;
  return { type, budget: scope, spent_usd: formatUsd(spent), limit_usd: formatUsd(limit) };
}
