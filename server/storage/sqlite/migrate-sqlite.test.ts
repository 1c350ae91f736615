import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Selectable } from "kysely";
import { asId, type WorkspaceId } from "../../contracts/ids.ts";
import { formatEntryLines } from "../../ledger/entry-lines.ts";
import { linesOf, money, Operations, reasonsOf } from "../../ledger/ledger.test-kit.ts";
import type { Tables } from "../database.ts";
import initial from "../migrations/sqlite/0001-initial.sql" with { type: "text" };
import { openSqlite } from "./open-sqlite.ts";

const our = new Operations(asId<WorkspaceId>("ws_old"));
const lines = formatEntryLines(linesOf(35));

/** A file as the first version left it: two workspaces with entries, one without, an open hold and an expired one. */
function firstVersion(path: string): void {
  const old = new Database(path, { create: true, strict: true, safeIntegers: true });
  old.run("CREATE TABLE migrations (name TEXT PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT");
  old.run(initial);
  old.run("INSERT INTO migrations VALUES ('0001-initial', 1)");
  for (const id of ["ws_old", "ws_other", "ws_empty"]) {
    old.run("INSERT INTO workspaces VALUES (?, 'w', 'active', NULL, 1)", [id]);
  }
  old.run(`INSERT INTO api_keys (id, workspace_id, name, mode, prefix, secret_hash, spend_limit, created_at)
    VALUES ('key_1', 'ws_old', 'k', 'live', 'abcdefgh', 'hash', 9, 2)`);
  old.run("INSERT INTO accounts VALUES ('ws_old', 60, 15, 3), ('ws_other', 7, 0, 1)");
  old.run("INSERT INTO holds VALUES ('req_7', 'ws_old', 'key_1', 15, 'open', 900, '[\"key:key_1\"]')");
  old.run("INSERT INTO holds VALUES ('req_gone', 'ws_old', 'key_1', 4, 'expired', 5, '[]')");
  old.run("INSERT INTO counters VALUES ('key:key_1', 30, 15)");
  const entries = [
    ["ws_old", 1, "ent_1", "credit", 100, 100, null, 'grant "é"', 10, null, "[]", 0],
    ["ws_old", 2, "ent_2", "debit", -30, 70, "req_1", "", 20, "p1", lines, 5],
    ["ws_old", 3, "ent_3", "adjustment", -10, 60, null, "by hand", 30, null, "[]", 0],
    ["ws_other", 1, "ent_4", "credit", 7, 7, null, "", 40, null, "[]", 0],
  ];
  for (const entry of entries) {
    old.run("INSERT INTO ledger_entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", entry);
  }
  old.run(`INSERT INTO usage_rows (workspace_id, request_id, key_id, created_at, protocol, requested_model, http_status,
    usage_kind, hold, debit, entry_sequence, price_version, total_ms, calls)
    VALUES ('ws_old', 'req_1', 'key_1', 15, 'responses', 'm', 200, 'exact', 40, 30, 2, 'p1', 3, '[]')`);
  old.close();
}

/** The chain's documented form, made here by other means than the ledger's. */
function chained(previous: string, row: Selectable<Tables["ledger_entries"]>): string {
  const fields = [
    row.workspace_id,
    Number(row.sequence),
    row.id,
    row.kind,
    row.counterpart,
    String(row.amount),
    String(row.balance_after),
    row.request_id,
    row.memo,
    Number(row.created_at),
    row.price_version,
    row.lines,
    String(row.uncollected),
  ];
  return createHash("sha256")
    .update(`${previous}\n${JSON.stringify(fields)}`)
    .digest("hex");
}

test("a database of the first version keeps what is in it, gains a chain, and goes on from there", async () => {
  const folder = mkdtempSync(join(tmpdir(), "astrolabe-migrate-"));
  const path = join(folder, "old.sqlite");
  firstVersion(path);
  await (await openSqlite(path)).close();
  const database = await openSqlite(path);
  const { query, ledgerStore } = database;
  const slugs = await query.selectFrom("workspaces").select("slug").orderBy("id").execute();
  expect(slugs.map(({ slug }) => slug)).toEqual(["ws-empty", "ws-old", "ws-other"]);
  expect(await query.selectFrom("api_keys").selectAll().executeTakeFirst()).toMatchObject({
    id: "key_1",
    secret_hash: "hash",
    spend_limit: 9n,
    purpose: "api",
  });
  const rows = await query.selectFrom("ledger_entries").selectAll().orderBy("id").execute();
  expect(
    rows.map((row) => [row.id, row.kind, row.counterpart, row.amount, row.balance_after, row.uncollected]),
  ).toEqual([
    ["ent_1", "credit", "grants", 100n, 100n, 0n],
    ["ent_2", "debit", "usage", -30n, 70n, 5n],
    ["ent_3", "adjustment", "adjustments", -10n, 60n, 0n],
    ["ent_4", "credit", "grants", 7n, 7n, 0n],
  ]);
  expect(rows[1]).toMatchObject({ request_id: "req_1", created_at: 20n, price_version: "p1", lines });
  let head = "0".repeat(64);
  for (const row of rows.slice(0, 3)) {
    head = chained(head, row);
    expect(row.hash).toBe(head);
  }
  const holds = query.selectFrom("holds").select(["request_id", "amount", "ceiling", "state"]);
  const old = { balance: money(60), held: money(15), pledged: money(15), entrySequence: 3, chainHead: head };
  expect(await ledgerStore.account(our.workspaceId)).toMatchObject(old);
  expect(await holds.orderBy("amount").execute()).toEqual([
    { request_id: "req_gone", amount: 4n, ceiling: 4n, state: "expired" },
    { request_id: "req_7", amount: 15n, ceiling: 15n, state: "open" },
  ]);
  const operations = [our.settle(7, 9), our.refund(1, 30), our.refund(1, 1)];
  const results = await ledgerStore.commit(operations.map((operation) => ({ operation, record: undefined })));
  expect(reasonsOf(results)).toEqual(["ok", "ok", "over_refund"]);
  expect(await ledgerStore.account(our.workspaceId)).toMatchObject({ balance: money(81), pledged: money(0) });
  const counter = await query.selectFrom("counters").selectAll().executeTakeFirstOrThrow();
  expect(counter).toMatchObject({ spent: 39n, pledged: 0n });
  await database.close();
  rmSync(folder, { recursive: true });
});
