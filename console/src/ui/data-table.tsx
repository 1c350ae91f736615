// The console's table: sticky header, only the rows in sight are drawn, columns by choice, the next page when the end
// comes near, and its own states for loading, nothing and failure.

import { columnVisibilityFeature, createColumnHelper, tableFeatures, useTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, type ReactNode } from "react";
import type { ListState } from "../api/list.ts";
import { cx } from "./class-names.ts";
import { EmptyState } from "./empty-state.tsx";
import { ErrorState } from "./error-state.tsx";
import { Skeleton } from "./skeleton.tsx";
import type { SortOrder, TableColumn } from "./table-column.ts";
import { TableHead } from "./table-head.tsx";
import { TableRow, type RowLink } from "./table-row.tsx";
import { TableTools } from "./table-tools.tsx";
import { useColumnChoice, useDensity } from "./table-view.ts";

const rowHeights = { compact: 32, roomy: 40 } as const;
const rowsBeyondSight = 12;
const skeletonRows = 8;

const features = tableFeatures({ columnVisibilityFeature });

export type DataTableProps<Row> = {
  /** Unique in the console: columns are remembered under it, and CSV files are named after it. */
  readonly name: string;
  /** What the table lists, for those who hear the page. */
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  /** From `useList`, or what is there as a whole by `listOf`. */
  readonly list: ListState<Row>;
  readonly rowId: (row: Row) => string;
  /** Where a row leads; its first cell becomes the link, and the whole row can be pressed. */
  readonly rowLink?: (row: Row) => RowLink;
  readonly sort?: SortOrder;
  readonly onSort?: (sort: SortOrder) => void;
  readonly filters?: ReactNode;
  /** What to say when there is nothing; an `EmptyState` most often. */
  readonly empty?: ReactNode;
  /** Without tools: for short tables inside of pages. */
  readonly bare?: boolean;
  /** Rows that stand out, such as the one in the address. */
  readonly isMarked?: (row: Row) => boolean;
};

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { name, label, columns, list, rowId, rowLink, bare = false, isMarked } = props;
  const [density, setDensity] = useDensity();
  const choice = useColumnChoice(name, columns);
  const shownColumns = useShownColumns(columns, list.items, rowId, choice.isShown);
  const rows = list.items ?? [];
  const rowHeight = rowHeights[density];
  const { scroller, drawn, before, after } = useRowsInSight(list, rowHeight);
  const template = shownColumns.map(({ width }) => width ?? "minmax(8rem, 1fr)").join(" ");
  return (
    <div className={cx("min-w-0 overflow-hidden bg-surface", !bare && "rounded-lg border border-line")}>
      {!bare && (
        <TableTools
          {...{ name, columns, shownColumns, rows, choice, density }}
          onDensity={setDensity}
          filters={props.filters}
        />
      )}
      <div
        ref={scroller}
        // Scrolls by keyboard too.
        tabIndex={0}
        role="region"
        aria-label={label}
        className={cx("overflow-auto -outline-offset-2", !bare && "max-h-[max(24rem,calc(100dvh-17rem))]")}
      >
        <div
          role="table"
          aria-label={label}
          aria-rowcount={list.hasMore ? -1 : rows.length + 1}
          aria-busy={list.items === undefined && list.error === undefined}
          className="min-w-max"
        >
          <TableHead columns={shownColumns} template={template} sort={props.sort} onSort={props.onSort} />
          {rows.length > 0 && (
            <div role="rowgroup" style={{ paddingTop: before, paddingBottom: after }}>
              {drawn.map(({ index }) => {
                const row = rows[index];
                if (row === undefined) return null;
                return (
                  <TableRow
                    key={rowId(row)}
                    row={row}
                    index={index}
                    columns={shownColumns}
                    template={template}
                    height={rowHeight}
                    link={rowLink?.(row)}
                    marked={isMarked?.(row) ?? false}
                  />
                );
              })}
            </div>
          )}
        </div>
        <TableState {...props} />
      </div>
    </div>
  );
}

/** Which rows to draw, and the room that those before and after them take; reads on when the end comes near. */
function useRowsInSight<Row>({ items = [], hasMore, loadingMore, loadMore }: ListState<Row>, rowHeight: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: rowsBeyondSight,
    initialRect: { width: 0, height: 800 },
  });
  useEffect(() => virtual.measure(), [virtual, rowHeight]);
  const drawn = virtual.getVirtualItems();
  const lastDrawn = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !loadingMore && lastDrawn >= items.length - rowsBeyondSight) loadMore();
  }, [hasMore, loadingMore, loadMore, lastDrawn, items.length]);
  const before = drawn[0]?.start ?? 0;
  return { scroller, drawn, before, after: virtual.getTotalSize() - (drawn.at(-1)?.end ?? 0) };
}

/** What stands below the head when there are no rows, or while more of them come. */
function TableState<Row>({ list, empty }: DataTableProps<Row>) {
  if (list.items === undefined && list.error !== undefined)
    return <ErrorState error={list.error} onRetry={list.retry} />;
  if (list.items === undefined) {
    return (
      <div role="status" aria-label="Loading" className="flex flex-col gap-4 p-3">
        {Array.from({ length: skeletonRows }, (_, index) => (
          <Skeleton key={index} className="h-5 w-full" />
        ))}
      </div>
    );
  }
  if (list.items.length === 0) return <>{empty ?? <EmptyState title="Nothing here yet" />}</>;
  if (list.loadingMore) return <Skeleton className="m-3 h-5" />;
  return null;
}

/** The columns that the table shows, in their order; TanStack Table keeps the choice. */
function useShownColumns<Row>(
  columns: readonly TableColumn<Row>[],
  items: readonly Row[] | undefined,
  rowId: (row: Row) => string,
  isShown: (id: string) => boolean,
): readonly TableColumn<Row>[] {
  const helper = useMemo(() => createColumnHelper<typeof features, { readonly row: Row }>(), []);
  const definitions = useMemo(
    () => columns.map(({ id, title }) => helper.display({ id, header: title })),
    [helper, columns],
  );
  const data = useMemo(() => (items ?? []).map((row) => ({ row })), [items]);
  const columnVisibility = useMemo(
    () => Object.fromEntries(columns.map(({ id }) => [id, isShown(id)])),
    [columns, isShown],
  );
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: ({ row }) => rowId(row),
    state: { columnVisibility },
  });
  const ids = new Set(table.getVisibleLeafColumns().map(({ id }) => id));
  return columns.filter(({ id }) => ids.has(id));
}
