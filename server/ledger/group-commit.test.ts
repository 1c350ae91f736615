import { describe, expect, test } from "bun:test";
import { newId } from "../contracts/ids.ts";
import { picodollars } from "../money/picodollars.ts";
import { emptyAccount } from "./batch.ts";
import { GroupCommitLedger, type BatchItem, type LedgerStore } from "./group-commit.ts";
import { recordFor } from "./ledger.test-kit.ts";
import type { CreditOperation, OperationResult } from "./operations.ts";

const workspaceId = newId("ws");
const accepted: OperationResult = { ok: true, account: emptyAccount(workspaceId), entry: undefined };

function credit(memo: string): CreditOperation {
  const amount = picodollars(1n);
  return { type: "credit", workspaceId, entryId: newId("ent"), amount, counterpart: "grants", memo, at: 0 };
}

/** A store whose commits fail as `fails` says, and the sizes of the batches it was given. */
function storeThat(fails: (batch: readonly BatchItem[]) => boolean) {
  const batches: number[] = [];
  const store: LedgerStore = {
    async commit(batch) {
      batches.push(batch.length);
      if (fails(batch)) throw new Error("not written");
      return batch.map(() => accepted);
    },
    account: async () => undefined,
    expiredHolds: async () => [],
  };
  return { store, batches };
}

const isBad = ({ operation }: BatchItem): boolean => operation?.type === "credit" && operation.memo === "bad";

describe("operations that arrive together", () => {
  test("share one commit", async () => {
    const { store, batches } = storeThat(() => false);
    const ledger = new GroupCommitLedger({ store, onFailure: () => undefined });
    await Promise.all(["a", "b", "c"].map((memo) => ledger.submit(credit(memo))));
    expect(batches).toEqual([3]);
  });

  test("are not refused for a bad one among them", async () => {
    const { store } = storeThat((batch) => batch.some(isBad));
    const ledger = new GroupCommitLedger({ store, onFailure: () => undefined });
    const outcomes = await Promise.allSettled(["a", "bad", "c", "bad", "e"].map((memo) => ledger.submit(credit(memo))));
    expect(outcomes.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
  });

  test("are refused together once the database fails every one it is asked: each try may block for seconds", async () => {
    const { store, batches } = storeThat(() => true);
    const failures: unknown[] = [];
    const ledger = new GroupCommitLedger({ store, onFailure: (error) => failures.push(error) });
    const outcomes = await Promise.allSettled(Array.from({ length: 500 }, () => ledger.submit(credit("a"))));
    expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(500);
    expect(batches.length).toBeLessThan(10);
    expect(failures.length).toBeLessThan(10);
  });
});

test("flushing waits for records that nobody else waits for", async () => {
  const { store, batches } = storeThat(() => false);
  const ledger = new GroupCommitLedger({ store, onFailure: () => undefined });
  const submitted = ledger.submit(credit("a"));
  await ledger.flush();
  expect(batches).toEqual([2]);
  await submitted;
});

describe("lanes", () => {
  /** A store whose commits take a few turns, and what it saw. */
  function storeThatTakesTime() {
    const underWay = new Set<string>();
    const order: string[] = [];
    const seen = { mostAtOnce: 0, overlapped: false, order };
    let commits = 0;
    const store: LedgerStore = {
      async commit(batch) {
        const workspaces = new Set(batch.flatMap(({ operation }) => operation?.workspaceId ?? []));
        commits += 1;
        seen.mostAtOnce = Math.max(seen.mostAtOnce, commits);
        for (const id of workspaces) {
          seen.overlapped ||= underWay.has(id);
          underWay.add(id);
        }
        for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
        for (const { operation, record } of batch) {
          if (operation?.type === "credit") seen.order.push(`${operation.workspaceId} ${operation.memo}`);
          if (record) seen.order.push(`${record.usage.workspaceId} ${record.usage.requestedModel}`);
        }
        for (const id of workspaces) underWay.delete(id);
        commits -= 1;
        return batch.map(({ operation }) => (operation ? accepted : undefined));
      },
      account: async () => undefined,
      expiredHolds: async () => [],
    };
    return { store, seen };
  }

  test("commit for several workspaces at once, for each one batch after the other and in order", async () => {
    const { store, seen } = storeThatTakesTime();
    const ledger = new GroupCommitLedger({ store, lanes: 4, maxBatch: 5, onFailure: () => undefined });
    const workspaces = Array.from({ length: 12 }, () => newId("ws"));
    const submitted: Promise<OperationResult>[] = [];
    for (let round = 0; round < 20; round++) {
      for (const id of workspaces) submitted.push(ledger.submit({ ...credit(`${round}`), workspaceId: id }));
      if (round % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(submitted);
    expect(seen.overlapped).toBe(false);
    expect(seen.mostAtOnce).toBeGreaterThan(1);
    expect(seen.mostAtOnce).toBeLessThanOrEqual(4);
    const rounds = Array.from({ length: 20 }, (_, round) => `${round}`);
    for (const id of workspaces) {
      const own = seen.order.filter((line) => line.startsWith(`${id} `)).map((line) => line.slice(id.length + 1));
      expect(own).toEqual(rounds);
    }
  });

  test("take a record without an operation behind its workspace's operations, and are all waited for by a flush", async () => {
    const { store, seen } = storeThatTakesTime();
    const ledger = new GroupCommitLedger({ store, lanes: 8, onFailure: () => undefined });
    const workspaces = Array.from({ length: 20 }, () => newId("ws"));
    const submitted = workspaces.map((id) => ledger.submit({ ...credit("first"), workspaceId: id }));
    for (const id of workspaces) ledger.recordOnly(recordFor(id, newId("req"), { requestedModel: "second" }));
    await ledger.flush();
    expect(seen.order.toSorted()).toEqual(workspaces.flatMap((id) => [`${id} first`, `${id} second`]).toSorted());
    for (const id of workspaces)
      expect(seen.order.indexOf(`${id} first`)).toBeLessThan(seen.order.indexOf(`${id} second`));
    await Promise.all(submitted);
  });

  test("share the bound on what may wait, which a flush does not count against", async () => {
    const { store } = storeThatTakesTime();
    const ledger = new GroupCommitLedger({ store, lanes: 4, maxQueued: 10, onFailure: () => undefined });
    const submitted = Array.from({ length: 15 }, () => ledger.submit({ ...credit("a"), workspaceId: newId("ws") }));
    const [outcomes] = await Promise.all([Promise.allSettled(submitted), ledger.flush()]);
    expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(5);
  });
});
