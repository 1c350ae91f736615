// What every ledger store must do, whatever its engine: one suite, run for each of them in that engine's own test file.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Selectable } from "kysely";
import { asId, newId, type EntryId, type RequestId, type WorkspaceId } from "../contracts/ids.ts";
import { emptyAccount } from "../ledger/batch.ts";
import { entryHash, firstChainHead } from "../ledger/entry-hash.ts";
import { GroupCommitLedger, type BatchItem } from "../ledger/group-commit.ts";
import { cap, MemoryLedger, money, Operations, reasonsOf, recordFor } from "../ledger/ledger.test-kit.ts";
import { counterparts, entryKinds, type Entry, type Operation, type OperationResult } from "../ledger/operations.ts";
import { drawnSteps, Script } from "../ledger/random-operations.test-kit.ts";
import type { KeptAnswer, RequestRecord } from "../ledger/request-record.ts";
import { sweepExpiredHolds } from "../ledger/sweep.ts";
import { noMoney, picodollars } from "../money/picodollars.ts";
import type { OpenDatabase, Tables } from "./database.ts";
import { wordOf } from "./read-column.ts";

/** `open` gives a database with the newest schema whose tables may already hold other workspaces' rows. */
export function describeLedgerStore(name: string, open: () => Promise<OpenDatabase>): void {
  describe(`the ledger on ${name}`, () => {
    let opened: OpenedStore;
    beforeEach(async () => {
      opened = await OpenedStore.over(await open());
    });
    afterEach(() => opened.database.close());

    accountsAndHolds(() => opened);
    requestRecords(() => opened);
    refundsAndNotices(() => opened);
    manyAtOnce(() => opened);
  });
}

/** An open store with one workspace in it, and its rows as the tests want to see them. */
class OpenedStore {
  readonly database: OpenDatabase;
  readonly workspaceId: WorkspaceId;
  readonly our: Operations;

  private constructor(database: OpenDatabase, workspaceId: WorkspaceId) {
    this.database = database;
    this.workspaceId = workspaceId;
    this.our = operationsOf(workspaceId);
  }

  static async over(database: OpenDatabase): Promise<OpenedStore> {
    const opened = new OpenedStore(database, newId("ws"));
    await opened.addWorkspace(opened.workspaceId);
    return opened;
  }

  async addWorkspace(id: WorkspaceId): Promise<void> {
    const row = { id, name: "w", status: "active", stack_id: null, created_at: 1 };
    await this.database.query.insertInto("workspaces").values(row).execute();
  }

  /** Commits operations, or operations with their records, as one batch. */
  commit(...batch: readonly (Operation | Partial<BatchItem>)[]) {
    const items = batch.map((one) => ("type" in one ? { operation: one } : one));
    return this.database.ledgerStore.commit(
      items.map((item) => ({ operation: undefined, record: undefined, ...item })),
    );
  }

  async account() {
    return (await this.database.ledgerStore.account(this.workspaceId)) ?? emptyAccount(this.workspaceId);
  }

  async entries(): Promise<Entry[]> {
    const query = this.database.query.selectFrom("ledger_entries").selectAll();
    const rows = await query.where("workspace_id", "=", this.workspaceId).orderBy("sequence").execute();
    return rows.map((row) => entryOf(row));
  }

  async usage(requestId: RequestId) {
    const query = this.database.query.selectFrom("usage_rows").selectAll();
    return query.where("workspace_id", "=", this.workspaceId).where("request_id", "=", requestId).executeTakeFirst();
  }

  async holds() {
    const query = this.database.query.selectFrom("holds").selectAll();
    return query.where("workspace_id", "=", this.workspaceId).orderBy("request_id").execute();
  }

  async counter(scope: string) {
    return this.database.query.selectFrom("counters").selectAll().where("scope", "=", scope).executeTakeFirst();
  }

  async events() {
    const query = this.database.query.selectFrom("events").selectAll();
    const rows = await query.where("workspace_id", "=", this.workspaceId).orderBy("id").execute();
    return rows.map((row) => [row.type, Number(row.created_at), row.data]);
  }

