// Many operations at once and in any order: the store does what the ledger in memory does.

import { expect, test } from "bun:test";
import fc from "fast-check";
import { Findings } from "../audit/findings.ts";
import { verifyHolds } from "../audit/verify-holds.ts";
import { asId, newId, type RequestId, type WorkspaceId } from "../contracts/ids.ts";
import { emptyAccount } from "../ledger/batch.ts";
import type { BatchItem } from "../ledger/group-commit.ts";
import { MemoryLedger, money, Operations, reasonsOf, recordFor } from "../ledger/ledger.test-kit.ts";
import type { Operation, OperationResult } from "../ledger/operations.ts";
import { drawnSteps, Script } from "../ledger/random-operations.test-kit.ts";
import { ledgerRecords } from "./ledger-records.ts";
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

  test("answers and holds the same whether expired holds are there or deleted, and verifies clean", async () => {
    const opened = use();
    const property = fc.asyncProperty(drawnSteps, async (steps) => {
      const script = new Script(steps, newId("req").slice(4));
      for (const { workspaceId } of script.writers) await opened.addWorkspace(workspaceId);
      await runScript(opened, script);
      const open = (await stateOf(opened, script)).holds.filter(({ state }) => state === "open");
      const abandoned = open.filter((_, index) => index % 2 === 0);
      await opened.commit(...abandoned.map((row) => operationsOn(row).expire(1, 1_000)));
      const before = await stateOf(opened, script);
      const late = before.holds.filter(({ state }) => state === "expired").flatMap(lateOperations);
      const answers = reasonsOf(await opened.commit(...late));
      expect(new Set(answers)).toEqual(new Set(late.length === 0 ? [] : ["hold_not_open"]));
      await opened.database.prune(Number.MAX_SAFE_INTEGER);
      expect(reasonsOf(await opened.commit(...late))).toEqual(answers);
      const holds = before.holds.filter(({ state }) => state === "open");
      expect(await stateOf(opened, script)).toEqual({ ...before, holds });
      expect(await holdProblems(opened, script)).toBe(0);
    });
    await fc.assert(property, { numRuns: 12, endOnFailure: true });
  }, 60_000);
}

async function stateOf({ database }: OpenedStore, { writers }: Script) {
  const ids = writers.map(({ workspaceId }) => workspaceId);
  const holds = database.query.selectFrom("holds").selectAll().where("workspace_id", "in", ids).orderBy("request_id");
  return {
    accounts: await Promise.all(ids.map((id) => database.ledgerStore.account(id))),
    counters: await database.query.selectFrom("counters").selectAll().orderBy("scope").execute(),
    holds: await holds.execute(),
  };
}

/** What a request may still ask of its hold when it comes back late. */
function lateOperations(row: { readonly request_id: string; readonly workspace_id: string }): readonly Operation[] {
  const late = operationsOn(row);
  return [late.settle(1, 1), late.grow(1, 1), late.renew(1, 9_000), late.void(1), late.expire(1, 9_000)];
}

function operationsOn(row: { readonly request_id: string; readonly workspace_id: string }): Operations {
  return new Operations(asId<WorkspaceId>(row.workspace_id), () => asId<RequestId>(row.request_id));
}

/** What a verification of the ledger finds about holds. */
async function holdProblems({ database }: OpenedStore, { writers }: Script): Promise<number> {
  const records = ledgerRecords(database.query);
  const findings = new Findings();
  for (const { workspaceId } of writers) {
    const [holds, accounts] = [await records.openHolds(workspaceId), await records.accounts(workspaceId)];
    verifyHolds(holds, accounts, await records.counters(), false, findings);
  }
  return findings.total;
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
