// Tables that read well in a terminal and are Markdown as they stand, so that what is printed is what is recorded.

export type Column<Row> = {
  readonly title: string;
  readonly value: (row: Row) => string;
  /** Text is set left, numbers right. */
  readonly align: "left" | "right";
};

export function renderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const texts = rows.map((row) => columns.map((column) => column.value(row)));
  const widths = columns.map((column, index) =>
    Math.max(3, column.title.length, ...texts.map((cells) => cells[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align ?? "left")).join(" | ")} |`;
  const rule = columns.map((column, index) => {
    const dashes = "-".repeat((widths[index] ?? 0) - 1);
    return column.align === "right" ? `${dashes}:` : `${dashes}-`;
  });
  return [line(columns.map((column) => column.title)), line(rule), ...texts.map(line)].join("\n");
}

function pad(text: string, width: number, align: "left" | "right"): string {
  return align === "right" ? text.padStart(width) : text.padEnd(width);
}

/** Said instead of a figure that could not be measured. */
export const unknownFigure = "unknown";

/** A number with thousands separated and so many decimals; unknown when undefined or not a number. */
export function formatNumber(value: number | undefined, decimals = 0): string {
  if (value === undefined || Number.isNaN(value)) return unknownFigure;
  return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** Whole megabytes of 10^6 bytes, without the unit. */
export function formatMegabytes(bytes: number | undefined): string {
  return formatNumber(bytes === undefined ? undefined : bytes / 1e6);
}
