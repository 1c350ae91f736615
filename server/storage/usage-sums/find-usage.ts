// One page of the requests that match a filter. Goes back in time a piece at a time, so that other requests go between,
// leaves out the days and hours whose sums hold nothing that matches, and stops when its time is over.

import { sql, type Kysely } from "kysely";
import { asId, type RequestId, type WorkspaceId } from "../../contracts/ids.ts";
import type { UsageHeadline } from "../../workspaces/activity-records.ts";
import type { FoundUsage, UsageFilter } from "../../workspaces/usage-records.ts";
import type { OpenDatabase, Tables } from "../database.ts";
import { optionalNumber } from "../read-column.ts";
import { usageFactsOf, type UsageColumns } from "../usage-rows.ts";
import { spans } from "./columns.ts";
import { andAll, rowConditions, sumConditions } from "./conditions.ts";

export type UsageSearch = {
  readonly query: Kysely<Tables>;
  readonly engine: OpenDatabase["engine"];
  readonly workspaceId: WorkspaceId;
  readonly filter: UsageFilter;
};

/** Rows looked at in one query: SQLite does nothing else meanwhile. */
const lookedAtOnce = { sqlite: 2_000, postgres: 20_000 };
/** After which a search gives what it has found. */
const searchMs = 150;
const daysAtOnce = 8;

const headlineColumns = [
  "workspace_id",
  "request_id",
  "key_id",
  "created_at",
  "protocol",
  "requested_model",
  "stack_slug",
  "stack_version",
  "model",
  "provider",
  "unbillable_reason",
  "http_status",
  "usage_kind",
  "input_tokens",
  "cached_input_tokens",
  "cache_write_tokens",
  "output_tokens",
  "reasoning_tokens",
  "hold",
  "ceiling",
  "debit",
  "entry_sequence",
  "price_version",
  "first_byte_ms",
  "total_ms",
  "category",
  "baseline",
  "savings",
] as const;
type HeadlineRow = Pick<UsageColumns, (typeof headlineColumns)[number]>;

/** Ids from `first` on and below `below`. */
type Range = { readonly first: string; readonly below: string };

/** Above every request id. */
const afterAll = "req_~";

export async function findUsage(
  search: UsageSearch,
  { before, limit }: { readonly before: RequestId | undefined; readonly limit: number },
): Promise<FoundUsage> {
  const rows: HeadlineRow[] = [];
  let position: string = before ?? afterAll;
  const until = performance.now() + searchMs;
  for await (const range of rangesBefore(search, position)) {
    if (range.below < position) position = range.below;
    for (let more = true; more;) {
      const piece = await lookAt(search, { first: range.first, below: position }, limit + 1 - rows.length);
      rows.push(...piece.rows);
      if (rows.length > limit) return found(rows.slice(0, limit), rows[limit - 1]?.request_id);
      position = piece.lookedTo;
      more = position > range.first;
      if (performance.now() >= until) return found(rows, position);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return found(rows, undefined);
}

function found(rows: readonly HeadlineRow[], next: string | undefined): FoundUsage {
  return { rows: rows.map(headlineOf), next: next === undefined ? undefined : asId<RequestId>(next) };
}

/** What may hold matches, the newest first: rows that are not summed yet, then hour by hour. */
async function* rangesBefore(search: UsageSearch, position: string): AsyncGenerator<Range> {
  const { query, workspaceId, filter } = search;
  if (rowConditions(filter).length === 0) {
    yield { first: "", below: position };
    return;
  }
  const state = await query
    .selectFrom("usage_summed")
    .select("summed_to")
    .where("workspace_id", "=", workspaceId)
    .executeTakeFirst();
  // The first id that is not summed is above this one.
  const unsummed = state ? `${state.summed_to}\u0020` : "";
  if (unsummed < position) yield { first: unsummed, below: position };
  if (!state) return;
  for (let below = position; ;) {
    const days = await daysBefore(search, below);
    for (const { period } of days) {
      for (const hour of await hoursOf(search, period, position)) yield hour;
    }
    const last = days.at(-1);
    if (!last || days.length < daysAtOnce) return;
    below = last.first;
  }
}

type SumRange = { readonly period: number; readonly first: string; readonly last: string };

function daysBefore(search: UsageSearch, below: string): Promise<SumRange[]> {
  return sumRanges(search, "day", sql`first_request < ${below}`, sql`LIMIT ${sql.lit(daysAtOnce)}`);
}

async function hoursOf(search: UsageSearch, day: number, below: string): Promise<Range[]> {
  const [first, last] = [day * spans.day, (day + 1) * spans.day];
  const condition = sql`period >= ${first} AND period < ${last} AND first_request < ${below}`;
  const hours = await sumRanges(search, "hour", condition, sql``);
  // An id followed by a space is above the id, and below every other.
  return hours.map((hour) => ({ first: hour.first, below: `${hour.last}\u0020` }));
}

async function sumRanges(
  { query, workspaceId, filter }: UsageSearch,
  span: keyof typeof spans,
  condition: ReturnType<typeof sql>,
  limit: ReturnType<typeof sql>,
): Promise<SumRange[]> {
  const { rows } = await sql<{ period: bigint | number | string; first: string; last: string }>`
    SELECT period, min(first_request) AS first, max(last_request) AS last FROM usage_sums
    WHERE workspace_id = ${workspaceId} AND span = ${sql.lit(spans[span])} AND ${condition}
      ${andAll(sumConditions(filter, span))}
    GROUP BY period ORDER BY period DESC ${limit}`.execute(query);
  return rows.map(({ period, first, last }) => ({ period: Number(period), first, last }));
}

/** The matches among the newest rows of a range, and down to which id they were all looked at. */
async function lookAt(
  { query, engine, workspaceId, filter }: UsageSearch,
  { first, below }: Range,
  limit: number,
): Promise<{ readonly rows: HeadlineRow[]; readonly lookedTo: string }> {
  const inRange = query
    .selectFrom("usage_rows")
    .where("workspace_id", "=", workspaceId)
    .where("request_id", ">=", first)
    .where("request_id", "<", below)
    .orderBy("request_id", "desc");
  const conditions = rowConditions(filter);
  const end =
    conditions.length === 0
      ? undefined
      : await inRange.select("request_id").limit(1).offset(lookedAtOnce[engine]).executeTakeFirst();
  const lookedTo = end?.request_id ?? first;
  const rows = await inRange
    .select(headlineColumns)
    .where("request_id", ">=", lookedTo)
    .where(sql<boolean>`(true ${andAll(conditions)})`)
    .limit(limit)
    .execute();
  return { rows, lookedTo };
}

function headlineOf(row: HeadlineRow): UsageHeadline {
  return {
    ...usageFactsOf(row),
    tokens: {
      input: optionalNumber(row.input_tokens),
      cachedInput: optionalNumber(row.cached_input_tokens),
      cacheWrite: optionalNumber(row.cache_write_tokens),
      output: optionalNumber(row.output_tokens),
      reasoning: optionalNumber(row.reasoning_tokens),
    },
  };
}
