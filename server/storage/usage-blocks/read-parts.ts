// Reads what a series is added up from: blocks, or what they came to, and the rows that are not packed yet. The database
// reads on while others are added up, and other requests go between.

import { sql, type Kysely } from "kysely";
import type { WorkspaceId } from "../../contracts/ids.ts";
import type { SeriesQuery } from "../../workspaces/usage-records.ts";
import type { Tables } from "../database.ts";
import type { Adder } from "./add-up.ts";
import { makeBlocks, type Block } from "./block.ts";
import { mayMatch } from "./block-filter.ts";
import { readBlockRows, readLateRows, type FoundRow } from "./block-rows.ts";
import { readBlockSums } from "./block-sums.ts";
import { addHourSums, groupedBy } from "./hour-sums.ts";
import { readHead, unpackBlock } from "./packed-block.ts";

/** Blocks that one query looks through, and of these the most that one query reads: some hundred KB. */
const headsAtOnce = 32;
const blocksAtOnce = 16;
const rowsAtOnce = 2_048;
/** Below the number of every block: a list of numbers is not to be empty. */
const noBlock = 0;
const mostLateRows = 100_000;
/** Longest that a reading keeps other requests waiting, in milliseconds; one block takes a fraction of one. */
const longestTurnMs = 8;

export type Reading = {
  readonly query: Kysely<Tables>;
  readonly workspaceId: WorkspaceId;
  readonly series: SeriesQuery;
  readonly packedTo: string;
};

/** Adds a block, or what its rows came to. */
export type Part = (adder: Adder) => void;

export async function packedState(query: Kysely<Tables>, workspaceId: WorkspaceId) {
  const row = await query
    .selectFrom("usage_packed")
    .select(["packed_to", "version"])
    .where("workspace_id", "=", workspaceId)
    .executeTakeFirst();
  return { packedTo: row?.packed_to ?? "", version: Number(row?.version ?? 0) };
}

export async function* partsOf(reading: Reading): AsyncGenerator<Part> {
  let turnEndsAt = performance.now() + longestTurnMs;
  for await (const parts of readAhead(allPartsOf(reading))) {
    for (const part of parts) {
      yield part;
      if (performance.now() < turnEndsAt) continue;
      await othersTurn();
      turnEndsAt = performance.now() + longestTurnMs;
    }
  }
}

/** Lets other requests go first. */
export async function othersTurn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Has the next item read while the one before is worked on. */
async function* readAhead<Item>(items: AsyncGenerator<Item>): AsyncGenerator<Item> {
  for (let coming = items.next(); ;) {
    const { value, done } = await coming;
    if (done === true) return;
    coming = items.next();
    // Nobody waits for it when the work ends early.
    coming.catch(() => undefined);
    yield value;
  }
}

async function* allPartsOf(reading: Reading): AsyncGenerator<readonly Part[]> {
  const { query, workspaceId, packedTo, series } = reading;
  if (hasFilter(series)) yield* filteredBlocks(reading);
  else yield* series.interval === "hour" ? hourSums(reading) : packedSums(reading);
  if (packedTo !== "") {
    const late = await readLateRows(query, workspaceId, packedTo, mostLateRows);
    yield partsOfRows(late);
  }
  for (let after = packedTo; ;) {
    const found = await readBlockRows(query, workspaceId, { after, limit: rowsAtOnce });
    yield partsOfRows(found);
    const last = found.at(-1);
    if (!last || found.length < rowsAtOnce) return;
    after = last.requestId;
  }
}

function partsOfRows(found: readonly FoundRow[]): Part[] {
  return makeBlocks(found.map(({ row }) => row)).map((block) => (adder) => adder.add(block));
}

/** Whether some name is asked for, so that the sums of whole blocks do not do. */
function hasFilter({ filter: { from: _from, to: _to, ...names } }: SeriesQuery): boolean {
  return Object.values(names).some((name) => name !== undefined);
}

async function* packedSums(reading: Reading): AsyncGenerator<readonly Part[]> {
  const { groupBy, filter } = reading.series;
  for await (const { late, found } of pagesOf(reading, "sums")) {
    const sums: Part[] = [];
    const others: Found[] = [];
    for (const one of found) {
      const whole = one.firstAt >= filter.from && one.lastAt < filter.to;
      const cells = whole && one.text !== null ? readBlockSums(one.text, groupBy) : undefined;
      if (cells) sums.push((adder) => adder.addCells(cells, one.firstAt));
      else others.push(one);
    }
    yield sums;
    yield* blocksOf(reading, late, others);
  }
}

