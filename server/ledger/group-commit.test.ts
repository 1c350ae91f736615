import { describe, expect, test } from "bun:test";
import { newId } from "../contracts/ids.ts";
import { picodollars } from "../money/picodollars.ts";
import { emptyAccount } from "./batch.ts";
import { GroupCommitLedger, type BatchItem, type LedgerStore } from "./group-commit.ts";
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
