// Opens the database that the configuration names: Postgres by its address, else SQLite in the data directory.

import { join } from "node:path";
import type { OpenDatabase } from "./database.ts";

export type DatabaseLocation = {
  /** `postgres://...`; undefined: SQLite. */
  readonly databaseUrl: string | undefined;
  /** Holds the SQLite file. */
  readonly dataDir: string;
};

/** A request that ends sooner never writes its hold. Well below what a person notices, and what a call to a model takes. */
const holdsUnwrittenMs = 20;

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
  const onFailure = (error: unknown): void => reportFault("holds", error);
  return openSqlite(join(dataDir, "astrolabe.sqlite"), { unwrittenMs: holdsUnwrittenMs, onFailure });
}
