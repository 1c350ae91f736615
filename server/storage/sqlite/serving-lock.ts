// One server to a SQLite file: what a second would not hear of (a revoked key, a changed limit) it would get wrong. The
// lock is the operating system's, on a file beside the database, so that it ends with the process however that ends.

import { Database } from "bun:sqlite";
import { join } from "node:path";

const lockName = "serving.lock";

/**
 * Holds the lock until the process ends, or `release` is called; keep what is returned until then.
 * @throws Error for the operator when another process has it, or the file cannot be made.
 */
export function holdServingLock(dataDir: string): { readonly release: () => void } {
  const path = join(dataDir, lockName);
  try {
    const lock = new Database(path, { create: true });
    // Nothing is ever written: an exclusive transaction on an empty database is a lock on its file.
    lock.run("PRAGMA journal_mode = MEMORY");
    lock.run("PRAGMA busy_timeout = 0");
    lock.run("BEGIN EXCLUSIVE");
    return { release: () => lock.close() };
  } catch (cause) {
    const isTaken = cause instanceof Error && "code" in cause && cause.code === "SQLITE_BUSY";
    const problem = isTaken
      ? `the directory ${dataDir} is in use by another server. Stop that one first, or give this one a directory of its own; several servers share a Postgres database (DATABASE_URL)`
      : `${path} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new Error(`ASTROLABE_DATA_DIR: ${problem}.`, { cause });
  }
}
