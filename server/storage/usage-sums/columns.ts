// What is summed of usage rows, and how a row becomes a sum of one: every query over rows or sums goes by these columns.

import { sql, type RawBuilder } from "kysely";
import { tookBounds } from "../../workspaces/latency.ts";

/** What sums are kept apart by, as columns of both tables; a row without a value has '' in the sums. */
export const summedNames = ["key_id", "model", "provider", "stack_slug", "category"] as const;
export type SummedName = (typeof summedNames)[number];

/** Added up. Every one is whole; `savings` may be negative. */
export const addedColumns = [
  "requests",
  "errors",
  "unbilled",
  "debit",
  "savings",
  "input_tokens",
  "cached_input_tokens",
  "cache_write_tokens",
  "output_tokens",
  "reasoning_tokens",
] as const;
export type AddedColumn = (typeof addedColumns)[number];

export const mostColumns = ["most_debit", "most_ms"] as const;

export type TookColumn = `took_${string}`;
export const tookColumns: readonly TookColumn[] = Array.from(
  { length: tookBounds.length + 1 },
  (_, index): TookColumn => `took_${String(index).padStart(2, "0")}`,
);

export const spans = { hour: 1, day: 24 } as const;
export type Span = keyof typeof spans;
const hourMs = 3_600_000;

export function spanMs(span: Span): number {
  return spans[span] * hourMs;
}

export type UsageSumColumns = {
  workspace_id: string;
  span: number | bigint;
  period: number | bigint;
  first_request: string;
  last_request: string;
} & { [Name in SummedName]: string } & { [Column in AddedColumn | (typeof mostColumns)[number]]: bigint | number } & {
  [Column in TookColumn]: bigint | number;
};

/** The number of the span that holds a row's arrival, in UTC. */
export function periodOf(span: Span): RawBuilder<number | bigint> {
  return sql`created_at / ${sql.lit(spanMs(span))}`;
}

/** A row's value in each column of the sums, but for workspace, span and period; nothing more than one sum of it. */
export const rowAsSums: RawBuilder<unknown> = sql.join([
  ...summedNames.map((name) => sql`coalesce(${sql.ref(name)}, '') AS ${sql.ref(name)}`),
  sql`request_id AS first_request`,
  sql`request_id AS last_request`,
  sql`1 AS requests`,
  sql`CASE WHEN http_status >= 400 THEN 1 ELSE 0 END AS errors`,
  sql`CASE WHEN unbillable_reason IS NULL THEN 0 ELSE 1 END AS unbilled`,
  sql`debit`,
  // What was not paid for saved nothing.
  sql`CASE WHEN unbillable_reason IS NULL THEN coalesce(savings, 0) ELSE 0 END AS savings`,
  ...addedColumns.slice(5).map((column) => sql`coalesce(${sql.ref(column)}, 0) AS ${sql.ref(column)}`),
  sql`debit AS most_debit`,
  sql`total_ms AS most_ms`,
  ...tookColumns.map((column, index) => sql`${tookRange(index)} AS ${sql.ref(column)}`),
]);

/** 1 for an answer whose time lies within the range, else 0. Refusals and failures took no time to speak of. */
function tookRange(index: number): RawBuilder<number> {
  const [from, to] = [tookBounds[index - 1], tookBounds[index]];
  const bounds = [
    sql`http_status < 400`,
    ...(from === undefined ? [] : [sql`total_ms >= ${sql.lit(from)}`]),
    ...(to === undefined ? [] : [sql`total_ms < ${sql.lit(to)}`]),
  ];
  return sql`CASE WHEN ${sql.join(bounds, sql` AND `)} THEN 1 ELSE 0 END`;
}
