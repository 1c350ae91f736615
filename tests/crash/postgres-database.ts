// A database of its own on the tests' Postgres, as the crash suite sees it.

import { rmSync } from "node:fs";
import { Pool } from "pg";
import { newPostgresDatabase } from "../support/postgres.ts";
import { temporaryFolder, type ArenaDatabase, type Row } from "./databases.ts";

export async function postgresDatabase(): Promise<ArenaDatabase> {
  const address = await newPostgresDatabase();
  const directory = temporaryFolder();
  const pool = new Pool({ connectionString: address, max: 2 });
  return {
    directory,
    isShared: true,
    environment: { DATABASE_URL: address },
    async read(queries) {
      const client = await pool.connect();
      await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      try {
        const tables: Row[][] = [];
        for (const query of queries) tables.push((await client.query<Row>(query)).rows);
        return tables;
      } finally {
        await client.query("COMMIT");
        client.release();
      }
    },
    async remove() {
      await pool.end();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
