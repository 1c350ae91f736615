// Packs usage rows into blocks behind the request path: in the order of their request ids and well behind the clock, each
// row once. Rows that were written late are listed by who wrote them, and go into blocks of late rows.

import { sql, type Kysely, type Transaction } from "kysely";
import type { OpenDatabase, Tables } from "../database.ts";
import { lengthWithin, makeBlock, mostRows, rowsOf, type BlockRow } from "./block.ts";
import { isOneDay, writeBlockSums } from "./block-sums.ts";
import { readBlockRows, readLateRows, type FoundRow } from "./block-rows.ts";
import { packedAfterMs, requestIdAt, type BlockFrontier } from "./frontier.ts";
import { writeHourSums, type HourSums } from "./hour-sums.ts";
import { packBlock, unpackBlock } from "./packed-block.ts";

/** Fewer rows wait for more, but not longer than this: a block is written anew for each addition. */
const fewRows = 256;
export const longestWaitMs = 10 * 60_000;
const workspacesAtOnce = 500;
/** Longest for one turn; the next one goes on where it ended. */
const turnMs = 1_000;

type Packed = Pick<OpenDatabase, "query" | "engine" | "frontier">;
type Bounds = {
  /** Ids up to this one may be packed. */
  readonly upTo: string;
  /** Ids up to this one have waited long enough. */
  readonly waited: string;
};

export class UsagePacker {
  readonly #query: Kysely<Tables>;
  readonly #engine: OpenDatabase["engine"];
  readonly #frontier: BlockFrontier;
  #after = "";
  #running = false;

  constructor({ query, engine, frontier }: Packed) {
    this.#query = query;
    this.#engine = engine;
    this.#frontier = frontier;
  }

  /** Packs what is due, for about a second at most; while one turn runs, further ones do nothing. */
  async turn(nowMs: number): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      const behindMs = await this.#behindMs();
      const bounds = { upTo: requestIdAt(nowMs - behindMs), waited: requestIdAt(nowMs - behindMs - longestWaitMs) };
      this.#frontier.pass(await this.#furthest());
      this.#frontier.pass(bounds.upTo);
      const until = performance.now() + turnMs;
      while (performance.now() < until && (await this.#page(bounds, until)));
    } finally {
      this.#running = false;
    }
  }

  /** Packs for one page of workspaces; false at the end of the list, or of the time. */
  async #page(bounds: Bounds, until: number): Promise<boolean> {
    const page = await this.#query
      .selectFrom("workspaces")
      .select("id")
      .where("id", ">", this.#after)
      .orderBy("id")
      .limit(workspacesAtOnce)
      .execute();
    const last = page.at(-1);
    if (last) {
      for (const workspaceId of await workspacesDue(this.#query, this.#after, last.id, bounds)) {
        while (await this.#step(workspaceId, bounds)) if (performance.now() >= until) return false;
      }
    }
    this.#after = last && page.length === workspacesAtOnce ? last.id : "";
    return this.#after !== "";
  }

  /** Packs some rows of a workspace; true when there may be more. */
  async #step(workspaceId: string, bounds: Bounds): Promise<boolean> {
    // Requests go between two steps.
    await new Promise((resolve) => setImmediate(resolve));
    const transaction = this.#query.transaction();
    const begun = this.#engine === "postgres" ? transaction.setIsolationLevel("repeatable read") : transaction;
    try {
      return await begun.execute((open) => packSome(open, workspaceId, bounds));
    } catch (error) {
      // Another process has packed the same rows: they are packed.
      if (isConflict(error)) return false;
      throw error;
    }
  }

  async #furthest(): Promise<string> {
    const row = await this.#query
      .selectFrom("usage_packed")
      .select((select) => select.fn.max("packed_to").as("furthest"))
      .executeTakeFirst();
    return row?.furthest ?? "";
  }

