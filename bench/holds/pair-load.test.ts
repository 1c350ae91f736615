import { expect, test } from "bun:test";
import { GroupCommitLedger } from "../../server/ledger/group-commit.ts";
import { openSqlite } from "../../server/storage/sqlite/open-sqlite.ts";
import { faultsOfHoldBooks, openHoldBooks } from "./hold-books.ts";
import { loadPairs } from "./pair-load.ts";

test("every pair that is counted is in the books, and books that lack one are faulted", async () => {
  const database = await openSqlite(":memory:");
  const workspaceId = await openHoldBooks(database);
  const store = database.ledgerStore;
  const ledger = new GroupCommitLedger({ store, onFailure: (error) => expect(error).toBeUndefined() });
  const job = {
    ledger: { kind: "sqlite", file: ":memory:" },
    workspaceId,
    callers: 4,
    startAt: 0,
    warmUpMs: 10,
    measureMs: 50,
  } as const;
  const measured = {
    hold: ledger.submit.bind(ledger),
    settle: ledger.submit.bind(ledger),
  };
  const result = await loadPairs(measured, workspaceId, job);
  expect(result.pairsPerSecond).toBeGreaterThan(0);
  expect(result.settled).toBeGreaterThanOrEqual(result.pairsPerSecond * 0.05);
  expect(await faultsOfHoldBooks(database, workspaceId, result.settled)).toEqual([]);
  const faults = await faultsOfHoldBooks(database, workspaceId, result.settled + 1);
  expect(faults.map((fault) => fault.split(":")[0])).toEqual(["balance", "entries", "usage rows", "traces"]);
  await database.close();
});

test("a ledger that refuses a hold ends the run", async () => {
  const refusing = async () => ({ ok: false, refusal: { reason: "no_account" } }) as const;
  const database = await openSqlite(":memory:");
  const workspaceId = await openHoldBooks(database);
  const ledger = { kind: "sqlite", file: ":memory:" } as const;
  const job = { ledger, workspaceId, callers: 1, startAt: 0, warmUpMs: 10, measureMs: 10 };
  expect(loadPairs({ hold: refusing, settle: refusing }, workspaceId, job)).rejects.toThrow("no_account");
  await database.close();
});
