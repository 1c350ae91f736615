// Lines of CSV as RFC 4180 has them, safe to open in a spreadsheet.

export type CsvCell = {
  readonly value: string;
  /** Written by people: may begin like a formula, and then gets an apostrophe before it. Numbers do not. */
  readonly text?: true;
};

const beginsFormula = /^[=+\-@\t\r\n]/;
const needsQuotes = /[",\r\n]/;

/** One line with its line break (CR LF). */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

function csvCell({ value, text }: CsvCell): string {
  const safe = text && beginsFormula.test(value) ? `'${value}` : value;
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
