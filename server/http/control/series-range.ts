// Which intervals a series covers: from the start of one to the end of another, and not too many of them.

import type { z } from "zod";
import type { seriesQuerySchema } from "../../contracts/control-activity.ts";
import { invalidField } from "../../contracts/errors.ts";
import type { Grouping, Interval, SeriesQuery, SummedFilter } from "../../workspaces/usage-records.ts";

const hourMs = 3_600_000;
/** Of hours, days or months. */
const mostIntervals = 1_000;
const usualIntervals: { readonly [name in Interval]: number } = { hour: 24, day: 30, month: 12 };

/** @throws GatewayError invalid_request when the range is empty or has more than 1,000 intervals. */
export function seriesQueryOf(
  query: Pick<z.output<typeof seriesQuerySchema>, "interval" | "rank_by" | "top">,
  filter: SummedFilter,
  groupBy: Grouping | undefined,
  now: number,
): SeriesQuery {
  const { interval } = query;
  const to = startOf(interval, (filter.to ?? Math.floor(now) + 1) - 1, 1);
  const from =
    filter.from === undefined ? startOf(interval, to, -usualIntervals[interval]) : startOf(interval, filter.from, 0);
  if (from >= to) throw invalidField("from", "before `to`");
  if (startOf(interval, from, mostIntervals) < to) {
    throw invalidField("from", `at most ${mostIntervals} intervals before \`to\`; choose a longer interval`);
  }
  return { filter: { ...filter, from, to }, interval, groupBy, rankBy: query.rank_by, top: query.top };
}

/** The start of the interval that holds a moment, moved by so many intervals; UTC. */
function startOf(interval: Interval, ms: number, moved: number): number {
  if (interval === "hour") return (Math.floor(ms / hourMs) + moved) * hourMs;
  const date = new Date(ms);
  if (interval === "day") return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + moved);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + moved);
}
