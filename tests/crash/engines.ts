// How a campaign is laid out on each engine.

import type { Campaign } from "./campaign.ts";
import { sqliteDatabase, type EngineName } from "./databases.ts";
import { postgresDatabase } from "./postgres-database.ts";

export type Layout = Omit<Campaign, "kills" | "seed">;

export const layouts = {
  /** SQLite has one server on a file, so several files are used side by side. */
  sqlite: {
    engine: "sqlite",
    arenas: 3,
    seats: 1,
    callers: 6,
    makeDatabase: () => Promise.resolve(sqliteDatabase()),
    idempotency: true,
  },
  /** Postgres has several servers on one database. */
  postgres: {
    engine: "postgres",
    arenas: 1,
    seats: 4,
    callers: 16,
    makeDatabase: postgresDatabase,
    idempotency: true,
  },
} satisfies Readonly<Partial<Record<EngineName, Layout>>>;
