// Opens Postgres: schema, connections for queries and for the ledger, the change feed and the shared rate limits.

import { Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";
import { asId, type RequestId, type WorkspaceId } from "../../contracts/ids.ts";
import type { LedgerStore } from "../../ledger/group-commit.ts";
import type { OpenDatabase, Tables } from "../database.ts";
import { accountFromRow } from "../ledger-rows.ts";
import { pruneExpired } from "../prune-expired.ts";
import { pruneExpiredHolds } from "../prune-holds.ts";
import { BlockFrontier } from "../usage-blocks/frontier.ts";
import { openChangeFeed } from "./change-feed.ts";
import { connectionOptions, unusable } from "./connection-options.ts";
import { migratePostgres } from "./migrate-postgres.ts";
import { postgresLedgerStore } from "./postgres-ledger-store.ts";
import { reachablePool } from "./reachable-pool.ts";
import { sharedRateLimiter } from "./shared-rate-limiter.ts";

/** Connections of one process: these, the ledger's, and one that listens for changes. */
const queryConnections = 8;
const ledgerLanes = 8;

/** After which a connection that nobody uses is closed. */
const idleMs = 5 * 60_000;

const prunedAtOnce = 2_000;
/** A window is over after one minute; the rest is for clocks that differ. */
const windowsKeptMs = 10 * 60_000;

export type PostgresOptions = {
  /** `postgres://...` */
  readonly url: string;
  /** Hears of what goes wrong between requests. */
  readonly reportFault: (where: string, error: unknown) => void;
};

/** @throws Error that names `DATABASE_URL`, without its password, when the database cannot be used. */
export async function openPostgres({ url, reportFault }: PostgresOptions): Promise<OpenDatabase> {
  await migratePostgres(url).catch((cause: unknown) => Promise.reject(unusable(url, cause)));
  const queries = makePool(url, { max: queryConnections });
  const ledger = makePool(url, { max: ledgerLanes, pipeline: true });
  const query = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: reachablePool(queries) }) });
  const frontier = new BlockFrontier();
  const changes = openChangeFeed({ url, notify: (payload) => tell(queries, payload), reportFault });
  return {
    query,
    engine: "postgres",
    frontier,
    ledgerStore: { ...postgresLedgerStore(ledger, frontier), ...ledgerReads(query) },
    // The database can outlive this process, and others read it: every hold is written before it is granted.
    writeHolds: async () => undefined,
    ledgerLanes,
    limits: sharedRateLimiter(query),
    changes,
    prune: (nowMs) => prune(query, Math.floor(nowMs)),
    async close() {
      await changes.close();
      await ledger.end();
      await query.destroy();
    },
  };
}

function makePool(url: string, more: { readonly max: number; readonly pipeline?: boolean }): Pool {
  const pool = new Pool({ ...connectionOptions(url), idleTimeoutMillis: idleMs, ...more });
  // A lost connection is heard of by whoever uses it, and leaves the pool by itself.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

async function tell(queries: Pool, payload: string): Promise<void> {
  await queries.query("SELECT pg_notify($1, $2)", ["astrolabe_changes", payload]);
}

function ledgerReads(query: Kysely<Tables>): Pick<LedgerStore, "account" | "expiredHolds"> {
  return {
    async account(workspaceId) {
      const row = await query
        .selectFrom("accounts")
        .selectAll()
        .where("workspace_id", "=", workspaceId)
        .executeTakeFirst();
      return row && accountFromRow(workspaceId, row);
    },
    async expiredHolds(nowMs, limit) {
      const rows = await query
        .selectFrom("holds")
        .select(["request_id", "workspace_id"])
        .where("state", "=", "open")
        .where("expires_at", "<=", Math.floor(nowMs))
        .orderBy("expires_at")
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        requestId: asId<RequestId>(row.request_id),
        workspaceId: asId<WorkspaceId>(row.workspace_id),
      }));
    },
  };
}

/** @param nowMs whole: columns of times take no fractions. */
async function prune(query: Kysely<Tables>, nowMs: number): Promise<void> {
  await query
    .deleteFrom("route_traces")
    .where((where) =>
      where(
        where.refTuple("workspace_id", "request_id"),
        "in",
        where
          .selectFrom("route_traces as old")
          .select(["old.workspace_id", "old.request_id"])
          .where("old.expires_at", "<=", Math.floor(nowMs))
          .orderBy("old.expires_at")
          .limit(prunedAtOnce)
          .$asTuple("workspace_id", "request_id"),
      ),
    )
    .execute();
  await pruneExpired(query, "stored_texts", nowMs);
  await pruneExpired(query, "stored_responses", nowMs);
  await pruneExpiredHolds(query, nowMs);
  await query
    .deleteFrom("rate_windows")
    .where("started_at", "<", nowMs - windowsKeptMs)
    .execute();
}
