// Tables as CSV for download: a stream that reads one page after the other, so that length costs no memory.

/** As RFC 4180 has it. What a spreadsheet would run as a formula gets an apostrophe before it. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map((cell) => csvCell(String(cell ?? ""))).join(",")}\r\n`;
}

function csvCell(text: string): string {
  const harmless = /^[=+@\t\r]|^-(?![\d.]+$)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export type CsvTable<Item, Cursor> = {
  readonly fileName: string;
  readonly columns: readonly string[];
  readonly row: (item: Item) => readonly (string | number | null)[];
  /** The page after `cursor`, which is undefined for the first. A page that is not full is the last. */
  readonly read: (cursor: Cursor | undefined, limit: number) => Promise<readonly Item[]>;
  readonly cursorOf: (item: Item) => Cursor;
};

const rowsPerPage = 500;
export const mostExportedRows = 100_000;

/** At most 100,000 rows. */
export function csvDownload<Item, Cursor>(table: CsvTable<Item, Cursor>): Response {
  const encoder = new TextEncoder();
  let cursor: Cursor | undefined;
  let written = 0;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(csvLine(table.columns))),
    async pull(controller) {
      const items = await table.read(cursor, rowsPerPage);
      const last = items.at(-1);
      written += items.length;
      if (last !== undefined) {
        cursor = table.cursorOf(last);
        controller.enqueue(encoder.encode(items.map((item) => csvLine(table.row(item))).join("")));
      }
      if (items.length < rowsPerPage || written >= mostExportedRows) controller.close();
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${table.fileName}"`,
    },
  });
}