  /** A running request whose answer is to be kept, and what keeps it. */
  async claim(requestId: RequestId, answer: KeptAnswer["answer"]): Promise<KeptAnswer> {
    const keyHash = `hash_${requestId}`;
    const row = { key_hash: keyHash, workspace_id: this.workspaceId, body_hash: "b", request_id: requestId };
    const values = { ...row, lease_until: 5, answer: null, expires_at: 5 };
    await this.database.query.insertInto("idempotent_requests").values(values).execute();
    return { keyHash, answer, expiresAt: 99 };
  }

  async keptAnswer(keyHash: string) {
    const query = this.database.query.selectFrom("idempotent_requests").select(["answer", "expires_at"]);
    const { answer, expires_at } = await query.where("key_hash", "=", keyHash).executeTakeFirstOrThrow();
    return { text: answer && new TextDecoder().decode(answer), expiresAt: Number(expires_at) };
  }
}

type UseStore = () => OpenedStore;

function accountsAndHolds(use: UseStore): void {
  test("keeps accounts, holds, counters and a chain of entries", async () => {
    const opened = use();
    const { our } = opened;
    const caps = [cap(`key:${opened.workspaceId}`, 500, 400)];
    await opened.commit(our.credit(100), our.hold(1, 10, { ceiling: 30, caps, expiresAt: 70 }));
    await opened.commit(our.grow(1, 5, { ceiling: 0 }), our.renew(1, 90), our.hold(2, 1));
    expect(await opened.account()).toMatchObject({ balance: money(100), held: money(16), pledged: money(31) });
    const [first] = (await opened.holds()).filter((row) => row.request_id === our.requestId(1));
    expect([first?.amount, first?.ceiling, Number(first?.expires_at), first?.state]).toEqual([15n, 30n, 90, "open"]);
    await opened.commit(our.settle(1, 25), our.void(2));
    expect(await opened.account()).toMatchObject({ balance: money(75), held: noMoney, pledged: noMoney });
    expect(await opened.counter(`key:${opened.workspaceId}`)).toMatchObject({
      spent: 25n,
      pledged: 0n,
      limit_amount: 500n,
      warn_at: 400n,
    });
    expect(await opened.holds()).toEqual([]);
    const entries = await opened.entries();
    expect(entries.map(({ sequence, kind, amount }) => [sequence, kind, amount])).toEqual([
      [1, "credit", money(100)],
      [2, "debit", money(-25)],
    ]);
    expect((await opened.account()).chainHead).toBe(headOf(entries));
  });

  test("gives no account to a workspace that never had credit", async () => {
    expect(await use().database.ledgerStore.account(newId("ws"))).toBeUndefined();
  });

  test("knows in later batches what earlier ones did", async () => {
    const opened = use();
    const { our } = opened;
    const [entryId, caps] = [newId("ent"), [cap(`key:${opened.workspaceId}`, 40)]];
    await opened.commit(our.credit(100, entryId), our.hold(1, 30, { caps }));
    const results = await opened.commit(
      our.credit(100, entryId),
      our.adjust(5, entryId),
      our.hold(1, 1),
      our.hold(2, 11, { caps }),
      our.grow(1, 11),
    );
    const reasons = ["duplicate_entry", "duplicate_entry", "hold_exists", "over_cap", "over_cap"];
    expect(reasonsOf(results)).toEqual(reasons);
  });

  test("lists open holds past their expiry, the oldest first, and no others", async () => {
    const opened = use();
    const { our } = opened;
    await opened.commit(our.credit(100), ...[3, 1, 2, 4, 5].map((n) => our.hold(n, 1, { expiresAt: 10 * n })));
    await opened.commit(our.settle(1, 1), our.renew(2, 300), our.expire(3, 30));
    const own = async (nowMs: number) => {
      const found = await opened.database.ledgerStore.expiredHolds(nowMs, 1_000);
      return found.filter(({ workspaceId }) => workspaceId === opened.workspaceId).map(({ requestId }) => requestId);
    };
    expect(await own(39)).toEqual([]);
    expect(await own(40)).toEqual([our.requestId(4)]);
    expect(await own(300)).toEqual([4, 5, 2].map((n) => our.requestId(n)));
    expect(await opened.database.ledgerStore.expiredHolds(300, 1)).toHaveLength(1);
  });

  test("frees expired holds by a sweep, and leaves living ones alone", async () => {
    const opened = use();
    const { our } = opened;
    const ledger = ledgerOver(opened);
    await opened.commit(our.credit(100), our.hold(1, 10, { expiresAt: 50 }), our.hold(2, 20, { expiresAt: 500 }));
    expect(
      await sweepExpiredHolds({ ledger, store: opened.database.ledgerStore, isAlive: () => false }, 100),
    ).toBeGreaterThanOrEqual(1);
    expect(await opened.account()).toMatchObject({ held: money(20) });
  });
}