  /** How far to stay behind: further when some process has been writing for long, for its rows may still come. */
  async #behindMs(): Promise<number> {
    if (this.#engine === "sqlite") return packedAfterMs;
    const { rows } = await sql<{ ms: number | string | null }>`
      SELECT max(extract(epoch FROM clock_timestamp() - xact_start)) * 1000 AS ms FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND (backend_xid IS NOT NULL OR state = 'idle in transaction')`.execute(this.#query);
    return packedAfterMs + Math.ceil(Number(rows[0]?.ms ?? 0));
  }
}

/** Postgres' word for: what this transaction saw has been changed by another. */
function isConflict(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "40001";
}

/** Workspaces with many rows to pack, or with some that have waited long enough. */
async function workspacesDue(query: Kysely<Tables>, after: string, last: string, bounds: Bounds): Promise<string[]> {
  const { upTo, waited } = bounds;
  const { rows } = await sql<{ id: string }>`
    SELECT workspaces.id AS id FROM workspaces
    LEFT JOIN usage_packed ON usage_packed.workspace_id = workspaces.id
    WHERE workspaces.id > ${after} AND workspaces.id <= ${last} AND (
      EXISTS (SELECT 1 FROM usage_rows WHERE usage_rows.workspace_id = workspaces.id
        AND usage_rows.request_id > coalesce(usage_packed.packed_to, '') AND usage_rows.request_id <= ${waited})
      OR EXISTS (SELECT 1 FROM late_usage WHERE late_usage.workspace_id = workspaces.id
        AND late_usage.request_id <= ${waited})
      OR (SELECT count(*) FROM (SELECT 1 FROM usage_rows WHERE usage_rows.workspace_id = workspaces.id
        AND usage_rows.request_id > coalesce(usage_packed.packed_to, '') AND usage_rows.request_id <= ${upTo}
        LIMIT ${sql.lit(fewRows)}) AS many) = ${sql.lit(fewRows)})
    ORDER BY workspaces.id`.execute(query);
  return rows.map(({ id }) => id);
}

/** True when more rows may be due. */
async function packSome(open: Transaction<Tables>, workspaceId: string, { upTo }: Bounds): Promise<boolean> {
  const from = await lockBlocks(open, workspaceId);
  const late = await readLateRows(open, workspaceId, from, mostRows);
  if (late.length > 0) {
    await addRows(open, workspaceId, 1, late);
    await forgetLate(
      open,
      workspaceId,
      late.map(({ requestId }) => requestId),
    );
  }
  if (upTo <= from) return late.length === mostRows;
  const found = await readBlockRows(open, workspaceId, { after: from, upTo, limit: mostRows });
  const full = found.length === mostRows;
  const to = full ? (found.at(-1)?.requestId ?? upTo) : upTo;
  if (found.length > 0) await addRows(open, workspaceId, 0, found);
  // Those of the range were packed with it.
  await open
    .deleteFrom("late_usage")
    .where("workspace_id", "=", workspaceId)
    .where("request_id", ">", from)
    .where("request_id", "<=", to)
    .execute();
  await open.updateTable("usage_packed").set({ packed_to: to }).where("workspace_id", "=", workspaceId).execute();
  return full || late.length === mostRows;
}

/** Keeps others from packing for this workspace until the transaction ends; gives how far it is packed. */
async function lockBlocks(open: Transaction<Tables>, workspaceId: string): Promise<string> {
  const { packed_to } = await open
    .insertInto("usage_packed")
    .values({ workspace_id: workspaceId, packed_to: "", version: 1 })
    .onConflict((conflict) => conflict.column("workspace_id").doUpdateSet({ version: sql`usage_packed.version + 1` }))
    .returning("packed_to")
    .executeTakeFirstOrThrow();
  return packed_to;
}

async function forgetLate(open: Transaction<Tables>, workspaceId: string, ids: readonly string[]): Promise<void> {
  await open.deleteFrom("late_usage").where("workspace_id", "=", workspaceId).where("request_id", "in", ids).execute();
}

type LastBlock = {
  readonly number: number;
  readonly first: string;
  readonly last: string;
  readonly rows: readonly BlockRow[];
};

/** Fills up the last block of the kind, and begins new ones for what it does not hold. */
async function addRows(open: Transaction<Tables>, workspaceId: string, late: 0 | 1, added: readonly FoundRow[]) {
  const last = await lastBlock(open, workspaceId, late);
  const room = last === undefined ? 0 : roomIn(last, added);
  if (last && room > 0) {
    const fitting = added.slice(0, room);
    const ids = [last.first, last.last, ...fitting.map(({ requestId }) => requestId)];
    const { values, hourSums } = blockOf(ids, [...last.rows, ...fitting.map(({ row }) => row)]);
    await open
      .updateTable("usage_blocks")
      .set(values)
      .where("workspace_id", "=", workspaceId)
      .where("late", "=", late)
      .where("number", "=", last.number)
      .execute();
    await addHourSums(open, { workspace_id: workspaceId, late, number: last.number }, hourSums);
  }
  let number = last?.number ?? 0;
  for (let rest = added.slice(room); rest.length > 0;) {
    const some = rest.slice(0, lengthWithin(rest.map(({ row }) => row)));
    rest = rest.slice(some.length);
    const ids = some.map(({ requestId }) => requestId);
    const { values, hourSums } = blockOf(
      ids,
      some.map(({ row }) => row),
    );
    const place = { workspace_id: workspaceId, late, number: ++number };
    await open
      .insertInto("usage_blocks")
      .values({ ...place, ...values })
      .execute();
    await addHourSums(open, place, hourSums);
  }
}

type BlockPlace = { readonly workspace_id: string; readonly late: 0 | 1; readonly number: number };

/** Once for each block: those of a full one alone are kept. */
async function addHourSums(open: Transaction<Tables>, place: BlockPlace, sums: readonly HourSums[]): Promise<void> {
  if (sums.length === 0) return;
  const values = sums.map(({ groupedBy, data }) => ({ ...place, grouped_by: groupedBy, data }));
  await open.insertInto("usage_hour_sums").values(values).execute();
}

async function lastBlock(open: Transaction<Tables>, workspaceId: string, late: 0 | 1): Promise<LastBlock | undefined> {
  const row = await open
    .selectFrom("usage_blocks")
    .select(["number", "first_request", "last_request", "head", "data"])
    .where("workspace_id", "=", workspaceId)
    .where("late", "=", late)
    .orderBy("number", "desc")
    .limit(1)
    .executeTakeFirst();
  if (!row) return undefined;
  const { first_request: first, last_request: last } = row;
  return { number: Number(row.number), first, last, rows: rowsOf(unpackBlock(row)) };
}

/** How many of the rows the block still takes. */
function roomIn({ rows }: LastBlock, added: readonly FoundRow[]): number {
  const all = [...rows, ...added.map(({ row }) => row)];
  return Math.max(0, lengthWithin(all) - rows.length);
}

function blockOf(ids: readonly string[], rows: readonly BlockRow[]) {
  const sorted = ids.toSorted();
  let [firstAt, lastAt] = [Number.POSITIVE_INFINITY, 0];
  for (const { createdAt } of rows) [firstAt, lastAt] = [Math.min(firstAt, createdAt), Math.max(lastAt, createdAt)];
  const block = makeBlock(rows);
  const values = {
    first_request: sorted[0] ?? "",
    last_request: sorted.at(-1) ?? "",
    first_at: firstAt,
    last_at: lastAt,
    sums: isOneDay(firstAt, lastAt) ? writeBlockSums(block) : null,
    ...packBlock(block),
  };
  return { values, hourSums: writeHourSums(block, firstAt, lastAt) };
}
