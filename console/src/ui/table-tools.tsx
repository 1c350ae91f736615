// The row above a table: what the page filters by, then columns, density and CSV.

import { Download, Rows3, SlidersHorizontal } from "lucide-react";
import type { ReactNode } from "react";
import { saveFile } from "./save-file.ts";
import { IconButton } from "./icon-button.tsx";
import { Menu, MenuCheck, MenuLabel } from "./menu.tsx";
import { csvOf, type TableColumn } from "./table-column.ts";
import type { ColumnChoice, Density } from "./table-view.ts";

export type TableToolsProps<Row> = {
  /** Also the name of the CSV file. */
  readonly name: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly shownColumns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly choice: ColumnChoice;
  readonly density: Density;
  readonly onDensity: (density: Density) => void;
  readonly filters?: ReactNode;
};

export function TableTools<Row>(props: TableToolsProps<Row>) {
  const { name, columns, shownColumns, rows, choice, density, onDensity, filters } = props;
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-2 max-sm:basis-full">{filters}</div>
      <div className="ml-auto flex items-center">
        <Menu trigger={<IconButton label="Choose columns" icon={<SlidersHorizontal aria-hidden />} />}>
          <MenuLabel>Columns</MenuLabel>
          {columns
            .filter((column) => !column.fixed && column.title !== "")
            .map(({ id, title }) => (
              <MenuCheck key={id} checked={choice.isShown(id)} onChange={(shown) => choice.show(id, shown)}>
                {title}
              </MenuCheck>
            ))}
        </Menu>
        <IconButton
          label={density === "compact" ? "Make rows roomy" : "Make rows compact"}
          icon={<Rows3 aria-hidden />}
          onClick={() => onDensity(density === "compact" ? "roomy" : "compact")}
        />
        <IconButton
          label="Download these rows as CSV"
          icon={<Download aria-hidden />}
          disabled={rows.length === 0}
          onClick={() => saveFile(`${name}.csv`, "text/csv", csvOf(shownColumns, rows))}
        />
      </div>
    </div>
  );
}
