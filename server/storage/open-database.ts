// Opens the database that the configuration names.

import { join } from "node:path";
import type { OpenDatabase } from "./database.ts";
import { openSqlite } from "./sqlite/open-sqlite.ts";

export type DatabaseLocation = {
  /** Holds the SQLite file. */
  readonly dataDir: string;
};

/** @throws Error for the operator when the database cannot be used */
export function openDatabase({ dataDir }: DatabaseLocation): Promise<OpenDatabase> {
  return openSqlite(join(dataDir, "astrolabe.sqlite"));
}
