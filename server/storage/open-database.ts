// Opens the database that the configuration names: Postgres by its address, else SQLite in the data directory.

import { join } from "node:path";
import type { OpenDatabase } from "./database.ts";
import { openPostgres } from "./postgres/open-postgres.ts";
import { openSqlite } from "./sqlite/open-sqlite.ts";

export type DatabaseLocation = {
  /** `postgres://...`; undefined: SQLite. */
  readonly databaseUrl: string | undefined;
  /** Holds the SQLite file. */
  readonly dataDir: string;
};

type ReportFault = (where: string, error: unknown) => void;

/** @throws Error for the operator when the database cannot be used */
export function openDatabase(location: DatabaseLocation, reportFault: ReportFault): Promise<OpenDatabase> {
  const { databaseUrl: url, dataDir } = location;
  return url === undefined ? openSqlite(join(dataDir, "astrolabe.sqlite")) : openPostgres({ url, reportFault });
}
