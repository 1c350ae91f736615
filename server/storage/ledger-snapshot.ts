// Opens the database of a server, running or not, for one consistent reading of its ledger. Nothing can be written.

import { Database } from "bun:sqlite";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Kysely } from "kysely";
import { BunSqliteDialect } from "kysely-bun-sqlite";
import type { CallRecords, LedgerRecords } from "../audit/ledger-records.ts";
import { callRecords } from "./call-records.ts";
import type { Tables } from "./database.ts";
import { ledgerRecords } from "./ledger-records.ts";
import { openPostgresForReading } from "./postgres/read-postgres.ts";

export type LedgerLocation = {
  /** Holds the SQLite file. */
  readonly dataDir: string;
  /** `postgres://...`, instead of the file. */
  readonly databaseUrl: string | undefined;
};

export type LedgerSnapshot = LedgerRecords & CallRecords;

/**
 * What `read` makes of one moment of the ledger.
 * @throws Error for the operator when there is no database, or one of an older version
 */
export async function readLedgerSnapshot<Result>(
  location: LedgerLocation,
  read: (snapshot: LedgerSnapshot) => Promise<Result>,
): Promise<Result> {
  const query = await openForReading(location);
  try {
    return await query
      .transaction()
      .setIsolationLevel("repeatable read")
      .setAccessMode("read only")
      .execute(async (snapshot) => {
        await requireCurrentSchema(snapshot);
        return read({ ...ledgerRecords(snapshot), ...callRecords(snapshot) });
      });
  } finally {
    await query.destroy();
  }
}

/** @throws Error for the operator when there is no database to read */
export async function openForReading({ dataDir, databaseUrl }: LedgerLocation): Promise<Kysely<Tables>> {
  if (databaseUrl !== undefined) return openPostgresForReading(databaseUrl);
  const path = join(dataDir, "astrolabe.sqlite");
  if (!existsSync(path)) {
    throw new Error(`There is no database in ${dataDir}: start the server once, or name its --data-dir.`);
  }
  const sqlite = new Database(path, { readonly: true, strict: true, safeIntegers: true });
  sqlite.run("PRAGMA busy_timeout = 5000");
  return new Kysely<Tables>({ dialect: new BunSqliteDialect({ database: sqlite }) });
}

/** @throws Error for the operator when its tables are of an older version */
export async function requireCurrentSchema(query: Kysely<Tables>): Promise<void> {
  try {
    await query.selectFrom("price_lists").select("version").limit(1).execute();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `The database cannot be read: ${reason}. If it is of an older version, start the server once, which brings it up to date.`,
      { cause },
    );
  }
}
