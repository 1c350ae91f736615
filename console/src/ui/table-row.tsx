// One row of a table. Where it leads somewhere, its first cell is the link and the whole row can be pressed.

import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { cx } from "./class-names.ts";
import type { TableColumn } from "./table-column.ts";

/** A path of the console such as `/w/ws_1/traces/req_1`, or a route with its parameters. */
export type RowLink = string | Pick<LinkProps, "to" | "params" | "search">;

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

/** Acts stay in reach however far the table is scrolled. */
export const stuckClass = "sticky right-0 z-1 flex h-full items-center justify-end bg-inherit";

export function TableRow<Row>({ row, index, columns, template, height, link, marked }: TableRowProps<Row>) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={cx(
        "relative grid items-center border-b border-line text-sm transition-colors",
        marked ? "bg-brass-soft" : "bg-surface hover:bg-sunken",
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
            column.title === "" && stuckClass,
            // Buttons and links in other cells stay above the link that covers the row.
            link !== undefined && position > 0 && "[&_a]:relative [&_button]:relative [&_time]:relative",
          )}
        >
          {link !== undefined && position === 0 ? (
            <RowAnchor link={link}>{column.cell(row)}</RowAnchor>
          ) : (
            column.cell(row)
          )}
        </div>
      ))}
    </div>
  );
}

function RowAnchor({ link, children }: { readonly link: RowLink; readonly children: ReactNode }) {
  const className = "font-medium -outline-offset-2 after:absolute after:inset-0";
  if (typeof link === "string") {
    return (
      <Link to={link} className={className}>
        {children}
      </Link>
    );
  }
  return (
    <Link {...link} className={className}>
      {children}
    </Link>
  );
}
