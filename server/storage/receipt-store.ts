// What a receipt is made of: a request's usage row and the entry of its debit.

import type { Kysely } from "kysely";
import type { ReceiptEntry, ReceiptRecords } from "../audit/receipt.ts";
import { readEntryLines } from "../ledger/entry-lines.ts";
import { picodollars } from "../money/picodollars.ts";
import type { Tables } from "./database.ts";
import { usageFactsOf, type UsageColumns } from "./usage-rows.ts";

export function receiptStore(query: Kysely<Tables>): ReceiptRecords {
  return {
    async find(workspaceId, requestId) {
      const row = await query
        .selectFrom("usage_rows")
        .selectAll()
        .where("workspace_id", "=", workspaceId)
        .where("request_id", "=", requestId)
        .executeTakeFirst();
      return row && { usage: { ...usageFactsOf(row), workspaceId }, entry: await findEntry(query, row) };
    },
  };
}

async function findEntry(query: Kysely<Tables>, usage: UsageColumns): Promise<ReceiptEntry | undefined> {
  if (usage.entry_sequence === null) return undefined;
  const row = await query
    .selectFrom("ledger_entries")
    .select(["sequence", "id", "hash", "created_at", "lines", "uncollected"])
    .where("workspace_id", "=", usage.workspace_id)
    .where("sequence", "=", usage.entry_sequence)
    .executeTakeFirst();
  return (
    row && {
      sequence: Number(row.sequence),
      id: row.id,
      hash: row.hash,
      createdAt: Number(row.created_at),
      lines: readEntryLines(row.lines),
      uncollected: picodollars(row.uncollected),
    }
  );
}
