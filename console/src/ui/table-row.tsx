// One row of a table. Where it leads somewhere, its first cell is the link and the whole row can be pressed.

import { Link, type LinkProps } from "@tanstack/react-router";
import { cx } from "./class-names.ts";
import type { TableColumn } from "./table-column.ts";

export type RowLink = Pick<LinkProps, "to" | "params" | "search">;

export type TableRowProps<Row> = {
  readonly row: Row;
  readonly index: number;
  readonly columns: readonly TableColumn<Row>[];
  readonly template: string;
  /** Pixels. */
  readonly height: number;
  readonly link: RowLink | undefined;
  readonly marked: boolean;
};

export function TableRow<Row>({ row, index, columns, template, height, link, marked }: TableRowProps<Row>) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={cx(
        "relative grid items-center border-b border-line text-sm transition-colors",
        marked ? "bg-brass-soft" : "hover:bg-sunken",
      )}
      style={{ gridTemplateColumns: template, height }}
    >
      {columns.map((column, position) => (
        <div
          key={column.id}
          role="cell"
          className={cx(
            "min-w-0 truncate px-3",
            column.align === "right" && "text-right",
            // Buttons and links in other cells stay above the link that covers the row.
            link !== undefined && position > 0 && "[&_a]:relative [&_button]:relative [&_time]:relative",
          )}
        >
          {link !== undefined && position === 0 ? (
            <Link {...link} className="font-medium -outline-offset-2 after:absolute after:inset-0">
              {column.cell(row)}
            </Link>
          ) : (
            column.cell(row)
          )}
        </div>
      ))}
    </div>
  );
}
