// Reads what a batch of operations needs in one pipeline, behind the locks of the accounts that it touches.

import type { ClientBase } from "pg";
import { asId, type EntryId, type RequestId, type WorkspaceId } from "../../contracts/ids.ts";
import type { LedgerState, Refundable } from "../../ledger/batch.ts";
import type { Operation } from "../../ledger/operations.ts";
import { picodollars } from "../../money/picodollars.ts";
import {
  accountFromRow,
  counterFromRow,
  holdFromRow,
  type AccountRow,
  type CounterRow,
  type HoldRow,
} from "../ledger-rows.ts";

const lockAccounts = `SELECT workspace_id, balance, held, pledged, entry_sequence, chain_head, low_balance_threshold
  FROM accounts WHERE workspace_id = ANY($1::text[]) ORDER BY workspace_id FOR UPDATE`;

const loadHolds = `SELECT request_id, workspace_id, key_id, amount, ceiling, state, expires_at, scopes
  FROM holds WHERE request_id = ANY($1::text[])`;

/** The scopes that the batch names, and those that its open holds count against. */
const loadCounters = `SELECT scope, spent, pledged, limit_amount, warn_at FROM counters WHERE scope IN (
    SELECT unnest($1::text[])
    UNION SELECT jsonb_array_elements_text(scopes::jsonb) FROM holds WHERE request_id = ANY($2::text[]))`;

const loadEntryIds = "SELECT id FROM ledger_entries WHERE id = ANY($1::text[]) AND kind <> 'debit'";

const loadRefundable = `SELECT workspace_id, request_id,
    debit - (SELECT coalesce(sum(amount), 0) FROM ledger_entries AS refund
      WHERE refund.workspace_id = usage_rows.workspace_id AND refund.request_id = usage_rows.request_id
        AND refund.kind = 'refund')::bigint AS amount
  FROM usage_rows WHERE (workspace_id, request_id) IN (SELECT * FROM unnest($1::text[], $2::text[]))`;

/** Begins the transaction of a batch and locks its accounts, always in the same order. */
export function beginLocked(client: ClientBase, workspaceIds: readonly WorkspaceId[]) {
  return [
    client.query("BEGIN ISOLATION LEVEL READ COMMITTED"),
    client.query<AccountRow & { workspace_id: string }>({
      name: "lock-accounts",
      text: lockAccounts,
      values: [workspaceIds.toSorted()],
    }),
  ] as const;
}

/**
 * Begins a transaction and loads. Each statement sees what was committed before it began, and those behind the locks
 * begin when the locks are granted: so they see all that other processes did to these accounts.
 */
export async function loadBatch(client: ClientBase, operations: readonly Operation[]): Promise<LedgerState> {
  const { workspaceIds, requestIds, scopes, entryIds, refunds } = namesOf(operations);
  const [begun, locked] = beginLocked(client, workspaceIds);
  const [, accounts, holds, counters, known, refundable] = await Promise.all([
    begun,
    locked,
    rowsOf<HoldRow & { request_id: string }>(client, "load-holds", loadHolds, [requestIds]),
    rowsOf<CounterRow & { scope: string }>(client, "load-counters", loadCounters, [scopes, requestIds]),
    rowsOf<{ id: string }>(client, "load-entry-ids", loadEntryIds, [entryIds]),
    rowsOf<{ workspace_id: string; request_id: string; amount: bigint }>(client, "load-refundable", loadRefundable, [
      refunds.map(({ workspaceId }) => workspaceId),
      refunds.map(({ requestId }) => requestId),
    ]),
  ]);
  return {
    accounts: mapped(accounts.rows, (row) => {
      const workspaceId = asId<WorkspaceId>(row.workspace_id);
      return [workspaceId, accountFromRow(workspaceId, row)];
    }),
    holds: mapped(holds, (row) => {
      const requestId = asId<RequestId>(row.request_id);
      return [requestId, holdFromRow(requestId, row)];
    }),
    counters: mapped(counters, (row) => [row.scope, counterFromRow(row.scope, row)]),
    knownEntryIds: new Set(known.map((row) => asId<EntryId>(row.id))),
    refundable: mapped<(typeof refundable)[number], RequestId, Refundable>(refundable, (row) => [
      asId<RequestId>(row.request_id),
      { workspaceId: asId<WorkspaceId>(row.workspace_id), amount: picodollars(row.amount) },
    ]),
  };
}

/** Of all that a batch could name, what this one names; nothing is asked of a table of which it names nothing. */
function namesOf(operations: readonly Operation[]) {
  const workspaceIds = new Set<WorkspaceId>();
  const requestIds: RequestId[] = [];
  const scopes = new Set<string>();
  const entryIds: EntryId[] = [];
  const refunds: { workspaceId: WorkspaceId; requestId: RequestId }[] = [];
  for (const operation of operations) {
    workspaceIds.add(operation.workspaceId);
    if (operation.type === "credit" || operation.type === "refund" || operation.type === "adjust") {
      entryIds.push(operation.entryId);
      if (operation.type === "refund") refunds.push(operation);
      continue;
    }
    requestIds.push(operation.requestId);
    if (operation.type === "hold" || operation.type === "grow")
      for (const { scope } of operation.caps) scopes.add(scope);
  }
  return { workspaceIds: [...workspaceIds], requestIds, scopes: [...scopes], entryIds, refunds };
}

async function rowsOf<Row extends Record<string, unknown>>(
  client: ClientBase,
  name: string,
  text: string,
  values: readonly (readonly string[])[],
): Promise<Row[]> {
  if (values.every((list) => list.length === 0)) return [];
  return (await client.query<Row>({ name, text, values: [...values] })).rows;
}

function mapped<Row, Key, Value>(rows: readonly Row[], pair: (row: Row) => [Key, Value]): Map<Key, Value> {
  return new Map(rows.map(pair));
}
