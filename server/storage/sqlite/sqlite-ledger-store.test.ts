import { Database } from "bun:sqlite";
import { afterEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { newId } from "../../contracts/ids.ts";
import { money, Operations } from "../../ledger/ledger.test-kit.ts";
import type { Operation } from "../../ledger/operations.ts";
import { describeLedgerStore } from "../ledger-store.contract.ts";
import { openSqlite } from "./open-sqlite.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "astrolabe-ledger-"));
  folders.push(folder);
  return join(folder, "test.sqlite");
}

const inMemoryFor = (unwrittenMs: number) => ({
  unwrittenMs,
  onFailure: (error: unknown): void => {
    throw error;
  },
});

describeLedgerStore("SQLite", () => openSqlite(newFile()));
describeLedgerStore("SQLite with new holds in memory", () => openSqlite(newFile(), inMemoryFor(60_000)));
describeLedgerStore("SQLite with new holds in memory for a moment", () => openSqlite(newFile(), inMemoryFor(1)));

test("what was settled is still there after the file is opened again", async () => {
  const path = newFile();
  const database = await openSqlite(path);
  const our = new Operations(newId("ws"));
  const workspace = { id: our.workspaceId, name: "w", status: "active", stack_id: null, created_at: 1 };
  await database.query.insertInto("workspaces").values(workspace).execute();
  const operations = [our.credit(100), our.hold(1, 10), our.settle(1, 4), our.hold(2, 10)];
  await database.ledgerStore.commit(operations.map((operation) => ({ operation, record: undefined })));
  const before = await database.ledgerStore.account(our.workspaceId);
  await database.close();

  const again = await openSqlite(path);
  expect(await again.ledgerStore.account(our.workspaceId)).toEqual(before);
  expect(before).toMatchObject({ balance: money(96), held: money(10), entrySequence: 2 });
  await again.close();
});

describe("a new hold in memory", () => {
  async function opened(unwrittenMs: number) {
    const path = newFile();
    const failures: unknown[] = [];
    const database = await openSqlite(path, { unwrittenMs, onFailure: (error) => failures.push(error) });
    const our = new Operations(newId("ws"));
    const workspace = { id: our.workspaceId, name: "w", status: "active", stack_id: null, created_at: 1 };
    await database.query.insertInto("workspaces").values(workspace).execute();
    const commit = (...operations: readonly Operation[]) =>
      database.ledgerStore.commit(operations.map((operation) => ({ operation, record: undefined })));
    await commit(our.credit(100));
    const rows = async () => {
      const holds = await database.query.selectFrom("holds").select("request_id").orderBy("request_id").execute();
      const account = await database.query.selectFrom("accounts").select(["held", "pledged"]).executeTakeFirstOrThrow();
      return [holds.length, Number(account.held), Number(account.pledged)];
    };
    return { path, database, our, commit, rows, failures };
  }

  test("counts at once, has no row, and never gets one when its request ends soon", async () => {
    const { database, our, commit, rows } = await opened(60_000);
    await commit(our.hold(1, 60, { ceiling: 70 }));
    expect(await database.ledgerStore.account(our.workspaceId)).toMatchObject({ held: money(60), pledged: money(70) });
    const [refused] = await commit(our.hold(2, 31));
    expect(refused).toMatchObject({ ok: false, refusal: { reason: "insufficient_credits", available: 30n } });
    expect(await rows()).toEqual([0, 0, 0]);
    await commit(our.settle(1, 5));
    expect(await rows()).toEqual([0, 0, 0]);
    expect(await database.ledgerStore.account(our.workspaceId)).toMatchObject({ balance: money(95), held: money(0) });
    await database.close();
  });

  test("is written by itself when it grows old, and before the database is closed", async () => {
    const { database, our, commit, rows } = await opened(5);
    await commit(our.hold(1, 10));
    while ((await rows())[0] === 0) await Bun.sleep(1);
    expect(await rows()).toEqual([1, 10, 10]);
    await database.close();

    const other = await opened(60_000);
    await other.commit(other.our.hold(1, 10));
    await other.database.close();
    const again = await openSqlite(other.path);
    expect(await again.ledgerStore.account(other.our.workspaceId)).toMatchObject({ held: money(10) });
    await again.close();
  });

  test("is written at once when others look for it, alone or among others", async () => {
    const { database, our, commit, rows } = await opened(60_000);
    await commit({ ...our.hold(1, 10), lookedFor: true });
    expect(await rows()).toEqual([1, 10, 10]);
    await commit(our.hold(2, 1), { ...our.hold(3, 20), lookedFor: true });
    expect(await rows()).toEqual([2, 30, 30]);
    await database.close();
  });

  test("is refused while the database cannot be written, and granted again once it can", async () => {
    const { path, database, our, commit, rows } = await opened(60_000);
    await database.query.executeQuery(sql`PRAGMA busy_timeout = 1`.compile(database.query));
    await commit(our.hold(1, 10));
    const writer = new Database(path);
    writer.run("BEGIN IMMEDIATE");
    await expect(commit(our.settle(1, 5))).rejects.toThrow("locked");
    await expect(commit(our.hold(2, 10))).rejects.toThrow("locked");
    expect(database.ledgerStore.answerAtOnce?.({ operation: our.hold(3, 1), record: undefined })).toBeUndefined();
    writer.run("ROLLBACK");
    writer.close();
    expect(await rows()).toEqual([0, 0, 0]);
    await commit(our.hold(2, 10));
    expect(await rows()).toEqual([1, 10, 10]);
    await commit(our.hold(4, 10));
    expect(await rows()).toEqual([1, 10, 10]);
    await commit(our.settle(1, 5), our.void(2), our.void(4));
    expect(await database.ledgerStore.account(our.workspaceId)).toMatchObject({ balance: money(95), held: money(0) });
    await database.close();
  });
});
