// The database of a hold run, opened as the server opens it.

import type { OpenDatabase } from "../../server/storage/database.ts";
import { openPostgres } from "../../server/storage/postgres/open-postgres.ts";
import { openSqlite } from "../../server/storage/sqlite/open-sqlite.ts";
import type { HoldLedger } from "./job.ts";

export function openHoldDatabase(ledger: HoldLedger): Promise<OpenDatabase> {
  const reportFault = (where: string, error: unknown) => void process.stderr.write(`${where}: ${String(error)}\n`);
  return ledger.kind === "sqlite" ? openSqlite(ledger.file) : openPostgres({ url: ledger.url, reportFault });
}
