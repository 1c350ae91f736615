// Gives every entry that was written before there was a chain its hash, and every account its chain's head.

import type { Database } from "bun:sqlite";
import { asId, type EntryId, type RequestId, type WorkspaceId } from "../../../contracts/ids.ts";
import { entryHash, firstChainHead } from "../../../ledger/entry-hash.ts";
import { counterparts, entryKinds } from "../../../ledger/operations.ts";
import { picodollars } from "../../../money/picodollars.ts";
import { wordOf } from "../../read-column.ts";

type Row = {
  sequence: bigint;
  id: string;
  kind: string;
  counterpart: string;
  amount: bigint;
  balance_after: bigint;
  request_id: string | null;
  memo: string;
  created_at: bigint;
  price_version: string | null;
  lines: string;
  uncollected: bigint;
};

export function chainEntries(sqlite: Database): void {
  const accounts = sqlite.query<{ workspace_id: string }, []>("SELECT workspace_id FROM accounts").all();
  const entries = sqlite.query<Row, [string]>("SELECT * FROM ledger_entries WHERE workspace_id = ? ORDER BY sequence");
  const putHash = sqlite.query("UPDATE ledger_entries SET hash = ? WHERE workspace_id = ? AND sequence = ?");
  const putHead = sqlite.query("UPDATE accounts SET chain_head = ? WHERE workspace_id = ?");
  for (const { workspace_id } of accounts) {
    let head = firstChainHead;
    for (const row of entries.all(workspace_id)) {
      head = entryHash(head, unhashed(asId<WorkspaceId>(workspace_id), row));
      putHash.run(head, workspace_id, row.sequence);
    }
    putHead.run(head, workspace_id);
  }
}

function unhashed(workspaceId: WorkspaceId, row: Row) {
  return {
    workspaceId,
    sequence: Number(row.sequence),
    id: asId<EntryId>(row.id),
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
  };
}
