// Applies the numbered SQL files of migrations/sqlite, each once, in order, each in one transaction.

import type { Database } from "bun:sqlite";
import { chainEntries } from "../migrations/sqlite/0002-chain-entries.ts";
import initial from "../migrations/sqlite/0001-initial.sql" with { type: "text" };
import ledgerEvidence from "../migrations/sqlite/0002-ledger-evidence.sql" with { type: "text" };
import identity from "../migrations/sqlite/0003-identity.sql" with { type: "text" };
import members from "../migrations/sqlite/0004-members.sql" with { type: "text" };
import billing from "../migrations/sqlite/0005-billing.sql" with { type: "text" };
import activity from "../migrations/sqlite/0006-activity.sql" with { type: "text" };
import keys from "../migrations/sqlite/0007-keys.sql" with { type: "text" };
import stacks from "../migrations/sqlite/0008-stacks.sql" with { type: "text" };
import registry from "../migrations/sqlite/0009-registry.sql" with { type: "text" };
import deployments from "../migrations/sqlite/0010-deployments.sql" with { type: "text" };
import accessTokens from "../migrations/sqlite/0011-access-tokens.sql" with { type: "text" };
import hourSums from "../migrations/sqlite/0012-hour-sums.sql" with { type: "text" };
import storedResponses from "../migrations/sqlite/0013-stored-responses.sql" with { type: "text" };

type Migration = {
  readonly name: string;
  readonly sql: string;
  /** What SQL alone cannot do, in the same transaction. */
  readonly finish?: (sqlite: Database) => void;
};

const migrations: readonly Migration[] = [
  { name: "0001-initial", sql: initial },
  { name: "0002-ledger-evidence", sql: ledgerEvidence, finish: chainEntries },
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
      migration.finish?.(sqlite);
      sqlite.run("INSERT INTO migrations (name, applied_at) VALUES (?, unixepoch() * 1000)", [migration.name]);
    })();
  }
}
