// Applies the numbered SQL files of migrations/postgres, each once, in order, each in one transaction. Processes that
// start together wait for each other: whoever claims a migration's name first applies it.

import { Client, DatabaseError } from "pg";
import initial from "../migrations/postgres/0001-initial.sql" with { type: "text" };
import identity from "../migrations/postgres/0003-identity.sql" with { type: "text" };
import members from "../migrations/postgres/0004-members.sql" with { type: "text" };
import billing from "../migrations/postgres/0005-billing.sql" with { type: "text" };
import activity from "../migrations/postgres/0006-activity.sql" with { type: "text" };
import keys from "../migrations/postgres/0007-keys.sql" with { type: "text" };
import stacks from "../migrations/postgres/0008-stacks.sql" with { type: "text" };
import registry from "../migrations/postgres/0009-registry.sql" with { type: "text" };
import deployments from "../migrations/postgres/0010-deployments.sql" with { type: "text" };
import accessTokens from "../migrations/postgres/0011-access-tokens.sql" with { type: "text" };
import hourSums from "../migrations/postgres/0012-hour-sums.sql" with { type: "text" };
import storedResponses from "../migrations/postgres/0013-stored-responses.sql" with { type: "text" };
import { connectionOptions } from "./connection-options.ts";

export const migrations: readonly { readonly name: string; readonly sql: string }[] = [
  { name: "0001-initial", sql: initial },
  { name: "0003-identity", sql: identity },
  { name: "0004-members", sql: members },
  { name: "0005-billing", sql: billing },
  { name: "0006-activity", sql: activity },
  { name: "0007-keys", sql: keys },
  { name: "0008-stacks", sql: stacks },
  { name: "0009-registry", sql: registry },
  { name: "0010-deployments", sql: deployments },
  { name: "0011-access-tokens", sql: accessTokens },
  { name: "0012-hour-sums", sql: hourSums },
  { name: "0013-stored-responses", sql: storedResponses },
];

/** Longest for one migration, and for waiting until another process has finished it. */
const migrationMs = 10 * 60_000;

/** What the slower one hears: a row of the system tables, the table, or the type of its rows is there already. */
const createdMeanwhile = new Set(["23505", "42P07", "42710"]);

/** @throws Error when the database cannot be reached or a migration fails; that migration has then changed nothing. */
export async function migratePostgres(url: string): Promise<void> {
  const patience = { statement_timeout: migrationMs, lock_timeout: migrationMs, query_timeout: migrationMs };
  const client = new Client({ ...connectionOptions(url), ...patience });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await makeList(client);
    for (const migration of migrations) await apply(client, migration);
  } finally {
    await client.end();
  }
}

/** `IF NOT EXISTS` looks before it makes: of two processes that look at once, the slower one hears that it exists. */
async function makeList(client: Client): Promise<void> {
  try {
    await client.query("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at BIGINT NOT NULL)");
  } catch (error) {
    if (!(error instanceof DatabaseError) || !createdMeanwhile.has(error.code ?? "")) throw error;
  }
}

async function apply(client: Client, { name, sql }: { readonly name: string; readonly sql: string }): Promise<void> {
  await client.query("BEGIN");
  try {
    // Waits while another process has the name in an open transaction, and gives nothing once that has committed.
    const claimed = await client.query(
      "INSERT INTO migrations (name, applied_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING RETURNING name",
      [name, Date.now()],
    );
    if (claimed.rows.length > 0) await client.query(sql);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  }
}
