// The requests of a workspace as a file, sent while it is read: a page at a time, and no further once the client leaves.

import { usageRowSchema } from "../../contracts/control-activity.ts";
import type { KeyId, RequestId, WorkspaceId } from "../../contracts/ids.ts";
import type { UsageFilter, UsageRecords } from "../../workspaces/usage-records.ts";
import { csvLine } from "./csv.ts";
import { showUsage, type Holders } from "./shown-usage.ts";

export type UsageExport = {
  readonly format: "csv" | "jsonl";
  readonly filter: UsageFilter;
  /** Whom these keys belong to. */
  readonly holders: (keyIds: readonly KeyId[]) => Promise<Holders>;
};

export const exportMedia = { csv: "text/csv; charset=utf-8", jsonl: "application/jsonl" } as const;

const rowsPerPage = 1_000;
type Shown = ReturnType<typeof showUsage>;
const columns = usageRowSchema.keyof().options.filter((column) => column !== "object");

/** Newest first, every column that the list of usage has. */
export function exportUsage(usage: UsageRecords, workspaceId: WorkspaceId, wanted: UsageExport): Response {
  const { format } = wanted;
  const chunks = linesOf(usage, workspaceId, wanted);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await chunks.return(undefined);
    },
  });
  const disposition = `attachment; filename="usage.${format}"`;
  return new Response(body, { headers: { "content-type": exportMedia[format], "content-disposition": disposition } });
}

async function* linesOf(
  usage: UsageRecords,
  workspaceId: WorkspaceId,
  { format, filter, holders }: UsageExport,
): AsyncGenerator<string, undefined> {
  if (format === "csv") yield csvLine(columns);
  const lineOf = format === "csv" ? csvRow : (row: Shown) => `${JSON.stringify(row)}\n`;
  let before: RequestId | undefined;
  do {
    const { rows, next } = await usage.find(workspaceId, filter, { before, limit: rowsPerPage });
    const known = await holders(rows.map(({ keyId }) => keyId));
    if (rows.length > 0) yield rows.map((row) => lineOf(showUsage(row, known))).join("");
    before = next;
  } while (before !== undefined);
}

function csvRow(row: Shown): string {
  return csvLine(columns.map((column) => row[column]));
}
