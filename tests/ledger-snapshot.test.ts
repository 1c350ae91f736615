// One reading of the ledger on either engine: what it finds, and that it sees one moment while the server goes on writing.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { exportEntries } from "../server/audit/export-entries.ts";
import type { LedgerRecords } from "../server/audit/ledger-records.ts";
import { verifyLedger } from "../server/audit/verify-ledger.ts";
import { newId } from "../server/contracts/ids.ts";
import { picodollars } from "../server/money/picodollars.ts";
import { ledgerRecords } from "../server/storage/ledger-records.ts";
import { readLedgerSnapshot, type LedgerLocation } from "../server/storage/ledger-snapshot.ts";
import { openLedgerWithHistory, type LedgerWithHistory } from "./support/ledger-with-history.ts";
import { newPostgresDatabase } from "./support/postgres.ts";

const all = { workspaceId: undefined, heads: [] };

describe.each(["sqlite", "postgres"])("a reading of the ledger on %s", (engine) => {
  let made: LedgerWithHistory;
  let location: LedgerLocation;

  beforeAll(async () => {
    const databaseUrl = engine === "postgres" ? await newPostgresDatabase() : undefined;
    made = await openLedgerWithHistory(databaseUrl);
    location = { dataDir: made.dataDir, databaseUrl };
  });
  afterAll(() => made.close());

  test("sees all of it, and that it agrees", async () => {
    const result = await readLedgerSnapshot(location, (records) => verifyLedger(records, all));
    expect(result.findings).toEqual([]);
    expect([result.workspaces, result.entries, result.debits]).toEqual([2, 16, 10]);
  });

  test("comes out the same whatever the size of its pages", async () => {
    const text = async (records: LedgerRecords) => {
      let whole = "";
      const period = { from: undefined, to: undefined };
      for await (const page of exportEntries(records.entryPages(undefined), period, "jsonl")) whole += page.text;
      return whole;
    };
    const expected = await text(ledgerRecords(made.query));
    expect(expected.split("\n").length).toBe(17);
    for (const rowsPerPage of [1, 2, 8, 16]) expect(await text(ledgerRecords(made.query, rowsPerPage))).toBe(expected);
  });

  test("finds a changed entry, usage row, hold and account", async () => {
    const [workspace = ""] = made.workspaces;
    const changes = [
      [sql`UPDATE ledger_entries SET lines = lines || ' ' WHERE workspace_id = ${workspace} AND sequence = 2`, "hash"],
      [
        sql`UPDATE usage_rows SET debit = debit + 1 WHERE workspace_id = ${workspace} AND entry_sequence = 2`,
        "debited",
      ],
      [sql`DELETE FROM ledger_entries WHERE workspace_id = ${workspace} AND sequence = 3`, "follows"],
      [
        sql`UPDATE usage_rows SET debit = 1 WHERE workspace_id = ${workspace} AND entry_sequence IS NULL`,
        "no entry does",
      ],
      [sql`UPDATE holds SET amount = amount - 1 WHERE workspace_id = ${workspace}`, "held"],
      [sql`UPDATE accounts SET balance = balance + 1 WHERE workspace_id = ${workspace}`, "balance"],
      [sql`UPDATE price_lists SET prices = '{}'`, "had no price"],
    ] as const;
    for (const [change, word] of changes) {
      const undone = new Error("undone");
      const verified = made.query.transaction().execute(async (transaction) => {
        await change.execute(transaction);
        const { findings } = await verifyLedger(ledgerRecords(transaction, 3), all);
        expect(findings.map(({ problem }) => problem).join("\n")).toContain(word);
        throw undone;
      });
      expect(await verified.catch((thrown: unknown) => thrown)).toBe(undone);
    }
  });

  test("sees one moment, whatever is written meanwhile", async () => {
    const [workspaceId] = made.workspaces;
    if (!workspaceId) throw new Error("there is no workspace");
    const result = await readLedgerSnapshot(location, async (records) => {
      const accounts = await records.accounts(undefined);
      const entryId = newId("ent");
      const credit = {
        type: "credit",
        workspaceId,
        entryId,
        amount: picodollars(5n),
        memo: "meanwhile",
        at: 1,
      } as const;
      const booked = await made.ledger.submit({ ...credit, counterpart: "grants" });
      expect(booked.ok).toBe(true);
      expect(accounts.length).toBe(2);
      return verifyLedger(records, all);
    });
    expect([result.findings, result.entries]).toEqual([[], 16]);
    const later = await readLedgerSnapshot(location, (records) => verifyLedger(records, all));
    expect([later.findings, later.entries]).toEqual([[], 17]);
  });

  test("reads the model calls of a period, page by page", async () => {
    const count = (from: number | undefined) =>
      readLedgerSnapshot(location, async (records) => {
        let calls = 0;
        for await (const page of records.callPages({ from, to: undefined })) calls += page.length;
        return calls;
      });
    expect(await count(undefined)).toBe(10);
    expect(await count(Date.parse("2040-01-01"))).toBe(0);
  });
});
