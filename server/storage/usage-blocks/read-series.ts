// Usage over time: every block of the range added up, and beside them the rows that are not packed yet. Other requests go
// between the blocks; when blocks changed meanwhile it is read again.

import type { Kysely } from "kysely";
import type { WorkspaceId } from "../../contracts/ids.ts";
import type { Ranking, Series, SeriesQuery, UsageSums } from "../../workspaces/usage-records.ts";
import { addSums, noSums, rankOf } from "../../workspaces/usage-sums.ts";
import type { Tables } from "../database.ts";
import { Adder, restName, type Cells } from "./add-up.ts";
import { makeBlocks, unpackBlock, type Block } from "./block.ts";
import { readBlockRows, readLateRows } from "./block-rows.ts";
import { readBlockSums } from "./block-sums.ts";
import { intervalsOf } from "./intervals.ts";

const blocksAtOnce = 16;
const rowsAtOnce = 2_048;
/** More groups than this are counted first and then only the largest kept apart, so that memory stays bounded. */
const mostGroups = 200;
const mostLateRows = 100_000;
/** Blocks change every few seconds; a reading takes a fraction of one. */
const mostTries = 5;

/** @throws Error when blocks change all the time */
export async function readSeries(
  query: Kysely<Tables>,
  workspaceId: WorkspaceId,
  series: SeriesQuery,
): Promise<Series> {
  for (let tries = 1; ; tries++) {
    const before = await packedState(query, workspaceId);
    const reading = { query, workspaceId, series, packedTo: before.packedTo };
    const cells = await addUp(reading);
    if ((await packedState(query, workspaceId)).version === before.version) return seriesOf(series, cells);
    if (tries === mostTries) throw new Error("the blocks of usage kept changing while they were read");
  }
}

export async function packedState(query: Kysely<Tables>, workspaceId: WorkspaceId) {
  const row = await query
    .selectFrom("usage_packed")
    .select(["packed_to", "version"])
    .where("workspace_id", "=", workspaceId)
    .executeTakeFirst();
  return { packedTo: row?.packed_to ?? "", version: Number(row?.version ?? 0) };
}

type Reading = {
  readonly query: Kysely<Tables>;
  readonly workspaceId: WorkspaceId;
  readonly series: SeriesQuery;
  readonly packedTo: string;
};

async function addUp(reading: Reading): Promise<Cells> {
  const { series } = reading;
  const intervals = intervalsOf(series);
  const adder = new Adder(series, intervals);
  for await (const part of partsOf(reading)) {
    addPart(adder, part);
    if (adder.size > mostGroups) break;
  }
  if (adder.size <= mostGroups) {
    adder.fold(series.rankBy, series.top);
    return adder.finish();
  }
  const whole = { starts: [series.filter.from], placeOf: () => 0 };
  const totals = new Adder(series, whole);
  for await (const part of partsOf(reading)) addPart(totals, part);
  const largest = ranked(totals.finish(), series.rankBy).slice(0, series.top);
  const again = new Adder(series, intervals, new Set(largest.map(({ name }) => name)));
  for await (const part of partsOf(reading)) addPart(again, part);
  return again.finish();
}

/** A block whose rows are to be gone through, or what they came to. */
type Part = Block | { readonly at: number; readonly cells: ReadonlyMap<string, Float64Array> };

function addPart(adder: Adder, part: Part): void {
  if ("cells" in part) adder.addCells(part.cells, part.at);
  else adder.add(part);
}

/** Longest that a reading keeps other requests waiting, in milliseconds; one block takes a few. */
const longestTurnMs = 8;

async function* partsOf(reading: Reading): AsyncGenerator<Part> {
  let turnEndsAt = performance.now() + longestTurnMs;
  for await (const part of allPartsOf(reading)) {
    yield part;
    if (performance.now() < turnEndsAt) continue;
    await new Promise((resolve) => setImmediate(resolve));
    turnEndsAt = performance.now() + longestTurnMs;
  }
}

