// Rows as aligned columns.

import { printableLine } from "./printable.ts";

export type Column<Row> = {
  readonly title: string;
  readonly value: (row: Row) => string | number | undefined;
  readonly align?: "left" | "right";
  /** Colours the padded cell. */
  readonly paint?: (cell: string, row: Row) => string;
};

/** Columns in which no row has anything are left out. */
export function tableLines<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  paintTitle: (text: string) => string,
): string[] {
  const filled = columns
    .map((column) => ({ ...column, cells: rows.map((row) => cellOf(column.value(row))) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ""))
    .map((column) => ({ ...column, width: Math.max(...[column.title, ...column.cells].map(widthOf)) }));
  const titles = filled.map(({ title, width, align }, index) =>
    padded(title, width, align, index === filled.length - 1),
  );
  const body = rows.map((row, rowIndex) =>
    filled
      .map(({ cells, width, align, paint }, index) => {
        const cell = padded(cells[rowIndex] ?? "", width, align, index === filled.length - 1);
        return paint?.(cell, row) ?? cell;
      })
      .join("  "),
  );
  return [paintTitle(titles.join("  ")), ...body];
}

function cellOf(value: string | number | undefined): string {
  return value === undefined ? "" : printableLine(String(value));
}

function widthOf(text: string): number {
  return Bun.stringWidth(text);
}

function padded(text: string, width: number, align: "left" | "right" | undefined, isLast: boolean): string {
  const space = " ".repeat(Math.max(0, width - widthOf(text)));
  if (align === "right") return space + text;
  return isLast ? text : text + space;
}