function requestRecords(use: UseStore): void {
  test("writes a request's record with the money that its settlement moved", async () => {
    const opened = use();
    const { our } = opened;
    await opened.commit(our.credit(100), our.hold(1, 10), our.hold(2, 10), our.hold(3, 10), our.expire(3));
    await opened.commit(
      { operation: our.settle(1, 4), record: recordOf(opened, 1) },
      { operation: our.settle(2, 0), record: recordOf(opened, 2, "provider_error") },
      { operation: our.settle(3, 4), record: recordOf(opened, 3) },
      { record: recordOf(opened, 4, "unauthorized") },
    );
    const rows = await Promise.all([1, 2, 3, 4].map((n) => opened.usage(our.requestId(n))));
    const money = rows.map((row) => row && [row.debit, row.entry_sequence && Number(row.entry_sequence)]);
    expect(money).toEqual([
      [4n, 2],
      [0n, null],
      [0n, null],
      [0n, null],
    ]);
    const reasons = rows.map((row) => row?.unbillable_reason);
    expect(reasons).toEqual([null, "provider_error", "hold_expired", "unauthorized"]);
    expect(rows[0]?.input_tokens).toBeNull();
    const traces = opened.database.query.selectFrom("route_traces").select(["trace", "expires_at"]);
    const trace = await traces.where("request_id", "=", our.requestId(1)).executeTakeFirstOrThrow();
    expect([trace.trace, Number(trace.expires_at)]).toEqual(['{"object":"route_trace"}', 9]);
  });

  test("changes nothing at all when one record of a batch cannot be written", async () => {
    const opened = use();
    const { our } = opened;
    await opened.commit(our.credit(100), our.hold(1, 10, { caps: [cap(`key:${opened.workspaceId}`, 20, 1)] }));
    await opened.commit({ record: recordOf(opened, 9) });
    const kept = await opened.claim(our.requestId(1), () => new Uint8Array([1]));
    const before = [await opened.account(), await opened.entries(), await opened.holds()];
    const failing = opened.commit(
      { operation: our.settle(1, 3), record: { ...recordOf(opened, 1), kept } },
      { operation: our.hold(2, 10) },
      { record: recordOf(opened, 9) },
    );
    expect(
      await failing.then(
        () => "written",
        () => "refused",
      ),
    ).toBe("refused");
    expect([await opened.account(), await opened.entries(), await opened.holds()]).toEqual(before);
    expect(await opened.usage(our.requestId(1))).toBeUndefined();
    expect(await opened.counter(`key:${opened.workspaceId}`)).toMatchObject({ spent: 0n, pledged: 10n });
    expect((await opened.keptAnswer(kept.keyHash)).text).toBeNull();
    expect(await opened.events()).toEqual([]);
    expect(reasonsOf(await opened.commit(our.settle(1, 3)))).toEqual(["ok"]);
  });

  test("lets a bad record refuse its own operation only", async () => {
    const opened = use();
    const { our } = opened;
    const ledger = ledgerOver(opened);
    await opened.commit(our.credit(100), our.hold(1, 10), our.hold(2, 10));
    const outcomes = await Promise.allSettled([
      ledger.submit(our.settle(1, 3), recordOf(opened, 1)),
      ledger.submit(our.settle(2, 3), recordOf(opened, 1)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(await opened.account()).toMatchObject({ balance: money(97), held: money(10) });
  });

  test("keeps an answer as its settlement came out, for the request that claimed the key", async () => {
    const opened = use();
    const { our } = opened;
    await opened.commit(our.credit(100), our.hold(1, 10), our.hold(2, 10));
    const text: KeptAnswer["answer"] = ({ debit, entrySequence }) =>
      new TextEncoder().encode(`${debit} by ${entrySequence}`);
    const kept = await opened.claim(our.requestId(1), text);
    const taken = { ...(await opened.claim(our.requestId(3), text)), expiresAt: 98 };
    await opened.commit(
      { operation: our.settle(1, 4), record: { ...recordOf(opened, 1), kept } },
      { operation: our.settle(2, 4), record: { ...recordOf(opened, 2), kept: taken } },
    );
    expect(await opened.keptAnswer(kept.keyHash)).toEqual({ text: "4 by 2", expiresAt: 99 });
    expect(await opened.keptAnswer(taken.keyHash)).toEqual({ text: null, expiresAt: 5 });
  });
}

function refundsAndNotices(use: UseStore): void {
  test("refunds what a debit collected, in this batch or a later one, to its own workspace", async () => {
    const opened = use();
    const { our } = opened;
    const other = new Operations(newId("ws"), (n) => our.requestId(n));
    await opened.addWorkspace(other.workspaceId);
    await opened.commit(our.credit(30), other.credit(30), our.hold(1, 10));
    const settle = { operation: our.settle(1, 50), record: recordOf(opened, 1) };
    expect(reasonsOf(await opened.commit(settle, our.refund(1, 5)))).toEqual(["ok", "ok"]);
    const results = await opened.commit(other.refund(1, 1), our.refund(1, 26), our.refund(1, 20), our.refund(1, 6));
    expect(reasonsOf(results)).toEqual(["over_refund", "over_refund", "ok", "over_refund"]);
    expect(results[3]).toMatchObject({ refusal: { available: money(5) } });
    const [last] = (await opened.entries()).slice(-1);
    expect(last).toMatchObject({
      kind: "refund",
      counterpart: "usage",
      requestId: our.requestId(1),
      amount: money(20),
    });
  });

  test("stores a notice once, as an event of the operation's time", async () => {
    const opened = use();
    const { our } = opened;
    const scope = `key:${opened.workspaceId}`;
    const spend = (n: number, cost: number) => [
      our.hold(n, cost, { caps: [cap(scope, 30, 20)] }),
      our.settle(n, cost, newId("ent"), 10 + n),
    ];
    await opened.commit(our.credit(100), ...spend(1, 19));
    expect(await opened.events()).toEqual([]);
    await opened.commit(...spend(2, 1), ...spend(3, 1));
    await opened.commit(...spend(4, 9));
    const events = await opened.events();
    expect(events.map(([type, at]) => [type, at])).toEqual([
      ["budget.warning", 12],
      ["budget.reached", 14],
    ]);
    expect(events[0]?.[2]).toContain("0.000000000020");
  });

  test("keeps the threshold of a low balance and tells when it is crossed", async () => {
    const opened = use();
    const { our } = opened;
    await opened.commit(our.credit(100));
    const update = opened.database.query.updateTable("accounts").set({ low_balance_threshold: 50n });
    await update.where("workspace_id", "=", opened.workspaceId).execute();
    await opened.commit(our.hold(1, 60), our.settle(1, 51));
    await opened.commit(our.hold(2, 1), our.settle(2, 1));
    expect((await opened.account()).lowBalanceThreshold).toBe(money(50));
    expect((await opened.events()).map(([type]) => type)).toEqual(["credits.low"]);
  });
}

function manyAtOnce(use: UseStore): void {
  test("never exceeds the credits, however many ask at once", async () => {
    const opened = use();
    const ledger = ledgerOver(opened);
    await opened.commit(opened.our.credit(1_000));
    const results = await Promise.all(Array.from({ length: 300 }, (_, n) => ledger.submit(opened.our.hold(n, 7))));
    expect(results.filter((result) => result.ok)).toHaveLength(142);
    expect(await opened.account()).toMatchObject({ balance: money(1_000), held: money(994), pledged: money(994) });
  });

  test("is not disturbed by a transaction of the control plane in the same database", async () => {
    const opened = use();
    const ledger = ledgerOver(opened);
    const transaction = opened.database.query.transaction().execute(async (query) => {
      for (let turn = 0; turn < 50; turn++) {
        const update = query.updateTable("workspaces").set({ name: `w${turn}` });
        await update.where("id", "=", opened.workspaceId).execute();
      }
    });
    const credits = Promise.all(Array.from({ length: 20 }, () => ledger.submit(opened.our.credit(1))));
    await Promise.all([transaction, credits]);
    expect(await opened.account()).toMatchObject({ balance: money(20) });
  });

  test("does with any sequence in any batches what the ledger in memory does", async () => {
    const opened = use();
    const property = fc.asyncProperty(drawnSteps, async (steps) => {
      const script = new Script(steps, newId("req").slice(4));
      for (const { workspaceId } of script.writers) await opened.addWorkspace(workspaceId);
      const memory = new MemoryLedger();
      memory.run(...script.operations);
      expect(reasonsOf(await runScript(opened, script))).toEqual(script.expected);
      for (const { workspaceId } of script.writers) {
        const account = await opened.database.ledgerStore.account(workspaceId);
        expect(account ?? emptyAccount(workspaceId)).toEqual(memory.account(workspaceId));
      }
      for (const { scope, spent, pledged, limit, warnAt } of memory.counters.values()) {
        const row = { scope, spent, pledged, limit_amount: limit ?? null, warn_at: warnAt ?? null };
        expect(await opened.counter(scope)).toEqual(row);
      }
    });
    await fc.assert(property, { numRuns: 12, endOnFailure: true });
  }, 60_000);
}

/** Runs a script in its own batches, every settlement with the record that it would have. */
async function runScript(
  opened: OpenedStore,
  { operations, expected, cuts }: Script,
): Promise<(OperationResult | undefined)[]> {
  const results: (OperationResult | undefined)[] = [];
  let batch: Partial<BatchItem>[] = [];
  for (const [index, operation] of operations.entries()) {
    const settles = operation.type === "settle" && expected[index] === "ok";
    const record = settles ? recordFor(operation.workspaceId, operation.requestId) : undefined;
    batch.push({ operation, record });
    if (!cuts[index] && index < operations.length - 1) continue;
    results.push(...(await opened.commit(...batch)));
    batch = [];
  }
  return results;
}

function ledgerOver({ database }: OpenedStore): GroupCommitLedger {
  return new GroupCommitLedger({ store: database.ledgerStore, onFailure: () => undefined });
}

/** Operations on requests with fresh ids. */
function operationsOf(workspaceId: WorkspaceId): Operations {
  const requests = new Map<number, RequestId>();
  return new Operations(workspaceId, (n) => {
    const id = requests.get(n) ?? newId("req");
    requests.set(n, id);
    return id;
  });
}

function entryOf(row: Selectable<Tables["ledger_entries"]>): Entry {
  return {
    id: asId<EntryId>(row.id),
    workspaceId: asId<WorkspaceId>(row.workspace_id),
    sequence: Number(row.sequence),
    kind: wordOf(entryKinds, row.kind),
    counterpart: wordOf(counterparts, row.counterpart),
    amount: picodollars(row.amount),
    balanceAfter: picodollars(row.balance_after),
    requestId: row.request_id === null ? undefined : asId<RequestId>(row.request_id),
    memo: row.memo,
    createdAt: Number(row.created_at),
    priceVersion: row.price_version ?? undefined,
    lines: row.lines,
    uncollected: picodollars(row.uncollected),
    hash: row.hash,
  };
}

/** The chain's head after these entries, each of which must have the hash that it should have. */
function headOf(entries: readonly Entry[]): string {
  let head = firstChainHead;
  for (const { hash, ...entry } of entries) {
    head = entryHash(head, entry);
    expect(hash).toBe(head);
  }
  return head;
}

function recordOf({ workspaceId, our }: OpenedStore, n: number, unbillableReason?: string): RequestRecord {
  return recordFor(workspaceId, our.requestId(n), { unbillableReason });
}
