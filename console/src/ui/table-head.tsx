// The head of a table: titles that stay in sight, and buttons where the server can sort.

import { ArrowDown, ArrowUp } from "lucide-react";
import { cx } from "./class-names.ts";
import { stuckClass } from "./table-row.tsx";
import type { SortOrder, TableColumn } from "./table-column.ts";

export type TableHeadProps<Row> = {
  readonly columns: readonly TableColumn<Row>[];
  readonly template: string;
  readonly sort: SortOrder | undefined;
  readonly onSort: ((sort: SortOrder) => void) | undefined;
};

export function TableHead<Row>({ columns, template, sort, onSort }: TableHeadProps<Row>) {
  return (
    <div role="rowgroup" className="sticky top-0 z-10 border-b border-line bg-sunken">
      <div role="row" className="grid h-8 items-center bg-inherit" style={{ gridTemplateColumns: template }}>
        {columns.map((column) => (
          <div
            key={column.id}
            role="columnheader"
            aria-sort={ariaSort(column.sort, sort)}
            className={cx(
              "eyebrow min-w-0 truncate px-3",
              column.align === "right" && "text-right",
              column.title === "" && stuckClass,
            )}
          >
            {column.sort !== undefined && onSort !== undefined ? (
              <SortButton title={column.title} by={column.sort} sort={sort} onSort={onSort} />
            ) : column.title === "" ? (
              <span className="sr-only">Acts</span>
            ) : (
              column.title
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

type SortButtonProps = {
  readonly title: string;
  readonly by: string;
  readonly sort: SortOrder | undefined;
  readonly onSort: (sort: SortOrder) => void;
};

function SortButton({ title, by, sort, onSort }: SortButtonProps) {
  const active = sort?.by === by;
  const Arrow = active && !sort.descending ? ArrowUp : ArrowDown;
  return (
    <button
      type="button"
      onClick={() => onSort({ by, descending: active ? !sort.descending : true })}
      className={cx("inline-flex items-center gap-1 -outline-offset-1 hover:text-ink", active && "text-ink")}
    >
      {title}
      <Arrow aria-hidden className={cx("size-3", !active && "opacity-0")} />
    </button>
  );
}

function ariaSort(
  by: string | undefined,
  sort: SortOrder | undefined,
): "ascending" | "descending" | "none" | undefined {
  if (by === undefined) return undefined;
  if (sort?.by !== by) return "none";
  return sort.descending ? "descending" : "ascending";
}