async function* allPartsOf(reading: Reading): AsyncGenerator<Part> {
  const { query, workspaceId, series, packedTo } = reading;
  const { from, to } = series.filter;
  for (const late of [0, 1]) {
    for (let after = 0; ;) {
      const packed = await query
        .selectFrom("usage_blocks")
        .select(["number", "first_at", "last_at", ...(summable(series) ? (["sums"] as const) : [])])
        .where("workspace_id", "=", workspaceId)
        .where("late", "=", late)
        .where("number", ">", after)
        .where("last_at", ">=", from)
        .where("first_at", "<", to)
        .orderBy("number")
        .limit(blocksAtOnce)
        .execute();
      for (const { number, first_at: firstAt, last_at: lastAt, sums } of packed) {
        after = Number(number);
        const whole = Number(firstAt) >= from && Number(lastAt) < to;
        const cells = whole && sums ? readBlockSums(sums, series.groupBy) : undefined;
        yield cells ? { at: Number(firstAt), cells } : await readBlock(query, { workspaceId, late, number: after });
      }
      if (packed.length < blocksAtOnce) break;
    }
  }
  if (packedTo !== "") {
    const late = await readLateRows(query, workspaceId, packedTo, mostLateRows);
    yield* makeBlocks(late.map(({ row }) => row));
  }
  for (let after = packedTo; ;) {
    const found = await readBlockRows(query, workspaceId, { after, limit: rowsAtOnce });
    yield* makeBlocks(found.map(({ row }) => row));
    const last = found.at(-1);
    if (!last || found.length < rowsAtOnce) return;
    after = last.requestId;
  }
}

/** Whether sums of whole blocks will do: days are never cut, and no name is asked for. */
function summable({ interval, filter: { from: _from, to: _to, ...names } }: SeriesQuery): boolean {
  return interval !== "hour" && Object.values(names).every((name) => name === undefined);
}

export async function readBlock(
  query: Kysely<Tables>,
  { workspaceId, late, number }: { readonly workspaceId: string; readonly late: number; readonly number: number },
): Promise<Block> {
  const packed = await query
    .selectFrom("usage_blocks")
    .select(["head", "data"])
    .where("workspace_id", "=", workspaceId)
    .where("late", "=", late)
    .where("number", "=", number)
    .executeTakeFirstOrThrow();
  return unpackBlock(packed);
}

type Ranked = { readonly name: string; readonly sums: UsageSums; readonly intervals: ReadonlyMap<number, UsageSums> };

/** Groups that have anything, the largest first. */
function ranked({ groups }: Cells, rankBy: Ranking): Ranked[] {
  const all = [...groups].flatMap(([name, intervals]) => {
    const sums = [...intervals.values()].reduce(addSums, noSums);
    return sums.requests === 0 ? [] : [{ name, sums, intervals }];
  });
  return all.toSorted((left, right) => {
    const [a, b] = [rankOf(left.sums, rankBy), rankOf(right.sums, rankBy)];
    return a === b ? (left.name < right.name ? -1 : 1) : a < b ? 1 : -1;
  });
}

function seriesOf(series: SeriesQuery, cells: Cells): Series {
  const { starts } = intervalsOf(series);
  const all = ranked(cells, series.rankBy);
  const named = all.filter(({ name }) => name !== restName).slice(0, series.top);
  const rest = all.filter((one) => !named.includes(one));
  const groups = named.map(({ name, sums, intervals }) => {
    return { kind: "named" as const, name: name === "" ? undefined : name, sums, intervals };
  });
  const merged = rest.length === 0 ? [] : [{ kind: "rest" as const, name: undefined, ...mergedOf(rest) }];
  const shown = [...groups, ...merged];
  const points = shown.flatMap(({ intervals }, group) =>
    [...intervals].map(([place, sums]) => ({ startsAt: starts[place] ?? 0, group, sums })),
  );
  return {
    groups: shown.map(({ kind, name, sums }) => ({ kind, name, sums })),
    points: points.toSorted((left, right) => left.startsAt - right.startsAt || left.group - right.group),
    total: all.reduce((sum, { sums }) => addSums(sum, sums), noSums),
  };
}

function mergedOf(rest: readonly Ranked[]): Pick<Ranked, "sums" | "intervals"> {
  const intervals = new Map<number, UsageSums>();
  for (const [place, sums] of rest.flatMap((one) => [...one.intervals])) {
    intervals.set(place, addSums(intervals.get(place) ?? noSums, sums));
  }
  return { intervals, sums: rest.reduce((sum, { sums }) => addSums(sum, sums), noSums) };
}
