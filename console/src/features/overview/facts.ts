// What the overview shows, read from the API: credits, keys, today's sums and the newest requests.

import type { z } from "zod";
import type { traceHeadlineSchema, usageSeriesSchema } from "../../../../server/contracts/control-activity.ts";
import type { keySchema } from "../../../../server/contracts/control-keys.ts";
import type { creditsSchema } from "../../../../server/contracts/control-workspaces.ts";
import { useItem, type ItemState } from "../../api/item.ts";
import { useList, type ListState } from "../../api/list.ts";

export type Credits = z.output<typeof creditsSchema>;
export type Request = z.output<typeof traceHeadlineSchema>;
export type UsageSeries = z.output<typeof usageSeriesSchema>;
type ApiKey = z.output<typeof keySchema>;

const recentRequests = 10;
/** While somebody takes the first steps, each should be seen as it happens. */
const waitingRefreshMs = 1_500;
const calmRefreshMs = 15_000;

export type OverviewFacts = {
  readonly credits: ItemState<Credits>;
  readonly keys: ListState<ApiKey>;
  readonly requests: ListState<Request>;
};

/** @param path of the workspace */
export function useOverviewFacts(path: string, waiting: boolean): OverviewFacts {
  const refreshMs = waiting ? waitingRefreshMs : calmRefreshMs;
  return {
    credits: useItem<Credits>(`${path}/credits`, {}, { refreshMs }),
    keys: useList<ApiKey>(`${path}/keys`, { status: "active", limit: 1 }, { refreshMs }),
    requests: useList<Request>(`${path}/traces`, { limit: recentRequests }, { refreshMs }),
  };
}

/** The sums of the current day by the calendar of UTC, hour by hour. */
export function useToday(path: string): ItemState<UsageSeries> {
  const from = `${new Date().toISOString().slice(0, 10)}T00:00:00Z`;
  return useItem<UsageSeries>(`${path}/usage/series`, { from, interval: "hour" }, { refreshMs: calmRefreshMs });
}
