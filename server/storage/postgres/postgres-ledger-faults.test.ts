import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { newPostgresDatabase, onPostgres } from "../../../tests/support/postgres.ts";
import { startPostgresProxy, type PostgresProxy } from "../../../tests/support/postgres-proxy.ts";
import { asId, newId, type RequestId, type WorkspaceId } from "../../contracts/ids.ts";
import { GroupCommitLedger } from "../../ledger/group-commit.ts";
import { Operations, money, recordFor } from "../../ledger/ledger.test-kit.ts";
import type { Operation, OperationResult } from "../../ledger/operations.ts";
import type { OpenDatabase } from "../database.ts";
import { openPostgres } from "./open-postgres.ts";

let address: string;
let proxy: PostgresProxy;
let database: OpenDatabase;
let workspaceId: WorkspaceId;
let our: Operations;

beforeEach(async () => {
  address = await newPostgresDatabase();
  proxy = startPostgresProxy(address);
  database = await open(proxy.url);
  workspaceId = newId("ws");
  our = new Operations(workspaceId);
  await addWorkspace(workspaceId);
});
afterEach(async () => {
  proxy.restore();
  await database.close();
  proxy.close();
});

function open(url: string): Promise<OpenDatabase> {
  return openPostgres({ url, reportFault: () => undefined });
}

async function addWorkspace(id: WorkspaceId): Promise<void> {
  const row = { id, name: "w", status: "active", stack_id: null, created_at: 1 };
  await database.query.insertInto("workspaces").values(row).execute();
}

function ledgerOver({ ledgerStore, ledgerLanes }: OpenDatabase): GroupCommitLedger {
  return new GroupCommitLedger({ store: ledgerStore, lanes: ledgerLanes, onFailure: () => undefined });
}

const asked = (operation: Operation) => ({ operation, record: undefined });
const oks = (results: readonly (OperationResult | undefined)[]) => results.map((result) => result?.ok);
const account = () => database.ledgerStore.account(workspaceId);

describe("a connection that is lost with a commit on its way", () => {
  for (const when of ["before", "after"] as const) {
    test(`${when} the database saw it: what comes next finds out, and everything has happened once`, async () => {
      const { ledgerStore } = database;
      await ledgerStore.commit([asked(our.credit(100))]);
      const outcomes: unknown[] = [];
      for (const operation of [our.hold(1, 10), our.grow(1, 5), our.renew(1, 5_000), our.settle(1, 7), our.credit(9)]) {
        const lost = proxy.loseNextCommit(when);
        const results = await ledgerStore.commit([asked(operation)]);
        await lost;
        outcomes.push(...oks(results));
      }
      expect(outcomes).toEqual([true, true, true, true, true]);
      expect(await account()).toMatchObject({
        balance: money(102),
        held: money(0),
        pledged: money(0),
        entrySequence: 3,
      });
    });

    test(`${when} the database saw it: a request's record is there once`, async () => {
      const { ledgerStore } = database;
      await ledgerStore.commit([asked(our.credit(100)), asked(our.hold(1, 10))]);
      const lost = proxy.loseNextCommit(when);
      const record = recordFor(workspaceId, our.requestId(1));
      expect(oks(await ledgerStore.commit([{ operation: our.void(1), record }]))).toEqual([true]);
      await lost;
      expect(await database.query.selectFrom("usage_rows").select("request_id").execute()).toHaveLength(1);
      expect(await account()).toMatchObject({ held: money(0) });
    });
  }

  test("is waited for while the database is away, and then found out about", async () => {
    const { ledgerStore } = database;
    await ledgerStore.commit([asked(our.credit(100))]);
    const item = asked(our.hold(1, 10));
    const lost = proxy.loseNextCommit("after");
    const outcome = ledgerStore.commit([item]);
    await lost;
    proxy.cut();
    await Bun.sleep(300);
    proxy.restore();
    expect(oks(await outcome)).toEqual([true]);
    expect(await account()).toMatchObject({ held: money(10) });
  });
});

