// Opens Postgres for reading alone, as an operator's command does beside running servers.

import { Kysely, PostgresDialect } from "kysely";
import { Client, Pool } from "pg";
import type { Tables } from "../database.ts";
import { connectionOptions, unusable } from "./connection-options.ts";

/** Reading a whole ledger takes its time. */
const statementMs = 10 * 60_000;

/** @throws Error that names `DATABASE_URL`, without its password, when the database cannot be reached */
export async function openPostgresForReading(url: string): Promise<Kysely<Tables>> {
  const options = { ...connectionOptions(url), statement_timeout: statementMs, query_timeout: statementMs };
  try {
    const client = new Client(options);
    await client.connect();
    await client.end();
  } catch (cause) {
    throw unusable(url, cause);
  }
  const pool = new Pool({ ...options, idle_in_transaction_session_timeout: statementMs, max: 1 });
  pool.on("error", () => undefined);
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
    client.query("SET default_transaction_read_only = on").catch(() => undefined);
  });
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
