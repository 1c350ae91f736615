// Sums usage rows behind the request path: a bounded number at a time, in the order of their request ids and well behind
// the clock, each once. Rows that were written late are listed by who wrote them, and added from that list.

import { sql, type Kysely, type RawBuilder, type Transaction } from "kysely";
import type { OpenDatabase, Tables } from "../database.ts";
import {
  addedColumns,
  mostColumns,
  periodOf,
  rowAsSums,
  spans,
  summedNames,
  tookColumns,
  type Span,
} from "./columns.ts";
import { requestIdAt, summedAfterMs, type SumsFrontier } from "./frontier.ts";

/** Rows of one transaction: on SQLite nothing else runs meanwhile. */
const rowsAtOnce = 500;
/** Workspaces looked at in one query. */
const workspacesAtOnce = 500;
/** Longest for one turn; the next one goes on where it ended. */
const turnMs = 1_000;

type Summed = Pick<OpenDatabase, "query" | "engine" | "frontier">;

export class UsageSummer {
  readonly #query: Kysely<Tables>;
  readonly #engine: OpenDatabase["engine"];
  readonly #frontier: SumsFrontier;
  #after = "";
  #running = false;

  constructor({ query, engine, frontier }: Summed) {
    this.#query = query;
    this.#engine = engine;
    this.#frontier = frontier;
  }

