// Puts a series together from sums by period and name: intervals, the largest groups by name, and the rest as one.

import { picodollars } from "../../money/picodollars.ts";
import type { Ranking, Series, SeriesQuery, UsageSums } from "../../workspaces/usage-records.ts";
import { addedColumns, spanMs, tookColumns, type AddedColumn, type Span, type TookColumn } from "./columns.ts";

type Count = bigint | number | string | null;

/** Postgres gives large sums as text. */
export type SumRow = { readonly period: bigint | number | string; readonly name: string } & {
  readonly [Column in AddedColumn | TookColumn]: Count;
};

/** Sums under way. Picodollars of a workspace stay below 2^63, far from what a bigint minds; counts below 2^53. */
type Growing = {
  readonly money: { debit: bigint; savings: bigint };
  readonly counts: number[];
  readonly took: number[];
};

const countColumns = addedColumns.filter((column) => column !== "debit" && column !== "savings");
type CountColumn = (typeof countColumns)[number];

/** More names than this are not told apart: what comes after them is the rest. */
const mostNames = 10_000;

export class SeriesBuilder {
  readonly #query: SeriesQuery;
  /** By name, then by the start of the interval. */
  readonly #names = new Map<string, Map<number, Growing>>();

  constructor(query: SeriesQuery) {
    this.#query = query;
  }

  add(span: Span, row: SumRow): void {
    const startsAt = intervalStart(this.#query.interval, Number(row.period) * spanMs(span));
    const name = this.#names.has(row.name) || this.#names.size < mostNames ? row.name : "";
    let intervals = this.#names.get(name);
    if (!intervals) this.#names.set(name, (intervals = new Map()));
    let sums = intervals.get(startsAt);
    if (!sums) intervals.set(startsAt, (sums = nothing()));
    addRow(sums, row);
  }

  finish(): Series {
    const ranked = [...this.#names].map(([name, intervals]) => ({
      name,
      intervals,
      total: totalOf(intervals.values()),
    }));
    ranked.sort((left, right) => {
      const [a, b] = [rankOf(left.total, this.#query.rankBy), rankOf(right.total, this.#query.rankBy)];
      return a === b ? (left.name < right.name ? -1 : 1) : a < b ? 1 : -1;
    });
    const named = ranked.slice(0, this.#query.top);
    const rest = ranked.slice(this.#query.top);
    const groups = [
      ...named.map(({ name, intervals, total }) => {
        const shown = name === "" ? undefined : name;
        return { group: { kind: "named" as const, name: shown, sums: finished(total) }, intervals };
      }),
      ...(rest.length === 0 ? [] : [restOf(rest.map(({ intervals }) => intervals))]),
    ];
    const points = groups.flatMap(({ intervals }, group) =>
      [...intervals].map(([startsAt, sums]) => ({ startsAt, group, sums: finished(sums) })),
    );
    points.sort((left, right) => left.startsAt - right.startsAt || left.group - right.group);
    const total = finished(totalOf(ranked.map((one) => one.total)));
    return { groups: groups.map(({ group }) => group), points, total };
  }
}

function restOf(all: readonly ReadonlyMap<number, Growing>[]) {
  const intervals = new Map<number, Growing>();
  for (const [startsAt, sums] of all.flatMap((one) => [...one])) {
    intervals.set(
      startsAt,
      totalOf([...(intervals.has(startsAt) ? [intervals.get(startsAt) ?? nothing()] : []), sums]),
    );
  }
  const sums = finished(totalOf(intervals.values()));
  return { group: { kind: "rest" as const, name: undefined, sums }, intervals };
}

/** The start of the interval that holds a moment, in Unix milliseconds, by the calendar of UTC. */
export function intervalStart(interval: SeriesQuery["interval"], ms: number): number {
  if (interval !== "month") return Math.floor(ms / spanMs(interval)) * spanMs(interval);
  const date = new Date(ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

function nothing(): Growing {
  return {
    money: { debit: 0n, savings: 0n },
    counts: countColumns.map(() => 0),
    took: tookColumns.map(() => 0),
  };
}

function addRow({ money, counts, took }: Growing, row: SumRow): void {
  money.debit += BigInt(row.debit ?? 0);
  money.savings += BigInt(row.savings ?? 0);
  for (const [index, column] of countColumns.entries()) counts[index] = (counts[index] ?? 0) + Number(row[column] ?? 0);
  for (const [index, column] of tookColumns.entries()) took[index] = (took[index] ?? 0) + Number(row[column] ?? 0);
}

function totalOf(all: Iterable<Growing>): Growing {
  const total = nothing();
  for (const { money, counts, took } of all) {
    total.money.debit += money.debit;
    total.money.savings += money.savings;
    for (const [index, count] of counts.entries()) total.counts[index] = (total.counts[index] ?? 0) + count;
    for (const [index, count] of took.entries()) total.took[index] = (total.took[index] ?? 0) + count;
  }
  return total;
}

function countOf({ counts }: Growing, column: CountColumn): number {
  return counts[countColumns.indexOf(column)] ?? 0;
}

function rankOf(sums: Growing, ranking: Ranking): bigint {
  switch (ranking) {
    case "cost":
      return sums.money.debit;
    case "savings":
      return sums.money.savings;
    case "requests":
      return BigInt(countOf(sums, "requests"));
    case "errors":
      return BigInt(countOf(sums, "errors"));
    case "tokens":
      return BigInt(countOf(sums, "input_tokens") + countOf(sums, "output_tokens"));
  }
}

function finished(sums: Growing): UsageSums {
  return {
    requests: countOf(sums, "requests"),
    errors: countOf(sums, "errors"),
    unbilled: countOf(sums, "unbilled"),
    debit: picodollars(sums.money.debit),
    savings: picodollars(sums.money.savings),
    inputTokens: countOf(sums, "input_tokens"),
    cachedInputTokens: countOf(sums, "cached_input_tokens"),
    cacheWriteTokens: countOf(sums, "cache_write_tokens"),
    outputTokens: countOf(sums, "output_tokens"),
    reasoningTokens: countOf(sums, "reasoning_tokens"),
    took: sums.took,
  };
}
