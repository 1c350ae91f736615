// Runs a file's tests once for each database that a server can have.

import { describe } from "bun:test";
import { newPostgresDatabase } from "./postgres.ts";

export type Engine = {
  readonly name: string;
  /** Variables of a server on a database of its own; call it once per server, or share them between several. */
  readonly environment: () => Promise<Record<string, string>>;
};

const engines: readonly Engine[] = [
  { name: "SQLite", environment: async () => ({}) },
  { name: "Postgres", environment: async () => ({ DATABASE_URL: await newPostgresDatabase() }) },
];

/** What `tests` declares, with `beforeAll` and the like, is declared for each engine. */
export function forEachEngine(tests: (engine: Engine) => void): void {
  for (const engine of engines) describe(`on ${engine.name}`, () => tests(engine));
}
