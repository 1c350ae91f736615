// Reads ledger entries, one page at a time.

import type { Kysely, Selectable } from "kysely";
import { asId, type EntryId, type RequestId, type WorkspaceId } from "../contracts/ids.ts";
import { counterparts, entryKinds } from "../ledger/operations.ts";
import { picodollars } from "../money/picodollars.ts";
import type { ActivityRecords, EntryHeadline } from "../workspaces/activity-records.ts";
import type { Tables } from "./database.ts";
import { wordOf } from "./read-column.ts";

export function activityStore(query: Kysely<Tables>): ActivityRecords {
  return {
    async findCredit(workspaceId, entryId) {
      const row = await query
        .selectFrom("ledger_entries")
        .selectAll()
        .where("id", "=", entryId)
        // In the words of the partial index on ids, or it would not be used.
        .where("kind", "<>", "debit")
        .executeTakeFirst();
      return row?.workspace_id === workspaceId ? entryFromRow(row) : undefined;
    },
    async listEntries(workspaceId, { before, limit }) {
      let select = query.selectFrom("ledger_entries").selectAll().where("workspace_id", "=", workspaceId);
      if (before !== undefined) select = select.where("sequence", "<", before);
      return (await select.orderBy("sequence", "desc").limit(limit).execute()).map(entryFromRow);
    },
  };
}

export function entryFromRow(row: Selectable<Tables["ledger_entries"]>): EntryHeadline {
  return {
    id: asId<EntryId>(row.id),
    workspaceId: asId<WorkspaceId>(row.workspace_id),
    sequence: Number(row.sequence),
    kind: wordOf(entryKinds, row.kind),
    counterpart: wordOf(counterparts, row.counterpart),
    amount: picodollars(row.amount),
    balanceAfter: picodollars(row.balance_after),
    requestId: row.request_id === null ? undefined : asId<RequestId>(row.request_id),
    memo: row.memo,
    createdAt: Number(row.created_at),
    priceVersion: row.price_version ?? undefined,
    uncollected: picodollars(row.uncollected),
    hash: row.hash,
  };
}
