// The workspace whose holds are measured, and whether its books are right afterwards: a ledger that loses a debit or
// leaves a hold open has not done what was measured.

import { newId, type WorkspaceId } from "../../server/contracts/ids.ts";
import { formatUsd, parseUsd, picodollars, type Picodollars } from "../../server/money/picodollars.ts";
import type { OpenDatabase } from "../../server/storage/database.ts";
import { workspaceStore } from "../../server/storage/workspace-store.ts";
import { cost } from "./example-request.ts";

const paidIn = parseUsd("1000000");

/** Makes a workspace that can pay for every hold of a run. */
export async function openHoldBooks(database: OpenDatabase): Promise<WorkspaceId> {
  const workspaceId = newId("ws");
  const at = Date.now();
  await workspaceStore(database.query).insert({
    id: workspaceId,
    name: "Benchmark",
    slug: "benchmark",
    status: "active",
    statusReason: undefined,
    stackId: undefined,
    budget: undefined,
    createdAt: at,
  });
  await database.ledgerStore.commit([
    {
      operation: {
        type: "credit",
        workspaceId,
        entryId: newId("ent"),
        amount: paidIn ?? picodollars(0n),
        counterpart: "grants",
        memo: "benchmark",
        at,
      },
      record: undefined,
    },
  ]);
  return workspaceId;
}

/** What is wrong after `settled` pairs; empty when every one was debited once, is on record, and nothing is held. */
export async function faultsOfHoldBooks(
  database: OpenDatabase,
  workspaceId: WorkspaceId,
  settled: number,
): Promise<string[]> {
  const { query } = database;
  const account = await query
    .selectFrom("accounts")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .executeTakeFirst();
  const count = async (table: "holds" | "ledger_entries" | "usage_rows" | "route_traces"): Promise<number> => {
    const counted = query.selectFrom(table).select(query.fn.countAll().as("rows"));
    return Number((await counted.where("workspace_id", "=", workspaceId).executeTakeFirst())?.rows);
  };
  const balance = picodollars((paidIn ?? 0n) - BigInt(settled) * cost);
  const found: readonly [what: string, found: string, expected: string][] = [
    ["balance", usdOf(account?.balance), formatUsd(balance)],
    ["held", usdOf(account?.held), formatUsd(picodollars(0n))],
    ["pledged", usdOf(account?.pledged), formatUsd(picodollars(0n))],
    ["open holds", String(await count("holds")), "0"],
    ["entries", String(await count("ledger_entries")), String(settled + 1)],
    ["usage rows", String(await count("usage_rows")), String(settled)],
    ["traces", String(await count("route_traces")), String(settled)],
  ];
  return found.flatMap(([what, is, expected]) => (is === expected ? [] : [`${what}: ${is} instead of ${expected}`]));
}

function usdOf(amount: bigint | undefined): string {
  const known: Picodollars | undefined = amount === undefined ? undefined : picodollars(amount);
  return known === undefined ? "none" : formatUsd(known);
}
