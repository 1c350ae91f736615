import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "../../contracts/ids.ts";
import { money, Operations } from "../../ledger/ledger.test-kit.ts";
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

describeLedgerStore("SQLite", () => openSqlite(newFile()));

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
