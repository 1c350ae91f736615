// Whether a measured figure meets its target. What could not be measured neither passes nor fails.

import { renderTable, unknownFigure } from "./table.ts";

export type Verdict = {
  /** The target in words. */
  readonly target: string;
  readonly measured: string;
  readonly outcome: "PASS" | "FAIL" | "not measured";
};

type Figure = {
  readonly target: string;
  /** Undefined when it was not measured. */
  readonly value: number | undefined;
  readonly show: (value: number) => string;
  readonly met: (value: number) => boolean;
};

export function judge({ target, value, show, met }: Figure): Verdict {
  if (value === undefined) return { target, measured: unknownFigure, outcome: "not measured" };
  return { target, measured: show(value), outcome: met(value) ? "PASS" : "FAIL" };
}

export function renderVerdicts(verdicts: readonly Verdict[]): string {
  return renderTable<Verdict>(
    [
      { title: "Target", value: (verdict) => verdict.target, align: "left" },
      { title: "Measured", value: (verdict) => verdict.measured, align: "right" },
      { title: "Outcome", value: (verdict) => verdict.outcome, align: "left" },
    ],
    verdicts,
  );
}
