// What the ledger is compared with: the usual design on Postgres, one transaction for each hold and for each settle. It
// locks the account's row, checks, writes one row after the other and commits, each statement a round trip. The checks
// and the rows are the ledger's own, so that only the way of writing differs.

import { Pool, type PoolClient } from "pg";
import type { RequestId } from "../../server/contracts/ids.ts";
import type { LedgerState } from "../../server/ledger/batch.ts";
import { decide } from "../../server/ledger/decide.ts";
import type { Hold, HoldOperation, OperationResult, SettleOperation } from "../../server/ledger/operations.ts";
import type { RequestRecord } from "../../server/ledger/request-record.ts";
import { accountFromRow, holdFromRow, type AccountRow, type HoldRow } from "../../server/storage/ledger-rows.ts";
import { connectionOptions } from "../../server/storage/postgres/connection-options.ts";
import { ledgerWrites, recordWrites } from "../../server/storage/postgres/write-batch.ts";
import { BlockFrontier } from "../../server/storage/usage-blocks/frontier.ts";
import type { MeasuredLedger } from "./pair-load.ts";

const lockAccount = `SELECT balance, held, pledged, entry_sequence, chain_head, low_balance_threshold
  FROM accounts WHERE workspace_id = $1 FOR UPDATE`;
const findHold = `SELECT workspace_id, key_id, amount, ceiling, state, expires_at, scopes
  FROM holds WHERE request_id = $1`;
/** More connections than this only wait for the same row. */
const mostConnections = 16;
const frontier = new BlockFrontier();

export function openRowByRow(url: string, callers: number) {
  const pool = new Pool({ ...connectionOptions(url), max: Math.min(callers, mostConnections) });
  const ledger: MeasuredLedger = {
    hold: (operation) => transact(pool, operation, undefined),
    settle: (operation, record) => transact(pool, operation, record),
  };
  return { ledger, close: () => pool.end() };
}

async function transact(
  pool: Pool,
  operation: HoldOperation | SettleOperation,
  record: RequestRecord | undefined,
): Promise<OperationResult> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const loaded = await load(client, operation);
    const changes = decide(loaded, [operation]);
    const [result] = changes.results;
    if (result === undefined) throw new Error("an operation had no result");
    const writes = [...ledgerWrites(changes, loaded), ...(record ? recordWrites([{ record, result }], frontier) : [])];
    for (const write of writes) await client.query(write);
    await client.query("COMMIT");
    return result;
  } finally {
    client.release();
  }
}

async function load(client: PoolClient, operation: HoldOperation | SettleOperation): Promise<LedgerState> {
  const { workspaceId, requestId } = operation;
  const accounts = await client.query<AccountRow>({ name: "lock", text: lockAccount, values: [workspaceId] });
  return {
    accounts: new Map(accounts.rows.map((row) => [workspaceId, accountFromRow(workspaceId, row)])),
    holds: operation.type === "settle" ? await holdsOf(client, requestId) : new Map<RequestId, Hold>(),
    counters: new Map(),
    knownEntryIds: new Set(),
    refundable: new Map(),
  };
}

async function holdsOf(client: PoolClient, requestId: RequestId): Promise<Map<RequestId, Hold>> {
  const { rows } = await client.query<HoldRow>({ name: "find-hold", text: findHold, values: [requestId] });
  return new Map(rows.map((row) => [requestId, holdFromRow(requestId, row)]));
}
