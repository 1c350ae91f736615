import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newPostgresDatabase, onPostgres } from "../../../tests/support/postgres.ts";
import type { OpenDatabase } from "../database.ts";
import { openSqlite } from "../sqlite/open-sqlite.ts";
import { migratePostgres, migrations } from "./migrate-postgres.ts";
import { openPostgres } from "./open-postgres.ts";

const reportFault = (): void => undefined;

test("processes that start together on an empty database make its tables once", async () => {
  const url = await newPostgresDatabase();
  await Promise.all(Array.from({ length: 8 }, () => migratePostgres(url)));
  expect(await onPostgres("SELECT name FROM migrations ORDER BY name", url)).toEqual(
    migrations.map(({ name }) => ({ name })),
  );
});

/** `table.column`, with `?` where it may be NULL, of every table that both engines are to have. */
async function columnsOf(database: OpenDatabase): Promise<string[]> {
  const tables = await database.query.introspection.getTables();
  const shared = tables.filter(({ name }) => !["rate_windows", "migrations"].includes(name));
  const keys = /^id$|^(?:request_id|scope|name|version|key_hash|workspace_id)$/;
  return shared
    .flatMap(({ name, columns }) =>
      // SQLite's primary keys of one column are not marked as NOT NULL.
      columns.map((column) => `${name}.${column.name}${column.isNullable && !keys.test(column.name) ? "?" : ""}`),
    )
    .toSorted();
}

test("both engines have the same tables with the same columns", async () => {
  const folder = mkdtempSync(join(tmpdir(), "astrolabe-schema-"));
  const sqlite = await openSqlite(join(folder, "test.sqlite"));
  const postgres = await openPostgres({ url: await newPostgresDatabase(), reportFault });
  const columns = await columnsOf(sqlite);
  expect(columns.length).toBeGreaterThan(100);
  expect(await columnsOf(postgres)).toEqual(columns);
  await Promise.all([sqlite.close(), postgres.close()]);
  rmSync(folder, { recursive: true });
});

test("ids and slugs sort by their bytes, whatever the database's language", async () => {
  const postgres = await openPostgres({ url: await newPostgresDatabase(), reportFault });
  for (const name of ["a_b", "aB", "ab", "a-c", "Z"]) {
    await postgres.query.insertInto("settings").values({ name, value: "" }).execute();
  }
  const rows = await postgres.query.selectFrom("settings").select("name").orderBy("name").execute();
  expect(rows.map((row) => row.name)).toEqual(["Z", "a-c", "aB", "a_b", "ab"]);
  await postgres.close();
});

test("an address that cannot be used is named without its password", async () => {
  const url = new URL(await newPostgresDatabase());
  const failures: string[] = [];
  for (const change of [() => (url.pathname = "/missing"), () => (url.port = "1")]) {
    url.password = "hunter2";
    change();
    failures.push(await openPostgres({ url: url.toString(), reportFault }).then(String, String));
  }
  expect(failures[0]).toMatch(
    /DATABASE_URL: the database postgres:\/\/postgres@127\.0\.0\.1:\d+\/missing cannot be used: database "missing" does not exist\./,
  );
  expect(failures[1]).toMatch(/cannot be used: .*ECONNREFUSED/);
  expect(failures.join()).not.toContain("hunter2");
});
