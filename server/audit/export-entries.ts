// The ledger as a file: one line an entry, with everything that is needed to recompute its chain elsewhere.

import { firstChainHead } from "../ledger/entry-hash.ts";
import { formatUsd, picodollars } from "../money/picodollars.ts";
import { csvLine } from "./csv.ts";
import type { AuditedEntry, Period } from "./ledger-records.ts";

export const exportFormats = ["csv", "jsonl"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** The columns of a CSV export, in this order. */
export const csvColumns = [
  "workspace_id",
  "sequence",
  "id",
  "kind",
  "counterpart",
  "amount_usd",
  "balance_after_usd",
  "request_id",
  "memo",
  "created_at",
  "price_version",
  "lines",
  "uncollected_usd",
  "previous_hash",
  "hash",
] as const;

/** Text that knows how many entries it holds. */
export type ExportedPage = { readonly text: string; readonly entries: number };

/**
 * The entries of the period, in pages. Each names the hash before its own, so that a part of the chain can be checked
 * without the rest.
 * @param pages all entries by workspace and sequence
 */
export async function* exportEntries(
  pages: AsyncIterable<readonly AuditedEntry[]>,
  period: Period,
  format: ExportFormat,
): AsyncGenerator<ExportedPage> {
  if (format === "csv") yield { text: csvLine(csvColumns.map((column) => ({ value: column }))), entries: 0 };
  const lineOf = format === "csv" ? csvEntry : jsonEntry;
  let [workspace, previous] = ["", firstChainHead];
  for await (const page of pages) {
    let [text, entries] = ["", 0];
    for (const entry of page) {
      if (entry.workspaceId !== workspace) [workspace, previous] = [entry.workspaceId, firstChainHead];
      if (isWithin(entry.createdAt, period)) {
        text += lineOf(entry, previous);
        entries++;
      }
      previous = entry.hash;
    }
    if (entries > 0) yield { text, entries };
  }
}

function isWithin(time: number, { from, to }: Period): boolean {
  return (from === undefined || time >= from) && (to === undefined || time < to);
}

/** The stored fields as they are hashed: money in picodollars as text, time in Unix milliseconds. */
function jsonEntry(entry: AuditedEntry, previousHash: string): string {
  const fields = {
    workspace_id: entry.workspaceId,
    sequence: entry.sequence,
    id: entry.id,
    kind: entry.kind,
    counterpart: entry.counterpart,
    amount: entry.amount.toString(),
    balance_after: entry.balanceAfter.toString(),
    request_id: entry.requestId ?? null,
    memo: entry.memo,
    created_at: entry.createdAt,
    price_version: entry.priceVersion ?? null,
    lines: entry.lines,
    uncollected: entry.uncollected.toString(),
    previous_hash: previousHash,
    hash: entry.hash,
  };
  return `${JSON.stringify(fields)}\n`;
}

function csvEntry(entry: AuditedEntry, previousHash: string): string {
  return csvLine([
    { value: entry.workspaceId },
    { value: entry.sequence.toString() },
    { value: entry.id },
    { value: entry.kind },
    { value: entry.counterpart },
    { value: formatUsd(picodollars(entry.amount)) },
    { value: formatUsd(picodollars(entry.balanceAfter)) },
    { value: entry.requestId ?? "" },
    { value: entry.memo, text: true },
    { value: new Date(entry.createdAt).toISOString() },
    { value: entry.priceVersion ?? "" },
    { value: entry.lines, text: true },
    { value: formatUsd(picodollars(entry.uncollected)) },
    { value: previousHash },
    { value: entry.hash },
  ]);
}
