// What every kind of run hands back: the text to print and record, the figures for programs, and whether it went well.

import type { Verdict } from "./verdict.ts";

export type Report = {
  /** One line: what was run, with its parameters. */
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  readonly verdicts: readonly Verdict[];
  /** What went wrong in the run itself; the figures are worth nothing then. */
  readonly failures: readonly string[];
  /** Everything measured, as `--json` writes it. */
  readonly figures: object;
};

export function hasPassed(report: Report): boolean {
  return report.failures.length === 0 && report.verdicts.every((verdict) => verdict.outcome !== "FAIL");
}

/** The report as it is printed and recorded. */
export function renderReport(report: Report): string {
  const failures = report.failures.map((failure) => `FAILED: ${failure}`);
  return [report.body, ...failures].join("\n\n");
}
