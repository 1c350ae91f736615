// What the address of the usage page says, as the API takes it, and which intervals that makes. Pure.

import type { Query } from "../../api/fetch-api.ts";
import type { UsageRange, UsageSearch } from "./routes.ts";

export type Interval = NonNullable<UsageSearch["interval"]>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const usualInterval: Readonly<Record<UsageRange, Interval>> = {
  "24h": "hour",
  "7d": "day",
  "30d": "day",
  "90d": "day",
  "12m": "month",
};
const rangeDays: Readonly<Record<UsageRange, number>> = { "24h": 1, "7d": 7, "30d": 30, "90d": 90, "12m": 365 };

export const usualRange: UsageRange = "30d";

export function intervalOf({ range = usualRange, interval }: UsageSearch): Interval {
  // A quarter by the hour is more than a chart can show.
  if (interval === "hour" && rangeDays[range] > 30) return "day";
  return interval ?? usualInterval[range];
}

/** @param now Unix milliseconds, in whole minutes so that the question stays the same for a while */
export function seriesQuery(search: UsageSearch, now: number): Query {
  return { ...namesOf(search), ...timeOf(search, now), interval: intervalOf(search), group_by: search.group };
}

/** For the export: the same requests one by one. */
export function exportQuery(search: UsageSearch, now: number): Query {
  return { ...namesOf(search), ...timeOf(search, now) };
}

function namesOf({ model, key, stack, category, provider, agent, deployment }: UsageSearch): Query {
  return { model, key, stack, category, provider, agent, deployment };
}

/** The range ends now; the interval that holds its beginning is shown in part never, so it begins one later. */
function timeOf(search: UsageSearch, now: number): { readonly from: string; readonly to: string } {
  const { range = usualRange } = search;
  const interval = intervalOf(search);
  const to = new Date(now);
  if (interval === "month") {
    const months = range === "12m" ? 11 : Math.ceil(rangeDays[range] / 31);
    return { from: iso(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() - months)), to: iso(now) };
  }
  const length = interval === "hour" ? hourMs : dayMs;
  const last = Math.floor(now / length) * length;
  return { from: iso(last - rangeDays[range] * dayMs + length), to: iso(now) };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** The starts of all intervals from the first to the last, those without requests included. */
export function intervalStarts(interval: Interval, from: string, to: string): string[] {
  const starts: string[] = [];
  for (let at = Date.parse(from); at < Date.parse(to); at = following(interval, at)) starts.push(iso(at));
  return starts;
}

function following(interval: Interval, at: number): number {
  if (interval !== "month") return at + (interval === "hour" ? hourMs : dayMs);
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

const labels: Readonly<Record<Interval, Intl.DateTimeFormat>> = {
  hour: new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "UTC",
  }),
  day: new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" }),
  month: new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" }),
};

/** How an interval is called on an axis; in UTC, as the sums are. */
export function labelOf(interval: Interval, startsAt: string): string {
  return labels[interval].format(Date.parse(startsAt));
}