  /** Sums what is due, for about a second at most; of several calls at once all but the first return at once. */
  async turn(nowMs: number): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      const upTo = requestIdAt(nowMs - (await this.#behindMs()));
      this.#frontier.pass(await this.#furthest());
      this.#frontier.pass(upTo);
      const until = performance.now() + turnMs;
      while (performance.now() < until && (await this.#page(upTo, until)));
    } finally {
      this.#running = false;
    }
  }

  /** Sums one page of workspaces; false at the end of the list. */
  async #page(upTo: string, until: number): Promise<boolean> {
    const page = await this.#query
      .selectFrom("workspaces")
      .select("id")
      .where("id", ">", this.#after)
      .orderBy("id")
      .limit(workspacesAtOnce)
      .execute();
    const last = page.at(-1);
    if (!last) {
      this.#after = "";
      return false;
    }
    for (const workspaceId of await workspacesDue(this.#query, this.#after, last.id, upTo)) {
      while (await this.#step(workspaceId, upTo)) if (performance.now() >= until) return false;
    }
    this.#after = page.length < workspacesAtOnce ? "" : last.id;
    return this.#after !== "";
  }

  /** Sums some rows of a workspace; true when there are more. */
  async #step(workspaceId: string, upTo: string): Promise<boolean> {
    // Requests go between two steps.
    await new Promise((resolve) => setImmediate(resolve));
    const transaction = this.#query.transaction();
    const begun = this.#engine === "postgres" ? transaction.setIsolationLevel("repeatable read") : transaction;
    try {
      return await begun.execute((open) => sumSome(open, workspaceId, upTo));
    } catch (error) {
      // Another process has summed the same rows: they are summed.
      if (isConflict(error)) return false;
      throw error;
    }
  }

  async #furthest(): Promise<string> {
    const row = await this.#query
      .selectFrom("usage_summed")
      .select((select) => select.fn.max("summed_to").as("furthest"))
      .executeTakeFirst();
    return row?.furthest ?? "";
  }

  /** How far to stay behind: further when some process has been writing for long, for its rows may still come. */
  async #behindMs(): Promise<number> {
    if (this.#engine === "sqlite") return summedAfterMs;
    const { rows } = await sql<{ ms: number | string | null }>`
      SELECT max(extract(epoch FROM clock_timestamp() - xact_start)) * 1000 AS ms FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND (backend_xid IS NOT NULL OR state = 'idle in transaction')`.execute(this.#query);
    return summedAfterMs + Math.ceil(Number(rows[0]?.ms ?? 0));
  }
}

/** Postgres' word for: what this transaction saw has been changed by another. */
function isConflict(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "40001";
}

async function workspacesDue(query: Kysely<Tables>, after: string, last: string, upTo: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT workspaces.id AS id FROM workspaces
    LEFT JOIN usage_summed ON usage_summed.workspace_id = workspaces.id
    WHERE workspaces.id > ${after} AND workspaces.id <= ${last} AND (
      EXISTS (SELECT 1 FROM usage_rows WHERE usage_rows.workspace_id = workspaces.id
        AND usage_rows.request_id > coalesce(usage_summed.summed_to, '') AND usage_rows.request_id <= ${upTo})
      OR EXISTS (SELECT 1 FROM late_usage WHERE late_usage.workspace_id = workspaces.id
        AND late_usage.request_id <= ${upTo}))
    ORDER BY workspaces.id`.execute(query);
  return rows.map(({ id }) => id);
}

/** True when more rows are due. */
async function sumSome(open: Transaction<Tables>, workspaceId: string, upTo: string): Promise<boolean> {
  const from = await lockSums(open, workspaceId);
  const { rows: late } = await sql<{ request_id: string }>`SELECT request_id FROM late_usage
    WHERE workspace_id = ${workspaceId} AND request_id <= ${from} LIMIT ${rowsAtOnce}`.execute(open);
  const lateIds = late.map(({ request_id }) => request_id);
  if (lateIds.length > 0) {
    await addSums(open, workspaceId, sql`request_id IN (${sql.join(lateIds)})`);
    await open
      .deleteFrom("late_usage")
      .where("workspace_id", "=", workspaceId)
      .where("request_id", "in", lateIds)
      .execute();
  }
  if (upTo <= from) return lateIds.length === rowsAtOnce;
  const to = await endOfStep(open, workspaceId, from, upTo);
  await addSums(open, workspaceId, sql`request_id > ${from} AND request_id <= ${to}`);
  // These were summed with their range. Late ones before it go by their list, which may be longer than one step.
  await open
    .deleteFrom("late_usage")
    .where("workspace_id", "=", workspaceId)
    .where("request_id", ">", from)
    .where("request_id", "<=", to)
    .execute();
  await open.updateTable("usage_summed").set({ summed_to: to }).where("workspace_id", "=", workspaceId).execute();
  return to !== upTo || lateIds.length === rowsAtOnce;
}

/** Keeps others from summing this workspace until the transaction ends; gives how far it is summed. */
async function lockSums(open: Transaction<Tables>, workspaceId: string): Promise<string> {
  const { summed_to } = await open
    .insertInto("usage_summed")
    .values({ workspace_id: workspaceId, summed_to: "", version: 1 })
    .onConflict((conflict) => conflict.column("workspace_id").doUpdateSet({ version: sql`usage_summed.version + 1` }))
    .returning("summed_to")
    .executeTakeFirstOrThrow();
  return summed_to;
}

async function endOfStep(open: Transaction<Tables>, workspaceId: string, from: string, upTo: string): Promise<string> {
  const row = await open
    .selectFrom("usage_rows")
    .select("request_id")
    .where("workspace_id", "=", workspaceId)
    .where("request_id", ">", from)
    .where("request_id", "<=", upTo)
    .orderBy("request_id")
    .limit(1)
    .offset(rowsAtOnce - 1)
    .executeTakeFirst();
  return row?.request_id ?? upTo;
}

async function addSums(open: Transaction<Tables>, workspaceId: string, rows: RawBuilder<unknown>): Promise<void> {
  for (const span of ["hour", "day"] as const) await addSpan(open, workspaceId, span, rows);
}

const counted = [...addedColumns, ...tookColumns];
const targets = [
  "workspace_id",
  "span",
  "period",
  ...summedNames,
  "first_request",
  "last_request",
  ...mostColumns,
  ...counted,
];
const targetList = sql.join(targets.map((name) => sql.ref(name)));
const names = sql.join(summedNames.map((name) => sql.ref(name)));
const totals = sql.join([
  sql`min(first_request)`,
  sql`max(last_request)`,
  ...mostColumns.map((column) => sql`max(${sql.ref(column)})`),
  ...counted.map((column) => sql`sum(${sql.ref(column)})`),
]);

/** The smaller or larger of what is there and what is added, in words that every engine has. */
function better(column: string, sign: "<" | ">"): RawBuilder<unknown> {
  const [before, added] = [sql.ref(`usage_sums.${column}`), sql.ref(`excluded.${column}`)];
  return sql`${sql.ref(column)} = CASE WHEN ${added} ${sql.raw(sign)} ${before} THEN ${added} ELSE ${before} END`;
}

const merged = sql.join([
  better("first_request", "<"),
  ...["last_request", ...mostColumns].map((column) => better(column, ">")),
  ...counted.map(
    (column) => sql`${sql.ref(column)} = ${sql.ref(`usage_sums.${column}`)} + ${sql.ref(`excluded.${column}`)}`,
  ),
]);

async function addSpan(
  open: Transaction<Tables>,
  workspaceId: string,
  span: Span,
  rows: RawBuilder<unknown>,
): Promise<void> {
  await sql`
    INSERT INTO usage_sums (${targetList})
    SELECT ${workspaceId}, ${sql.lit(spans[span])}, period, ${names}, ${totals}
    FROM (SELECT ${periodOf(span)} AS period, ${rowAsSums} FROM usage_rows
      WHERE workspace_id = ${workspaceId} AND ${rows}) AS one
    WHERE true GROUP BY period, ${names}
    ON CONFLICT (workspace_id, span, period, ${names}) DO UPDATE SET ${merged}`.execute(open);
}
