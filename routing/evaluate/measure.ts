// One line of the report: what was aimed for, what came out, and what simpler ways bring.

import type { Interval } from "./bootstrap.ts";

export type Unit = "number" | "percent" | "microseconds";

export type Measure = {
  /** `T1`. */
  readonly target: string;
  readonly pool: string;
  /** What was measured: `APGR`. */
  readonly name: string;
  readonly unit: Unit;
  readonly goal: { readonly bound: "least" | "most"; readonly value: number };
  readonly value: number;
  readonly interval?: Interval;
  /** What must hold besides the goal: quality kept. `least` and `value` are shares of the reference's. */
  readonly quality?: { readonly least: number; readonly value: number; readonly interval: Interval };
  /** The same of simpler ways. Quality where it differs. */
  readonly baselines: readonly Baseline[];
  /** What else a reader should know: what was taken as what. */
  readonly notes: readonly string[];
};

export type Baseline = { readonly name: string; readonly value: number; readonly quality?: number };

export function isMet({ goal, value, quality }: Measure): boolean {
  const reached = goal.bound === "least" ? value >= goal.value : value <= goal.value;
  return reached && (quality === undefined || quality.value >= quality.least);
}
