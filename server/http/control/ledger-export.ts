// A workspace's ledger as a file: read in pieces while it is sent, so that length costs no memory.

import type { WorkspaceId } from "../../contracts/ids.ts";
import { formatUsd } from "../../money/picodollars.ts";
import type { EntryFilter, EntryRecords, ReadEntry } from "../../workspaces/entry-records.ts";
import { entryPages } from "../../workspaces/read-entries.ts";
import { csvLine } from "./csv.ts";
import { isoTime } from "./shown-values.ts";

const mostEntries = 1_000_000;

const formats = {
  csv: { type: "text/csv; charset=utf-8", line: csvEntry },
  jsonl: { type: "application/jsonl; charset=utf-8", line: jsonEntry },
} as const;

/** In the order of the columns. */
const columns = [
  "sequence",
  "created_at",
  "kind",
  "counterpart",
  "amount_usd",
  "balance_after_usd",
  "request_id",
  "memo",
  "price_version",
  "uncollected_usd",
  "id",
  "hash",
] as const;

export function downloadEntries(
  records: EntryRecords,
  workspaceId: WorkspaceId,
  filter: EntryFilter,
  format: keyof typeof formats,
): Response {
  const lines = exportLines(records, workspaceId, filter, format);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
  const headers = {
    "content-type": formats[format].type,
    "content-disposition": `attachment; filename="ledger.${format}"`,
  };
  return new Response(body, { headers });
}

async function* exportLines(
  records: EntryRecords,
  workspaceId: WorkspaceId,
  filter: EntryFilter,
  format: keyof typeof formats,
): AsyncGenerator<string, undefined> {
  if (format === "csv") yield csvLine([...columns]);
  let left = mostEntries;
  for await (const page of entryPages(records, workspaceId, filter)) {
    yield page
      .slice(0, left)
      .map((entry) => formats[format].line(entry))
      .join("");
    left -= page.length;
    if (left <= 0) break;
  }
  return undefined;
}

function csvEntry(entry: ReadEntry): string {
  const shown = showEntry(entry);
  return csvLine(columns.map((column) => shown[column]));
}

function jsonEntry(entry: ReadEntry): string {
  return `${JSON.stringify(showEntry(entry))}\n`;
}

export function showEntry(entry: ReadEntry) {
  return {
    object: "ledger_entry" as const,
    id: entry.id,
    sequence: entry.sequence,
    kind: entry.kind,
    counterpart: entry.counterpart,
    amount_usd: formatUsd(entry.amount),
    balance_after_usd: formatUsd(entry.balanceAfter),
    request_id: entry.requestId ?? null,
    memo: entry.memo,
    price_version: entry.priceVersion ?? null,
    uncollected_usd: formatUsd(entry.uncollected),
    hash: entry.hash,
    created_at: isoTime(entry.createdAt),
  };
}
