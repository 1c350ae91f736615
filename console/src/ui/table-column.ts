// What a column of a table is, and a table's rows as CSV.

import type { ReactNode } from "react";

export type TableColumn<Row> = {
  /** Also its key in what the browser remembers. */
  readonly id: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** The cell as text, for CSV: exact money, ISO times, whole ids. Absent: the column stays out of it. */
  readonly text?: (row: Row) => string;
  /** A track of CSS grid; `minmax(8rem, 1fr)` unless it says otherwise. */
  readonly width?: string;
  /** Numbers that are compared stand at the right. */
  readonly align?: "right";
  /** Not shown until the reader asks for it. */
  readonly hidden?: boolean;
  /** Cannot be hidden. */
  readonly fixed?: boolean;
  /** The server can sort by it, under this name. */
  readonly sort?: string;
};

export type SortOrder = { readonly by: string; readonly descending: boolean };

/** RFC 4180, with a mark that makes spreadsheets read it as UTF-8. */
export function csvOf<Row>(columns: readonly TableColumn<Row>[], rows: readonly Row[]): string {
  const written = columns.filter((column) => column.text !== undefined);
  const lines = [written.map(({ title }) => title), ...rows.map((row) => written.map(({ text }) => text?.(row) ?? ""))];
  return `\uFEFF${lines.map((cells) => cells.map(csvCell).join(",")).join("\r\n")}\r\n`;
}

/** A cell that begins like a formula would be run by a spreadsheet: an apostrophe keeps it text. */
function csvCell(text: string): string {
  const harmless = /^[=+@\t\r]|^-(?![\d.])/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
