// Rows as aligned columns for a terminal.

export type Column = { readonly title: string; readonly align?: "left" | "right" };

/** A title line and one line per row; numbers belong in columns aligned right. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines.map((line) =>
    columns
      .map(({ align }, index) => {
        const [cell, width] = [line[index] ?? "", widths[index] ?? 0];
        return align === "right" ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
}