async function* hourSums(reading: Reading): AsyncGenerator<readonly Part[]> {
  const { query, workspaceId, series } = reading;
  const { from, to } = series.filter;
  for await (const { late, found } of pagesOf(reading, undefined)) {
    const whole = found.filter(({ firstAt, lastAt }) => firstAt >= from && lastAt < to).map(({ number }) => number);
    const rows = await query
      .selectFrom("usage_hour_sums")
      .select(["number", "data"])
      .where("workspace_id", "=", workspaceId)
      .where("late", "=", late)
      .where("grouped_by", "=", groupedBy(series.groupBy))
      .where("number", "in", [noBlock, ...whole])
      .execute();
    yield rows.map(
      ({ data }) =>
        (adder) =>
          addHourSums(adder, data),
    );
    const summed = new Set(rows.map(({ number }) => Number(number)));
    const others = found.filter(({ number }) => !summed.has(number));
    yield* blocksOf(reading, late, others);
  }
}

async function* filteredBlocks(reading: Reading): AsyncGenerator<readonly Part[]> {
  const { filter } = reading.series;
  for await (const { late, found } of pagesOf(reading, "head")) {
    yield* blocksOf(
      reading,
      late,
      found.filter(({ text }) => mayMatch(filter, readHead(text ?? ""))),
    );
  }
}

type Found = {
  readonly number: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly text: string | null;
};

/** What is asked of all blocks that rows of the time may be in, some blocks at a time. */
async function* pagesOf(
  { query, workspaceId, series }: Reading,
  column: "head" | "sums" | undefined,
): AsyncGenerator<{ readonly late: number; readonly found: readonly Found[] }> {
  const { from, to } = series.filter;
  const text = column === undefined ? sql<null>`NULL` : sql.ref<string | null>(column);
  for (const late of [0, 1]) {
    for (let after = 0; ;) {
      const rows = await query
        .selectFrom("usage_blocks")
        .select(["number", "first_at", "last_at", text.as("text")])
        .where("workspace_id", "=", workspaceId)
        .where("late", "=", late)
        .where("number", ">", after)
        .where("last_at", ">=", from)
        .where("first_at", "<", to)
        .orderBy("number")
        .limit(headsAtOnce)
        .execute();
      const found = rows.map(({ number, first_at: firstAt, last_at: lastAt, text }) => {
        return { number: Number(number), firstAt: Number(firstAt), lastAt: Number(lastAt), text };
      });
      yield { late, found };
      const last = found.at(-1);
      if (!last || found.length < headsAtOnce) break;
      after = last.number;
    }
  }
}

async function* blocksOf(
  { query, workspaceId }: Reading,
  late: number,
  found: readonly Found[],
): AsyncGenerator<readonly Part[]> {
  for (let at = 0; at < found.length; at += blocksAtOnce) {
    const numbers = found.slice(at, at + blocksAtOnce).map(({ number }) => number);
    const blocks = await readBlocks(query, { workspaceId, late, numbers });
    yield blocks.map((block) => (adder) => adder.add(block()));
  }
}

type Wanted = { readonly workspaceId: string; readonly late: number; readonly numbers: readonly number[] };

/** Each is unpacked when it is asked for. */
async function readBlocks(
  query: Kysely<Tables>,
  { workspaceId, late, numbers }: Wanted,
): Promise<readonly (() => Block)[]> {
  const rows = await query
    .selectFrom("usage_blocks")
    .select(["head", "data"])
    .where("workspace_id", "=", workspaceId)
    .where("late", "=", late)
    .where("number", "in", numbers)
    .execute();
  return rows.map((row) => () => unpackBlock(row));
}

/** @throws Error when there is no such block */
export async function readBlock(
  query: Kysely<Tables>,
  { workspaceId, late, number }: Omit<Wanted, "numbers"> & { readonly number: number },
): Promise<Block> {
  const [block] = await readBlocks(query, { workspaceId, late, numbers: [number] });
  if (block === undefined) throw new Error(`There is no block ${number} of usage.`);
  return block();
}
