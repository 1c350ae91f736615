// Appends a run to the recorded results, with everything its figures depend on.

import { renderMachine, type Machine } from "../machine.ts";
import { renderReport, type Report } from "./report.ts";

/** The section a run becomes, from its heading to its last line. `at` is when the run ended. */
export function sectionOf(report: Report, machine: Machine, at: Date): string {
  return `## ${at.toISOString().slice(0, 10)}: ${report.title}\n\n${renderMachine(machine)}\n\n${renderReport(report)}\n`;
}

/** @throws Error when the file cannot be read or written. */
export async function recordReport(path: string, report: Report, machine: Machine, at: Date): Promise<void> {
  const file = Bun.file(path);
  const before = (await file.exists()) ? await file.text() : "# Recorded runs\n";
  await Bun.write(path, `${before.trimEnd()}\n\n${sectionOf(report, machine, at)}`);
}
