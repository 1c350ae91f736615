// A series as the charts of the page: one value for each interval and group. Pure.

import type { UsageSeries } from "../../../../server/contracts/control-activity.ts";
import type { ChartPoint, ChartProps, ChartSeries } from "../../ui/chart.tsx";
import { exactMoney, shortMoney } from "../../ui/money-format.ts";
import { duration } from "../../ui/time-format.ts";
import { categoryInWords } from "../../words/reasons.ts";
import { intervalStarts, labelOf } from "./usage-query.ts";

type Sums = UsageSeries["total"];
type Measure = {
  readonly title: string;
  readonly description?: string;
  readonly kind: ChartProps["kind"];
  readonly format: (value: number) => string;
  /** Undefined: nothing to show there. */
  readonly value: (sums: Sums) => number | undefined;
};

const count = (value: number): string => value.toLocaleString("en-US", { maximumFractionDigits: 0 });
const dollars = (value: number): string => shortMoney(value.toFixed(12)).text;

/** Charts are drawn with floats; the tables of the page have every digit. */
export const measures: readonly Measure[] = [
  { title: "Cost", kind: "stacked-bar", format: dollars, value: ({ cost_usd: usd }) => Number(usd) },
  { title: "Requests", kind: "stacked-bar", format: count, value: ({ requests }) => requests },
  {
    title: "Tokens",
    description: "In and out together.",
    kind: "stacked-bar",
    format: count,
    value: ({ input_tokens: input, output_tokens: output }) => input + output,
  },
  {
    title: "Latency",
    description: "The time that half of the answers took at most.",
    kind: "line",
    format: duration,
    value: ({ latency_p50_ms: ms }) => ms ?? undefined,
  },
  {
    title: "Savings",
    description: "Expected, against the strongest model that the stack allows.",
    kind: "line",
    format: dollars,
    value: ({ savings_usd: usd }) => Number(usd),
  },
  {
    title: "Errors",
    description: "Refused or failed.",
    kind: "stacked-bar",
    format: count,
    value: ({ errors }) => errors,
  },
];

export function groupName(series: UsageSeries, group: UsageSeries["groups"][number]): string {
  if (group.kind === "rest") return "All others";
  if (series.group_by === null) return "All requests";
  if (group.name === null) return "None";
  return series.group_by === "category" ? categoryInWords(group.name) : (group.label ?? group.name);
}

/** Without grouping some measures are drawn in two lines. */
const ungrouped: Readonly<Record<string, readonly (readonly [string, (sums: Sums) => number | undefined])[]>> = {
  Tokens: [
    ["In", ({ input_tokens: input, cached_input_tokens: cached }) => input - cached],
    ["In, cached", ({ cached_input_tokens: cached }) => cached],
    ["Out", ({ output_tokens: output }) => output],
  ],
  Latency: [
    ["Half of the answers", ({ latency_p50_ms: ms }) => ms ?? undefined],
    ["19 of 20", ({ latency_p95_ms: ms }) => ms ?? undefined],
  ],
};

export function chartOf(series: UsageSeries, measure: Measure): Pick<ChartProps, "series" | "points"> {
  const starts = intervalStarts(series.interval, series.from, series.to);
  const places = new Map(starts.map((at, index) => [at, index]));
  const values = starts.map((): Record<string, number> => ({}));
  const parts = series.group_by === null ? ungrouped[measure.title] : undefined;
  for (const point of series.points) {
    const own = values[places.get(point.starts_at) ?? -1];
    if (!own) continue;
    const found = parts ? parts.map(([, value]) => value(point)) : [measure.value(point)];
    for (const [index, value] of found.entries()) {
      if (value !== undefined) own[`g${parts ? index : point.group}`] = value;
    }
  }
  const lines: ChartSeries[] = parts
    ? parts.map(([name], index) => ({ key: `g${index}`, name }))
    : series.groups.map((group, index) => ({ key: `g${index}`, name: groupName(series, group) }));
  return { series: lines, points: starts.map((at, index) => pointOf(series, measure, lines, at, values[index] ?? {})) };
}

/** Nothing happened is zero in a sum, and no value in a percentile. */
function pointOf(
  { interval }: UsageSeries,
  { kind }: Measure,
  lines: readonly ChartSeries[],
  at: string,
  values: Record<string, number>,
): ChartPoint {
  const zeros = kind === "stacked-bar" ? Object.fromEntries(lines.map(({ key }) => [key, 0])) : {};
  return { label: labelOf(interval, at), values: { ...zeros, ...values } };
}

export function exactUsd(usd: string): string {
  return exactMoney(usd).replaceAll(/[$,]/g, "");
}
