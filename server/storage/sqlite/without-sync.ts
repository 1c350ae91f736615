// The one way around `synchronous = FULL`: for what may be lost in a power cut, though never with the process alone.

import type { Database } from "bun:sqlite";

/** Runs a synchronous transaction whose commit is handed to the operating system and not awaited from the disk. */
export function withoutSync<Result>(sqlite: Database, transaction: () => Result): Result {
  sqlite.run("PRAGMA synchronous = NORMAL");
  try {
    return transaction();
  } finally {
    sqlite.run("PRAGMA synchronous = FULL");
  }
}
