// Opens the database that the configuration names: Postgres by its address, else SQLite in the data directory.

import { join } from "node:path";
import type { OpenDatabase } from "./database.ts";

export type DatabaseLocation = {
  /** `postgres://...`; undefined: SQLite. */
  readonly databaseUrl: string | undefined;
  /** Holds the SQLite file. */
  readonly dataDir: string;
};

type ReportFault = (where: string, error: unknown) => void;

/** @throws Error for the operator when the database cannot be used */
export async function openDatabase(location: DatabaseLocation, reportFault: ReportFault): Promise<OpenDatabase> {
  const { databaseUrl: url, dataDir } = location;
  // Loaded when it is used: the other engine's driver would only take memory.
  if (url !== undefined) {
    const { openPostgres } = await import("./postgres/open-postgres.ts");
    return openPostgres({ url, reportFault });
  }
  const { openSqlite } = await import("./sqlite/open-sqlite.ts");
  return openSqlite(join(dataDir, "astrolabe.sqlite"));
}