test("backends that are terminated under load: what was reported is what happened, to the picodollar", async () => {
  const second = await open(proxy.url);
  const [one, two] = [ledgerOver(database), ledgerOver(second)];
  const others = await Promise.all(
    [1, 2, 3].map(async () => {
      const id = newId("ws");
      await addWorkspace(id);
      return id;
    }),
  );
  const workspaces = [workspaceId, ...others];
  for (const id of workspaces) await one.submit(new Operations(id).credit(1_000_000));
  let killing = true;
  let killed = 0;
  const killer = (async () => {
    while (killing) {
      const rows = await onPostgres(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'astrolabe' AND state <> 'idle'`,
        address,
      );
      killed += rows.length;
      await Bun.sleep(20);
    }
  })();
  const settled = new Map<RequestId, boolean>();
  const spend = async (turn: number): Promise<void> => {
    const ledger = turn % 2 === 0 ? one : two;
    const operations = new Operations(workspaces[turn % workspaces.length] ?? workspaceId);
    const held = await ledger.submit(operations.hold(turn, 10)).catch(() => undefined);
    if (!held?.ok) return;
    const requestId = operations.requestId(turn);
    const done = await ledger.submit(operations.settle(turn, 3)).catch(() => undefined);
    settled.set(requestId, done?.ok === true);
  };
  // A fast machine is through with the rounds before the killer has done its work.
  for (let round = 0; round < 12 || killed < 4; round++) {
    await Promise.all(Array.from({ length: 40 }, (_, index) => spend(round * 40 + index)));
  }
  killing = false;
  await killer;
  const entries = await database.query.selectFrom("ledger_entries").selectAll().where("kind", "=", "debit").execute();
  const debited = new Set(entries.map((entry) => asId<RequestId>(entry.request_id ?? "")));
  const reported = [...settled].filter(([, ok]) => ok).map(([id]) => id);
  expect(debited).toEqual(new Set(reported));
  expect(entries).toHaveLength(debited.size);
  for (const id of workspaces) {
    const state = await database.ledgerStore.account(id);
    const rows = await database.query.selectFrom("holds").select("amount").where("workspace_id", "=", id).execute();
    const mine = entries.filter((entry) => entry.workspace_id === id).length;
    expect(state?.balance).toBe(money(1_000_000 - 3 * mine));
    expect(state?.held).toBe(money(rows.reduce((sum, row) => sum + Number(row.amount), 0)));
  }
  // A hold that nobody settles would be one that was reported as failed although it was made.
  const left = await database.query.selectFrom("holds").select("request_id").execute();
  const unsettled = [...settled].filter(([, ok]) => !ok).map(([id]) => id);
  expect(new Set(left.map((row) => asId<RequestId>(row.request_id)))).toEqual(new Set(unsettled));
  expect(settled.size).toBeGreaterThan(200);
  await second.close();
});

test("first credits of one workspace, from several processes at once, are all there", async () => {
  const second = await open(proxy.url);
  const ledgers = [ledgerOver(database), ledgerOver(second)];
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, turn) => ledgers[turn % 2]?.submit(our.credit(5, newId("ent")))),
  );
  expect(results.every((result) => result?.ok)).toBe(true);
  expect(await account()).toMatchObject({ balance: money(100), entrySequence: 20 });
  await second.close();
});

test("an account that somebody keeps locked refuses after seconds, and nothing has happened", async () => {
  await database.ledgerStore.commit([asked(our.credit(100))]);
  const blocker = database.query.transaction().execute(async (query) => {
    await query.selectFrom("accounts").selectAll().forUpdate().execute();
    const startedAt = performance.now();
    const refused = await database.ledgerStore.commit([asked(our.hold(1, 10))]).catch((error: unknown) => error);
    return { refused, waitedMs: performance.now() - startedAt };
  });
  const { refused, waitedMs } = await blocker;
  expect(String(refused)).toContain("lock timeout");
  expect(waitedMs).toBeLessThan(6_000);
  expect(await account()).toMatchObject({ held: money(0) });
});

test("commits are durable though the server's default is not", async () => {
  expect(await onPostgres("SHOW synchronous_commit", address)).toEqual([{ synchronous_commit: "off" }]);
  const { rows } = await sql`SHOW synchronous_commit`.execute(database.query);
  expect(rows).toEqual([{ synchronous_commit: "on" }]);
});
