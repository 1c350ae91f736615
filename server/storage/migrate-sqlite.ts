// Applies the numbered SQL files of migrations/sqlite, each once, in order, each in one transaction.

import type { Database } from "bun:sqlite";
import initial from "./migrations/sqlite/0001-initial.sql" with { type: "text" };

const migrations: readonly { readonly name: string; readonly sql: string }[] = [{ name: "0001-initial", sql: initial }];

export async function applySqliteMigrations(sqlite: Database): Promise<void> {
  sqlite.run("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT");
  const applied = new Set(
    sqlite
      .query<{ name: string }, []>("SELECT name FROM migrations")
      .all()
      .map((row) => row.name),
  );
  for (const migration of migrations) {
    if (applied.has(migration.name)) continue;
    sqlite.transaction(() => {
      sqlite.run(migration.sql);
      sqlite.run("INSERT INTO migrations (name, applied_at) VALUES (?, unixepoch() * 1000)", [migration.name]);
    })();
  }
}
