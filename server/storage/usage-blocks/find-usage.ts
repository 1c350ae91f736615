// One page of the requests that match a filter. Goes back in time a piece at a time, so that other requests go between,
// reads only what blocks say may match, and stops when its time is over.

import { sql, type Kysely } from "kysely";
import { asId, type RequestId, type WorkspaceId } from "../../contracts/ids.ts";
import type { UsageHeadline } from "../../workspaces/activity-records.ts";
import type { FoundUsage, UsageFilter } from "../../workspaces/usage-records.ts";
import type { OpenDatabase, Tables } from "../database.ts";
import { optionalNumber } from "../read-column.ts";
import { usageFactsOf, type UsageColumns } from "../usage-rows.ts";
import { makeBlocks, type Block } from "./block.ts";
import { mayMatch, matchingRows } from "./block-filter.ts";
import { readLateRows } from "./block-rows.ts";
import { andAll, rowConditions } from "./conditions.ts";
import { requestIdAt, timeOfRequestId } from "./frontier.ts";
import { readHead, unpackBlock } from "./packed-block.ts";
import { packedState, readBlock } from "./read-parts.ts";

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
const blocksAtOnce = 64;
const mostListed = 10_000;

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

/** What may hold matches, the newest first: rows that are not packed yet, then the blocks in which some row matches. */
async function* rangesBefore(search: UsageSearch, position: string): AsyncGenerator<Range> {
  const { query, workspaceId, filter } = search;
  const state = await packedState(query, workspaceId);
  if (rowConditions(filter).length === 0 || state.packedTo === "") {
    yield { first: "", below: position };
    return;
  }
  const unpacked = justAfter(state.packedTo);
  if (unpacked < position) yield { first: unpacked, below: position };
  const late = await lateMatches(search);
  // Late rows belong to the block that begins before them, those older than every block to none.
  let ceiling = unpacked < position ? unpacked : position;
  for (let below = Number.MAX_SAFE_INTEGER; ;) {
    const blocks = await query
      .selectFrom("usage_blocks")
      .select(["number", "first_request", "first_at", "last_at", "head"])
      .where("workspace_id", "=", workspaceId)
      .where("late", "=", 0)
      .where("number", "<", below)
      .where("first_request", "<", position)
      .orderBy("number", "desc")
      .limit(blocksAtOnce)
      .execute();
    for (const { number, first_request: first, first_at, last_at, head } of blocks) {
      below = Number(number);
      const possible = inTime(filter, Number(first_at), Number(last_at)) && mayMatch(filter, readHead(head));
      const own = possible ? matchesIn(await readBlock(query, { workspaceId, late: 0, number: below }), filter) : [];
      const range = rangeOf([...own, ...lateBetween(late, first, ceiling)], ceiling);
      ceiling = first;
      if (range && range.first < position) yield range;
    }
    if (blocks.length < blocksAtOnce) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  const older = rangeOf(lateBetween(late, "", ceiling), ceiling);
  if (older) yield older;
}

function inTime({ from, to }: UsageFilter, firstAt: number, lastAt: number): boolean {
  return (from === undefined || lastAt >= from) && (to === undefined || firstAt < to);
}

function lateBetween(late: readonly number[], first: string, below: string): number[] {
  const from = first === "" ? 0 : timeOfRequestId(asId<RequestId>(first));
  return late.filter((ms) => ms >= from && requestIdAt(ms) < below);
}

/** The ids of requests made at these moments and between them; undefined for none. */
function rangeOf(moments: readonly number[], ceiling: string): Range | undefined {
  if (moments.length === 0) return undefined;
  const least = moments.reduce((a, b) => Math.min(a, b));
  const end = requestIdAt(moments.reduce((a, b) => Math.max(a, b)) + 1);
  return { first: requestIdAt(least), below: end < ceiling ? end : ceiling };
}

/** When the late rows that match were made, the oldest first: packed ones, and those that are still listed. */
async function lateMatches(search: UsageSearch): Promise<number[]> {
  const { query, workspaceId, filter } = search;
  const packed = await query
    .selectFrom("usage_blocks")
    .select(["head", "data"])
    .where("workspace_id", "=", workspaceId)
    .where("late", "=", 1)
    .execute();
  const { packedTo } = await packedState(query, workspaceId);
  const listed = await readLateRows(query, workspaceId, packedTo, mostListed);
  const blocks = [...packed.map(unpackBlock), ...makeBlocks(listed.map(({ row }) => row))];
  return blocks.flatMap((block) => matchesIn(block, filter)).toSorted((left, right) => left - right);
}

/** When the rows of a block that match were made. */
function matchesIn(block: Block, filter: UsageFilter): number[] {
  const rows = new Int32Array(block.rows);
  const matching = rows.subarray(0, matchingRows(filter, block, rows));
  const requestAfter = block.column("requestAfter");
  return Array.from(matching, (at) => block.base + (requestAfter?.[at] ?? 0));
}

/** Above the id, and below every other id above it. */
function justAfter(requestId: string): string {
  return `${requestId} `;
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
