// A database of its own on the tests' Postgres, as the crash suite sees it.

import { rmSync } from "node:fs";
import { Client } from "pg";
import { newPostgresDatabase } from "../support/postgres.ts";
import { temporaryFolder, type ArenaDatabase, type Row } from "./databases.ts";

/** Read over one connection, one reading after the other. */
export async function postgresDatabase(): Promise<ArenaDatabase> {
  const address = await newPostgresDatabase();
  const directory = temporaryFolder();
  const client = new Client({ connectionString: address });
  await client.connect();
  return {
    directory,
    isShared: true,
    environment: { DATABASE_URL: address },
    async read(queries) {
      await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      try {
        const tables: Row[][] = [];
        for (const query of queries) tables.push((await client.query<Row>(query)).rows);
        return tables;
      } finally {
        await client.query("COMMIT");
      }
    },
    async remove() {
      await client.end();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
