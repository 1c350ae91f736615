// The two engines as the crash suite sees them: what a server must be told to use one, and how to read it from outside.

import { Database } from "bun:sqlite";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type EngineName = "sqlite" | "postgres";

/** A row as its engine gives it; `read-row.ts` reads its columns. */
export type Row = Readonly<Record<string, unknown>>;

export type ArenaDatabase = {
  /** A directory of its own on disk, made and removed with the database. */
  readonly directory: string;
  /** Whether several servers may use it at once. */
  readonly isShared: boolean;
  readonly environment: Readonly<Record<string, string>>;
  /** Runs the queries in one read-only transaction, so that all see one state. @throws Error when it cannot be read now. */
  read(queries: readonly string[]): Promise<readonly (readonly Row[])[]>;
  remove(): Promise<void>;
};

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "astrolabe-crash-"));
}

/**
 * A SQLite file below a new directory. It is opened anew for every reading, so that a server that starts after a crash
 * is alone with the file and has to recover it.
 */
export function sqliteDatabase(): ArenaDatabase {
  const directory = temporaryFolder();
  const path = join(directory, "data", "astrolabe.sqlite");
  return {
    directory,
    isShared: false,
    environment: {},
    async read(queries) {
      const database = new Database(path, { readonly: true, safeIntegers: true });
      try {
        database.run("PRAGMA busy_timeout = 2000");
        return database.transaction(() => queries.map((query) => database.query<Row, []>(query).all()))();
      } finally {
        database.close();
      }
    },
    async remove() {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
