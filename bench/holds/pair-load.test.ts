import { describe, expect, test } from "bun:test";
import { GroupCommitLedger } from "../../server/ledger/group-commit.ts";
import { newPostgresDatabase } from "../../tests/support/postgres.ts";
import { faultsOfHoldBooks, openHoldBooks } from "./hold-books.ts";
import { openHoldDatabase } from "./hold-database.ts";
import type { HoldLedger } from "./job.ts";
import { loadPairs } from "./pair-load.ts";
import { openRowByRow } from "./row-by-row.ts";

const inMemory: HoldLedger = { kind: "sqlite", file: ":memory:" };
const brief = { callers: 4, startAt: 0, warmUpMs: 10, measureMs: 50 };

describe("the load of holds and settles", () => {
  test("is in the books to the last pair, and books that lack one are faulted", async () => {
    const database = await openHoldDatabase(inMemory);
    const workspaceId = await openHoldBooks(database);
    const store = database.ledgerStore;
    const ledger = new GroupCommitLedger({ store, onFailure: (error) => expect(error).toBeUndefined() });
    const measured = { hold: ledger.submit.bind(ledger), settle: ledger.submit.bind(ledger) };
    const result = await loadPairs(measured, workspaceId, { ledger: inMemory, workspaceId, ...brief });
    expect(result.settled).toBeGreaterThan(0);
    expect(await faultsOfHoldBooks(database, workspaceId, result.settled)).toEqual([]);
    const faults = await faultsOfHoldBooks(database, workspaceId, result.settled + 1);
    expect(faults.map((fault) => fault.split(":")[0])).toEqual(["balance", "entries", "usage rows", "traces"]);
    await database.close();
  });

  test("writes row by row on Postgres what the ledger would write", async () => {
    const location: HoldLedger = { kind: "row-by-row", url: await newPostgresDatabase() };
    const database = await openHoldDatabase(location);
    const workspaceId = await openHoldBooks(database);
    const { ledger, close } = openRowByRow(location.url, brief.callers);
    const result = await loadPairs(ledger, workspaceId, { ledger: location, workspaceId, ...brief });
    expect(result.settled).toBeGreaterThan(0);
    expect(await faultsOfHoldBooks(database, workspaceId, result.settled)).toEqual([]);
    await close();
    await database.close();
  }, 30_000);

  test("ends when a hold is refused", async () => {
    const refusing = async () => ({ ok: false, refusal: { reason: "no_account" } }) as const;
    const database = await openHoldDatabase(inMemory);
    const workspaceId = await openHoldBooks(database);
    const load = loadPairs({ hold: refusing, settle: refusing }, workspaceId, {
      ledger: inMemory,
      workspaceId,
      ...brief,
    });
    expect(load).rejects.toThrow("no_account");
    await database.close();
  });
});
