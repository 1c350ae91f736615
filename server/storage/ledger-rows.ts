// Rows of the ledger's tables as the ledger's own terms, the same for every engine.

import { asId, type KeyId, type RequestId, type WorkspaceId } from "../contracts/ids.ts";
import type { Account, Counter, Entry, Hold } from "../ledger/operations.ts";
import { picodollars, type Picodollars } from "../money/picodollars.ts";
import { textList } from "./read-column.ts";
import type { ColumnValue } from "./usage-columns.ts";

export type AccountRow = {
  balance: bigint;
  held: bigint;
  pledged: bigint;
  entry_sequence: bigint | number;
  chain_head: string;
  low_balance_threshold: bigint | null;
};

export type HoldRow = {
  workspace_id: string;
  key_id: string;
  amount: bigint;
  ceiling: bigint;
  state: Hold["state"];
  expires_at: bigint;
  scopes: string;
};

export type CounterRow = { spent: bigint; pledged: bigint; limit_amount: bigint | null; warn_at: bigint | null };

export function accountFromRow(workspaceId: WorkspaceId, row: AccountRow): Account {
  return {
    workspaceId,
    balance: picodollars(row.balance),
    held: picodollars(row.held),
    pledged: picodollars(row.pledged),
    entrySequence: Number(row.entry_sequence),
    chainHead: row.chain_head,
    lowBalanceThreshold: optionalMoney(row.low_balance_threshold),
  };
}

export function counterFromRow(scope: string, row: CounterRow): Counter {
  return {
    scope,
    spent: picodollars(row.spent),
    pledged: picodollars(row.pledged),
    limit: optionalMoney(row.limit_amount),
    warnAt: optionalMoney(row.warn_at),
  };
}

export function holdFromRow(requestId: RequestId, row: HoldRow): Hold {
  return {
    requestId,
    workspaceId: asId<WorkspaceId>(row.workspace_id),
    keyId: asId<KeyId>(row.key_id),
    amount: picodollars(row.amount),
    ceiling: picodollars(row.ceiling),
    state: row.state,
    expiresAt: Number(row.expires_at),
    scopes: row.scopes === "[]" ? [] : textList(row.scopes),
  };
}

/** A hold's scopes as they are stored. */
export function scopesText(scopes: readonly string[]): string {
  return scopes.length === 0 ? "[]" : JSON.stringify(scopes);
}

function optionalMoney(column: bigint | null): Picodollars | undefined {
  return column === null ? undefined : picodollars(column);
}

/** In the order in which both engines insert the columns of an entry. */
export function entryValues(entry: Entry): ColumnValue[] {
  return [
    entry.workspaceId,
    entry.sequence,
    entry.id,
    entry.kind,
    entry.counterpart,
    entry.amount,
    entry.balanceAfter,
    entry.requestId ?? null,
    entry.memo,
    entry.createdAt,
    entry.priceVersion ?? null,
    entry.lines,
    entry.uncollected,
    entry.hash,
  ];
}
