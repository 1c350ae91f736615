// Findings as text for a terminal: place and message, the lines around with a mark under what is meant, and the way out.

import type { Diagnostic } from "./diagnostic.ts";

const linesAround = 2;
const longestLine = 160;

export type FormatOptions = {
  /** Marks parts of the text, such as by colours; by default nothing is marked. */
  readonly paint?: (text: string, part: "error" | "warning" | "quiet" | "strong") => string;
};

/** Empty when there are no findings. Ends without a line break. */
export function formatDiagnostics(
  source: string,
  file: string,
  diagnostics: readonly Diagnostic[],
  options: FormatOptions = {},
): string {
  const paint = options.paint ?? ((text: string) => text);
  const lines = source.split("\n").map(printable);
  return diagnostics
    .map((diagnostic) => {
      const { severity, code, message, hint, line, column } = diagnostic;
      const place = paint(`${file}:${line}:${column}`, "strong");
      const head = `${place}: ${paint(severity, severity)}: ${message} ${paint(`[${code}]`, "quiet")}`;
      return [head, ...excerpt(lines, diagnostic, paint), ...(hint === undefined ? [] : [`  Hint: ${hint}`])].join(
        "\n",
      );
    })
    .join("\n\n");
}

/** `2 errors and 1 warning` */
export function countInWords(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Diagnostic["severity"]) => diagnostics.filter((one) => one.severity === severity).length;
  const words = (["error", "warning"] as const).flatMap((severity) => {
    const number = count(severity);
    return number === 0 ? [] : [`${number} ${severity}${number === 1 ? "" : "s"}`];
  });
  return words.length === 0 ? "no errors" : words.join(" and ");
}

function excerpt(
  lines: readonly string[],
  diagnostic: Diagnostic,
  paint: NonNullable<FormatOptions["paint"]>,
): string[] {
  const { line, column, endLine, endColumn, severity } = diagnostic;
  const first = Math.max(1, line - linesAround);
  const ends = lines.at(-1) === "" ? lines.length - 1 : lines.length;
  const last = Math.max(line, Math.min(ends, line + linesAround));
  const width = String(last).length;
  return lines.slice(first - 1, last).flatMap((text, index) => {
    const number = first + index;
    const gutter = `${String(number).padStart(width)} | `;
    const shown = text.length > longestLine ? `${text.slice(0, longestLine)}...` : text;
    if (number !== line) return [paint(`  ${gutter}${shown}`.trimEnd(), "quiet")];
    const start = Math.min(column, longestLine);
    const end = endLine === line ? endColumn : text.length + 1;
    const marks = "^".repeat(Math.max(1, Math.min(end, longestLine + 1) - start));
    return [
      `  ${gutter}${shown}`.trimEnd(),
      `  ${" ".repeat(width)} | ${" ".repeat(start - 1)}${paint(marks, severity)}`,
    ];
  });
}

/** A file must not be able to write to the terminal; tabs take one column, as the positions count them. */
function printable(line: string): string {
  return line.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => (character === "\r" ? "" : " "));
}
