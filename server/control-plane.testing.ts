// A control plane for tests: a real SQLite file in a temporary directory, a clock to turn, and a small ledger that books
// credits only.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import { asId, type StackId, type WorkspaceId } from "./contracts/ids.ts";
import { policySchema } from "./contracts/policy.ts";
import { openControlPlane, type ControlPlane } from "./control-plane.ts";
import { mountControlRoutes } from "./http/control/mount.ts";
import { operatorToken } from "./keys/operator-token.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Account, CreditOperation, Operation, OperationResult } from "./ledger/operations.ts";
import { noMoney, picodollars } from "./money/picodollars.ts";
import type { ManagedStack } from "./stacks/managed-stack.ts";
import type { OpenDatabase } from "./storage/database.ts";
import { openSqlite } from "./storage/sqlite.ts";

export type TestControlPlane = ControlPlane & {
  readonly database: OpenDatabase;
  readonly dataDir: string;
  readonly clock: { now: number };
  readonly master: Uint8Array;
  readonly token: string;
  readonly ledger: TestLedger;
  readonly app: Hono;
  readonly faults: Error[];
  close(): Promise<void>;
};

export const testManagedStacks: readonly ManagedStack[] = [managedStack("default-optimizer"), managedStack("low-cost")];

function managedStack(slug: string): ManagedStack {
  const policy = policySchema.parse(slug === "low-cost" ? { objective: { qualityTarget: "draft" } } : {});
  return {
    id: asId<StackId>(`stk_managed_${slug}`),
    slug,
    name: slug,
    description: `Managed ${slug}`,
    version: 1,
    policy,
  };
}

export async function openTestControlPlane(): Promise<TestControlPlane> {
  const dataDir = mkdtempSync(join(tmpdir(), "astrolabe-"));
  const database = await openSqlite(join(dataDir, "astrolabe.db"));
  const clock = { now: Date.parse("2030-01-01T00:00:00Z") };
  const master = new Uint8Array(32).fill(7);
  const ledger = new TestLedger(database);
  const faults: Error[] = [];
  const plane = openControlPlane({
    database,
    ledger,
    master,
    managedStacks: testManagedStacks,
    now: () => clock.now,
    reportFault: (fault) => faults.push(fault),
  });
  const app = new Hono();
  mountControlRoutes(app, plane.services);
  const close = async () => {
    await database.close();
    rmSync(dataDir, { recursive: true });
  };
  return { ...plane, database, dataDir, clock, master, token: operatorToken(master), ledger, app, faults, close };
}

/** Books credits and nothing else, as two plain writes. */
export class TestLedger implements Pick<Ledger, "submit" | "account"> {
  /** Set to make the next operations fail, as a crash before the commit would. */
  failing = false;
  readonly #database: OpenDatabase;

  constructor(database: OpenDatabase) {
    this.#database = database;
  }

  async submit(operation: Operation): Promise<OperationResult> {
    if (this.failing) throw new Error("The disk is gone.");
    if (operation.type !== "credit") throw new Error("This ledger books credits only.");
    const before = await this.account(operation.workspaceId);
    const account: Account = {
      workspaceId: operation.workspaceId,
      balance: picodollars((before?.balance ?? noMoney) + operation.amount),
      held: before?.held ?? noMoney,
      entrySequence: (before?.entrySequence ?? 0) + 1,
    };
    await this.#write(account, operation);
    return { ok: true, account };
  }

  async account(workspaceId: WorkspaceId): Promise<Account | undefined> {
    const query = this.#database.query.selectFrom("accounts").selectAll().where("workspace_id", "=", workspaceId);
    const row = await query.executeTakeFirst();
    if (row === undefined) return undefined;
    const [balance, held] = [picodollars(row.balance), picodollars(row.held)];
    return { workspaceId, balance, held, entrySequence: Number(row.entry_sequence) };
  }

  async #write(account: Account, operation: CreditOperation): Promise<void> {
    const row = { balance: account.balance, held: account.held, entry_sequence: account.entrySequence };
    const { query } = this.#database;
    await query
      .insertInto("accounts")
      .values({ workspace_id: account.workspaceId, ...row })
      .onConflict((conflict) => conflict.column("workspace_id").doUpdateSet(row))
      .execute();
    await query
      .insertInto("ledger_entries")
      .values({
        workspace_id: account.workspaceId,
        sequence: account.entrySequence,
        id: operation.entryId,
        kind: "credit",
        amount: operation.amount,
        balance_after: account.balance,
        request_id: null,
        memo: operation.memo,
        created_at: operation.at,
        price_version: null,
        lines: "[]",
        uncollected: noMoney,
      })
      .execute();
  }
}
