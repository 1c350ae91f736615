// Reads the whole ledger for audits, on either engine: in pages by key, so that it never is in memory at once.

import { sql, type Kysely, type Selectable } from "kysely";
import type { AuditedEntry, LedgerRecords } from "../audit/ledger-records.ts";
import type { Tables } from "./database.ts";
import { optionalNumber } from "./read-column.ts";

/**
 * @param query a transaction that sees one moment of the database
 * @param rowsPerPage how many entries are in memory at once
 */
export function ledgerRecords(query: Kysely<Tables>, rowsPerPage = 4_000): LedgerRecords {
  return {
    entryPages: (workspaceId) => entryPages(query, workspaceId, rowsPerPage),
    async accounts(workspaceId) {
      let select = query.selectFrom("accounts").selectAll();
      if (workspaceId !== undefined) select = select.where("workspace_id", "=", workspaceId);
      return (await select.orderBy("workspace_id").execute()).map((row) => ({
        workspaceId: row.workspace_id,
        balance: row.balance,
        held: row.held,
        pledged: row.pledged,
        entrySequence: Number(row.entry_sequence),
        chainHead: row.chain_head,
      }));
    },
    async openHolds(workspaceId) {
      let select = query.selectFrom("holds").selectAll().where("state", "=", "open");
      if (workspaceId !== undefined) select = select.where("workspace_id", "=", workspaceId);
      return (await select.execute()).map((row) => ({
        workspaceId: row.workspace_id,
        requestId: row.request_id,
        amount: row.amount,
        ceiling: row.ceiling,
        scopes: row.scopes,
      }));
    },
    counters: () => query.selectFrom("counters").select(["scope", "pledged"]).execute(),
    priceLists: () => query.selectFrom("price_lists").select(["version", "prices"]).execute(),
    async debitedUsage(workspaceId) {
      let select = debitedUsage(query).select(["workspace_id", (build) => build.fn.countAll().as("rows")]);
      if (workspaceId !== undefined) select = select.where("workspace_id", "=", workspaceId);
      const rows = await select.groupBy("workspace_id").execute();
      return new Map(rows.map((row) => [row.workspace_id, Number(row.rows)]));
    },
    async usageWithoutEntry(workspaceId, limit) {
      let select = debitedUsage(query).select(["workspace_id", "request_id"]);
      if (workspaceId !== undefined) select = select.where("workspace_id", "=", workspaceId);
      const rows = await select
        .where(
          sql<boolean>`NOT EXISTS (SELECT 1 FROM ledger_entries AS entry
            WHERE entry.workspace_id = usage_rows.workspace_id AND entry.sequence = usage_rows.entry_sequence
              AND entry.request_id = usage_rows.request_id AND entry.kind = 'debit')`,
        )
        .limit(limit)
        .execute();
      return rows.map((row) => ({ workspaceId: row.workspace_id, requestId: row.request_id }));
    },
  };
}

function debitedUsage(query: Kysely<Tables>) {
  return query
    .selectFrom("usage_rows")
    .where((where) => where.or([where("debit", "<>", 0n), where("entry_sequence", "is not", null)]));
}

type EntryRow = Selectable<Tables["ledger_entries"]> & {
  usage_debit: bigint | null;
  usage_sequence: bigint | number | null;
  usage_price_version: string | null;
  unbillable_reason: string | null;
};

async function* entryPages(query: Kysely<Tables>, workspaceId: string | undefined, rowsPerPage: number) {
  let last: EntryRow | undefined;
  do {
    let select = entriesWithUsage(query);
    if (workspaceId !== undefined) select = select.where("ledger_entries.workspace_id", "=", workspaceId);
    if (last) {
      const { workspace_id, sequence } = last;
      select = select.where((where) => {
        const position = where.refTuple("ledger_entries.workspace_id", "ledger_entries.sequence");
        return where(position, ">", where.tuple(workspace_id, sequence));
      });
    }
    const rows: EntryRow[] = await select.limit(rowsPerPage).execute();
    yield rows.map(entryOf);
    last = rows.length === rowsPerPage ? rows.at(-1) : undefined;
  } while (last);
}

function entriesWithUsage(query: Kysely<Tables>) {
  return query
    .selectFrom("ledger_entries")
    .leftJoin("usage_rows", (join) =>
      join
        .onRef("usage_rows.workspace_id", "=", "ledger_entries.workspace_id")
        .onRef("usage_rows.request_id", "=", "ledger_entries.request_id"),
    )
    .selectAll("ledger_entries")
    .select([
      "usage_rows.debit as usage_debit",
      "usage_rows.entry_sequence as usage_sequence",
      "usage_rows.price_version as usage_price_version",
      "usage_rows.unbillable_reason",
    ])
    .orderBy("ledger_entries.workspace_id")
    .orderBy("ledger_entries.sequence");
}

function entryOf(row: EntryRow): AuditedEntry {
  return {
    workspaceId: row.workspace_id,
    sequence: Number(row.sequence),
    id: row.id,
    kind: row.kind,
    counterpart: row.counterpart,
    amount: row.amount,
    balanceAfter: row.balance_after,
    requestId: row.request_id ?? undefined,
    memo: row.memo,
    createdAt: Number(row.created_at),
    priceVersion: row.price_version ?? undefined,
    lines: row.lines,
    uncollected: row.uncollected,
    hash: row.hash,
    usageDebit: row.usage_debit ?? undefined,
    usageEntrySequence: optionalNumber(row.usage_sequence),
    usagePriceVersion: row.usage_price_version ?? undefined,
    usageUnbillableReason: row.unbillable_reason ?? undefined,
  };
}
