// Reads a workspace's ledger entries by filter, within a range of their numbers.

import { sql, type Kysely, type SelectQueryBuilder } from "kysely";
import type { WorkspaceId } from "../contracts/ids.ts";
import { entryKinds } from "../ledger/operations.ts";
import { picodollars } from "../money/picodollars.ts";
import type { EntryFilter, EntryRecords, SequenceRange } from "../workspaces/entry-records.ts";
import { entryFromRow } from "./activity-store.ts";
import type { Tables } from "./database.ts";
import { wordOf } from "./read-column.ts";

/** More refunds of one request are not shown together. */
const mostRefunds = 1_000;

export function entryStore(query: Kysely<Tables>): EntryRecords {
  const entries = (workspaceId: WorkspaceId) =>
    query.selectFrom("ledger_entries").where("ledger_entries.workspace_id", "=", workspaceId);
  return {
    async lastSequence(workspaceId) {
      const account = await query
        .selectFrom("accounts")
        .select("entry_sequence")
        .where("workspace_id", "=", workspaceId)
        .executeTakeFirst();
      return Number(account?.entry_sequence ?? 0);
    },
    async at(workspaceId, sequence) {
      const row = await entries(workspaceId)
        .select(["created_at", "balance_after"])
        .where("sequence", "=", sequence)
        .executeTakeFirst();
      return row && { createdAt: Number(row.created_at), balanceAfter: picodollars(row.balance_after) };
    },
    async sequencesOf(workspaceId, requestId) {
      const usage = await query
        .selectFrom("usage_rows")
        .select("entry_sequence")
        .where("workspace_id", "=", workspaceId)
        .where("request_id", "=", requestId)
        .executeTakeFirst();
      const refunds = await entries(workspaceId)
        .select("sequence")
        .where("request_id", "=", requestId)
        // Written out, so that the partial index on refunds is used.
        .where("kind", "=", sql.lit("refund"))
        .limit(mostRefunds)
        .execute();
      const debit = usage?.entry_sequence ?? undefined;
      return [...(debit === undefined ? [] : [Number(debit)]), ...refunds.map(({ sequence }) => Number(sequence))];
    },
    async list(workspaceId, filter, range, limit) {
      const select = filtered(entries(workspaceId), filter, range).selectAll("ledger_entries");
      const rows = await select.orderBy("ledger_entries.sequence", "desc").limit(limit).execute();
      return rows.map(entryFromRow);
    },
    async totals(workspaceId, filter, range) {
      const rows = await filtered(entries(workspaceId), filter, range)
        .select(["kind"])
        .select((row) => row.fn.countAll<bigint>().as("count"))
        .select(sql<bigint>`cast(sum(ledger_entries.amount) as bigint)`.as("amount"))
        .groupBy("kind")
        .execute();
      return rows.map(({ kind, count, amount }) => ({
        kind: wordOf(entryKinds, kind),
        entries: Number(count),
        amount: picodollars(amount),
      }));
    },
    async lines(workspaceId, { above, upTo }) {
      const rows = await entries(workspaceId)
        .select(["lines", "amount"])
        .where("sequence", ">", above)
        .where("sequence", "<=", upTo)
        .where("kind", "=", "debit")
        .orderBy("sequence")
        .execute();
      return rows.map(({ lines, amount }) => ({ lines, amount: picodollars(amount) }));
    },
  };
}

function filtered<Output>(
  from: SelectQueryBuilder<Tables, "ledger_entries", Output>,
  filter: EntryFilter,
  { above, upTo }: SequenceRange,
): SelectQueryBuilder<Tables, "ledger_entries", Output> {
  const { kinds, counterpart, from: first, to, keyId, requestId, text } = filter;
  let select = from.where("ledger_entries.sequence", ">", above).where("ledger_entries.sequence", "<=", upTo);
  if (kinds !== undefined) select = select.where("ledger_entries.kind", "in", kinds);
  if (counterpart !== undefined) select = select.where("ledger_entries.counterpart", "=", counterpart);
  if (first !== undefined) select = select.where("ledger_entries.created_at", ">=", first);
  if (to !== undefined) select = select.where("ledger_entries.created_at", "<", to);
  if (requestId !== undefined) select = select.where("ledger_entries.request_id", "=", requestId);
  if (text !== undefined) {
    const pattern = `%${text.toLowerCase().replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
    select = select.where(sql<boolean>`lower(ledger_entries.memo) like ${pattern} escape '\\'`);
  }
  if (keyId !== undefined) {
    select = select.where((row) =>
      row.exists(
        row
          .selectFrom("usage_rows")
          .select("usage_rows.request_id")
          .whereRef("usage_rows.workspace_id", "=", "ledger_entries.workspace_id")
          .whereRef("usage_rows.request_id", "=", "ledger_entries.request_id")
          .where("usage_rows.key_id", "=", keyId),
      ),
    );
  }
  return select;
}
