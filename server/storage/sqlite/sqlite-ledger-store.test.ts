import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId, type KeyId, type RequestId, type WorkspaceId } from "../../contracts/ids.ts";
import { unknownUsage } from "../../conversation/usage.ts";
import { GroupCommitLedger } from "../../ledger/group-commit.ts";
import type { HoldOperation, SettleOperation } from "../../ledger/operations.ts";
import type { RequestRecord } from "../../ledger/request-record.ts";
import { sweepExpiredHolds } from "../../ledger/sweep.ts";
import { noMoney, picodollars, type Picodollars } from "../../money/picodollars.ts";
import type { OpenDatabase } from "../database.ts";
import { openSqlite } from "./open-sqlite.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function openLedger(): Promise<{
  database: OpenDatabase;
  ledger: GroupCommitLedger;
  path: string;
  workspaceId: WorkspaceId;
}> {
  const folder = mkdtempSync(join(tmpdir(), "astrolabe-ledger-"));
  folders.push(folder);
  const path = join(folder, "test.sqlite");
  const database = await openSqlite(path);
  const workspaceId = newId("ws");
  await database.query
    .insertInto("workspaces")
    .values({ id: workspaceId, name: "w", status: "active", stack_id: null, created_at: 1 })
    .execute();
  const onFailure = (): void => undefined;
  return {
    database,
    ledger: new GroupCommitLedger({ store: database.ledgerStore, onFailure }),
    path,
    workspaceId,
  };
}

const money = (amount: number): Picodollars => picodollars(BigInt(amount));
const keyId: KeyId = newId("key");

const credit = (workspaceId: WorkspaceId, amount: number) =>
  ({
    type: "credit",
    workspaceId,
    entryId: newId("ent"),
    amount: money(amount),
    counterpart: "grants",
    memo: "grant",
    at: 1,
  }) as const;
const hold = (workspaceId: WorkspaceId, requestId: RequestId, amount: number, expiresAt = 100): HoldOperation => ({
  type: "hold",
  requestId,
  workspaceId,
  keyId,
  amount: money(amount),
  ceiling: money(amount),
  floor: noMoney,
  expiresAt,
  caps: [{ scope: `key:${keyId}`, limit: money(1_000_000), warnAt: undefined }],
});
const settle = (workspaceId: WorkspaceId, requestId: RequestId, cost: number): SettleOperation => ({
  type: "settle",
  requestId,
  workspaceId,
  entryId: newId("ent"),
  priceVersion: "p1",
  at: 2,
  lines: [{ model: "m", provider: "p", unit: "output_token", count: cost, unitPrice: money(1), amount: money(cost) }],
});

function record(workspaceId: WorkspaceId, requestId: RequestId): RequestRecord {
  return {
    usage: {
      requestId,
      workspaceId,
      keyId,
      createdAt: 1,
      protocol: "responses",
      requestedModel: "astrolabe/auto",
      stackSlug: undefined,
      stackVersion: undefined,
      model: "m",
      provider: "p",
      unbillableReason: undefined,
      httpStatus: 200,
      usage: unknownUsage,
      hold: money(10),
      debit: noMoney,
      entrySequence: undefined,
      priceVersion: "p1",
      firstByteMs: undefined,
      totalMs: 3,
    },
    calls: [],
    trace: { json: '{"object":"route_trace"}', expiresAt: 9 },
    kept: undefined,
  };
}

test("what was settled is still there after the file is opened again", async () => {
  const { database, ledger, path, workspaceId } = await openLedger();
  const requestId = newId("req");
  await ledger.submit(credit(workspaceId, 100));
  await ledger.submit(hold(workspaceId, requestId, 10));
  await ledger.submit(settle(workspaceId, requestId, 4), record(workspaceId, requestId));
  await database.close();

  const again = await openSqlite(path);
  expect(await again.ledgerStore.account(workspaceId)).toMatchObject({
    balance: money(96),
    held: noMoney,
    pledged: noMoney,
    entrySequence: 2,
  });
  const entries = await again.query.selectFrom("ledger_entries").selectAll().orderBy("sequence").execute();
  expect(entries.map((entry) => [entry.kind, entry.amount, entry.balance_after])).toEqual([
    ["credit", 100n, 100n],
    ["debit", -4n, 96n],
  ]);
  const usage = await again.query.selectFrom("usage_rows").selectAll().executeTakeFirstOrThrow();
  expect(usage).toMatchObject({
    request_id: requestId,
    debit: 4n,
    entry_sequence: 2n,
    input_tokens: null,
    unbillable_reason: null,
  });
  await again.close();
});

test("hundreds of parallel holds share few commits and never exceed the credits", async () => {
  const { database, ledger, workspaceId } = await openLedger();
  await ledger.submit(credit(workspaceId, 1_000));
  const results = await Promise.all(
    Array.from({ length: 300 }, () => ledger.submit(hold(workspaceId, newId("req"), 7))),
  );
  expect(results.filter((result) => result.ok)).toHaveLength(142);
  expect(await ledger.account(workspaceId)).toMatchObject({ balance: money(1_000), held: money(994) });
  await database.close();
});

test("an operation that cannot be written fails alone and changes nothing", async () => {
  const { database, ledger, workspaceId } = await openLedger();
  const [first, second] = [newId("req"), newId("req")];
  await ledger.submit(credit(workspaceId, 100));
  await Promise.all([ledger.submit(hold(workspaceId, first, 10)), ledger.submit(hold(workspaceId, second, 10))]);
  const clash = record(workspaceId, first);
  const outcomes = await Promise.allSettled([
    ledger.submit(settle(workspaceId, first, 3), clash),
    ledger.submit(settle(workspaceId, second, 3), clash),
  ]);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(["fulfilled", "rejected"]);
  expect(await ledger.account(workspaceId)).toMatchObject({ balance: money(97), held: money(10) });
  await database.close();
});

test("a control-plane transaction on the same file does not disturb the ledger", async () => {
  const { database, ledger, workspaceId } = await openLedger();
  const transaction = database.query.transaction().execute(async (query) => {
    for (let turn = 0; turn < 50; turn++) {
      await query
        .updateTable("workspaces")
        .set({ name: `w${turn}` })
        .where("id", "=", workspaceId)
        .execute();
    }
  });
  const credits = Promise.all(Array.from({ length: 20 }, () => ledger.submit(credit(workspaceId, 1))));
  await Promise.all([transaction, credits]);
  expect(await ledger.account(workspaceId)).toMatchObject({ balance: money(20) });
  await database.close();
});

test("the sweeper frees expired holds and leaves living ones alone", async () => {
  const { database, ledger, workspaceId } = await openLedger();
  await ledger.submit(credit(workspaceId, 100));
  await ledger.submit(hold(workspaceId, newId("req"), 10, 50));
  await ledger.submit(hold(workspaceId, newId("req"), 20, 500));
  expect(await sweepExpiredHolds(ledger, database.ledgerStore, 100)).toBe(1);
  expect(await ledger.account(workspaceId)).toMatchObject({ held: money(20) });
  const counter = await database.query.selectFrom("counters").selectAll().executeTakeFirstOrThrow();
  expect(counter).toMatchObject({ scope: `key:${keyId}`, spent: 0n, pledged: 20n });
  await database.close();
});
