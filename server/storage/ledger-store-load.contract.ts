// Many operations at once and in any order: the store does what the ledger in memory does.

import { expect, test } from "bun:test";
import fc from "fast-check";
import { newId } from "../contracts/ids.ts";
import { emptyAccount } from "../ledger/batch.ts";
import type { BatchItem } from "../ledger/group-commit.ts";
import { MemoryLedger, money, reasonsOf, recordFor } from "../ledger/ledger.test-kit.ts";
import type { OperationResult } from "../ledger/operations.ts";
import { drawnSteps, Script } from "../ledger/random-operations.test-kit.ts";
import { ledgerOver, type OpenedStore, type UseStore } from "./ledger-store.test-kit.ts";

export function manyAtOnce(use: UseStore): void {
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
