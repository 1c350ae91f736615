// The report as a section of RESULTS.md.

import { reportNotes, reportRows, reportSummary, reportTitles, textColumns, type Report } from "./report.ts";

export type RunFacts = {
  /** `2030-01-02`. */
  readonly date: string;
  /** Short; `unknown` outside of a checkout. */
  readonly commit: string;
  /** As it was typed. */
  readonly command: string;
};

const opening = [
  "# Results of the routing laboratory",
  "",
  "Each section is one run of `astrolabe routing evaluate`, the newest first. Intervals are 95% by bootstrap over groups of",
  "near-duplicates. In columns with `@`, money saved stands before it and quality behind it, both in percent of the",
  "reference's.",
].join("\n");

/** @param earlier What the file held before; undefined when there is none. */
export function recordedReport(report: Report, facts: RunFacts, earlier: string | undefined): string {
  const sections = earlier?.slice(Math.max(0, earlier.indexOf("\n## "))).trim() ?? "";
  const older = sections.startsWith("## ") ? `\n${sections}\n` : "";
  return `${opening}\n\n${sectionOf(report, facts)}${older}`;
}

function sectionOf(report: Report, { date, commit, command }: RunFacts): string {
  return [
    `## ${date}, ${commit}`,
    "",
    `\`${command}\``,
    "",
    reportSummary(report),
    "",
    ...markdownTable(reportTitles, reportRows(report)),
    "",
    ...reportNotes(report).map((note) => `- ${note.replaceAll("_", "\\_")}`),
    "",
  ].join("\n");
}

/** Padded as the formatter pads it. */
function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const escaped = [titles, ...rows].map((row) => row.map((cell) => cell.replaceAll("_", "\\_")));
  const widths = titles.map((_, column) => Math.max(3, ...escaped.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const padded = escaped.map((row) =>
    line(
      row.map((cell, column) =>
        column < textColumns ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      ),
    ),
  );
  const [head = "", ...body] = padded;
  const rule = line(
    widths.map((width, column) => (column < textColumns ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)),
  );
  return [head, rule, ...body];
}
