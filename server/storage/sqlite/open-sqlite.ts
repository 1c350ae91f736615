// Opens the SQLite file: durable settings, migrations. Its pragmas live here and in without-sync.ts.

import { Database } from "bun:sqlite";
import { Kysely } from "kysely";
import { BunSqliteDialect } from "kysely-bun-sqlite";
import type { OpenDatabase, Tables } from "../database.ts";
import { fixedWindowLimiter } from "../../limits/rate-limiter.ts";
import { applySqliteMigrations } from "./migrate-sqlite.ts";
import { pruneExpired } from "../prune-expired.ts";
import { pruneExpiredHolds } from "../prune-holds.ts";
import { BlockFrontier } from "../usage-blocks/frontier.ts";
import { tracePruner } from "./prune-traces.ts";
import { SqliteLedgerStore, type SqliteLedgerOptions } from "./sqlite-ledger-store.ts";

const everyHoldWritten: SqliteLedgerOptions = { unwrittenMs: 0, onFailure: () => undefined };

/**
 * Opens or creates the database and brings its schema up to date.
 * @param path a file, or `:memory:` for tests.
 * @throws Error that names the file when it is not a database or a migration fails.
 */
export async function openSqlite(path: string, options: SqliteLedgerOptions = everyHoldWritten): Promise<OpenDatabase> {
  const sqlite = await openConnection(path);
  const query = new Kysely<Tables>({ dialect: new BunSqliteDialect({ database: sqlite }) });
  const frontier = new BlockFrontier();
  const pruneTraces = tracePruner(query);
  const ledgerStore = new SqliteLedgerStore(sqlite, frontier, options);
  return {
    query,
    engine: "sqlite",
    frontier,
    ledgerStore,
    writeHolds: () => ledgerStore.writeHolds(),
    // One process has the file, and one transaction at a time.
    ledgerLanes: 1,
    limits: fixedWindowLimiter(),
    changes: { tell: () => undefined, listen: () => undefined },
    prune: async (nowMs) => {
      await pruneTraces(nowMs);
      await pruneExpired(query, "stored_texts", nowMs);
      await pruneExpired(query, "stored_responses", nowMs);
      await pruneExpiredHolds(query, nowMs);
    },
    close: async () => {
      await ledgerStore.close();
      await query.destroy();
    },
  };
}

async function openConnection(path: string): Promise<Database> {
  try {
    const sqlite = new Database(path, { create: true, strict: true, safeIntegers: true });
    sqlite.run("PRAGMA busy_timeout = 5000");
    sqlite.run("PRAGMA journal_mode = WAL");
    // A commit returns when the disk has it: no debit is lost to a power cut. without-sync.ts is the one exception.
    sqlite.run("PRAGMA synchronous = FULL");
    sqlite.run("PRAGMA foreign_keys = ON");
    sqlite.run("PRAGMA wal_autocheckpoint = 1000");
    await applySqliteMigrations(sqlite);
    return sqlite;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The database ${path} cannot be used: ${reason}.`, { cause });
  }
}
