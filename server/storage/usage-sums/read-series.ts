// Usage over time: the sums of hours or days, and beside them the rows that are not summed yet, added up in the same way.
// Read a few periods at a time, so that other requests go between; read again when the sums changed meanwhile.

import { sql, type Kysely, type RawBuilder } from "kysely";
import type { WorkspaceId } from "../../contracts/ids.ts";
import type { Series, SeriesQuery, SummedFilter } from "../../workspaces/usage-records.ts";
import type { Tables } from "../database.ts";
import {
  addedColumns,
  periodOf,
  rowAsSums,
  spanMs,
  spans,
  tookColumns,
  type Span,
  type SummedName,
} from "./columns.ts";
import { andAll, rowConditions, sumConditions } from "./conditions.ts";
import { SeriesBuilder, type SumRow } from "./series-builder.ts";

/** Hours or days of one query. */
const periodsAtOnce = 24;
/** Sums change every few seconds; a reading takes a fraction of one. */
const mostTries = 5;

const columnOf: { readonly [Grouping in NonNullable<SeriesQuery["groupBy"]>]: SummedName } = {
  model: "model",
  key: "key_id",
  stack: "stack_slug",
  category: "category",
  provider: "provider",
};

export async function readSeries(
  query: Kysely<Tables>,
  workspaceId: WorkspaceId,
  series: SeriesQuery,
): Promise<Series> {
  for (let tries = 1; ; tries++) {
    const before = await summedState(query, workspaceId);
    const builder = new SeriesBuilder(series);
    await addAll({ query, workspaceId, series, summedTo: before.summedTo }, builder);
    const after = await summedState(query, workspaceId);
    if (after.version === before.version) return builder.finish();
    if (tries === mostTries) throw new Error("the sums of usage kept changing while they were read");
  }
}

async function summedState(query: Kysely<Tables>, workspaceId: WorkspaceId) {
  const row = await query
    .selectFrom("usage_summed")
    .select(["summed_to", "version"])
    .where("workspace_id", "=", workspaceId)
    .executeTakeFirst();
  return { summedTo: row?.summed_to ?? "", version: Number(row?.version ?? 0) };
}

type Reading = {
  readonly query: Kysely<Tables>;
  readonly workspaceId: WorkspaceId;
  readonly series: SeriesQuery;
  readonly summedTo: string;
};

async function addAll(reading: Reading, builder: SeriesBuilder): Promise<void> {
  const { series, summedTo } = reading;
  const span: Span = series.interval === "hour" ? "hour" : "day";
  const { filter } = series;
  if (summedTo !== "") {
    const [first, end] = [Math.floor(filter.from / spanMs(span)), Math.ceil(filter.to / spanMs(span))];
    const [least, most] = await knownPeriods(reading, span);
    for (let from = Math.max(first, least); from < Math.min(end, most + 1); from += periodsAtOnce) {
      const window = { from: from * spanMs(span), to: Math.min(end, from + periodsAtOnce) * spanMs(span) };
      for (const row of await sumsOf(reading, span, { ...filter, ...window })) builder.add(span, row);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const late = sql`request_id IN (SELECT request_id FROM late_usage
      WHERE workspace_id = ${reading.workspaceId} AND request_id <= ${summedTo})`;
    for (const row of await rowsOf(reading, span, late)) builder.add(span, row);
  }
  for (const row of await rowsOf(reading, span, sql`request_id > ${summedTo}`)) builder.add(span, row);
}

/** The first and the last period that sums are kept of; the first above the last when there are none. */
async function knownPeriods({ query, workspaceId }: Reading, span: Span): Promise<readonly [number, number]> {
  const of = (word: "ASC" | "DESC") => sql<{ period: bigint | number | string }>`SELECT period FROM usage_sums
    WHERE workspace_id = ${workspaceId} AND span = ${sql.lit(spans[span])} ORDER BY period ${sql.raw(word)} LIMIT 1`;
  const [least] = (await of("ASC").execute(query)).rows;
  const [most] = (await of("DESC").execute(query)).rows;
  return [Number(least?.period ?? 1), Number(most?.period ?? 0)];
}

const sums = sql.join([...addedColumns, ...tookColumns].map((name) => sql`sum(${sql.ref(name)}) AS ${sql.ref(name)}`));

function groupOf({ series }: Reading): RawBuilder<unknown> {
  return series.groupBy === undefined ? sql`''` : sql.ref(columnOf[series.groupBy]);
}

async function sumsOf(reading: Reading, span: Span, filter: SummedFilter): Promise<SumRow[]> {
  const { query, workspaceId } = reading;
  const group = groupOf(reading);
  const { rows } = await sql<SumRow>`
    SELECT period, ${group} AS name, ${sums} FROM usage_sums
    WHERE workspace_id = ${workspaceId} AND span = ${sql.lit(spans[span])} ${andAll(sumConditions(filter, span))}
    GROUP BY 1, 2`.execute(query);
  return rows;
}

/** The same of rows themselves, those that are not among the sums. */
async function rowsOf(reading: Reading, span: Span, which: RawBuilder<unknown>): Promise<SumRow[]> {
  const { query, workspaceId, series } = reading;
  const group = groupOf(reading);
  const { rows } = await sql<SumRow>`
    SELECT period, ${group} AS name, ${sums}
    FROM (SELECT ${periodOf(span)} AS period, ${rowAsSums} FROM usage_rows
      WHERE workspace_id = ${workspaceId} AND ${which} ${andAll(rowConditions(series.filter))}) AS one
    GROUP BY 1, 2`.execute(query);
  return rows;
}
