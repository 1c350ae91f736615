// A policy turns expectations into a choice by one number, which is fixed on development rows so that quality is kept.

import { cheapestPlan, worthiestPlan } from "../../server/routing/plans/choose-plan.ts";
import type { PlannedRow } from "./planned.ts";

/** `worth`: USD that an answer which passes is worth. `target`: above what the reference is expected to reach, from -1 to 1. */
export type Dial = { readonly kind: "worth" | "target"; readonly value: number };

export type Results = {
  /** By row. */
  readonly usd: Float64Array;
  readonly pass: Float64Array;
  /** The plan that was chosen for the row, by its place in the tree. */
  readonly plans: Int32Array;
};

/** @param reference The plan of the reference model alone, by its place in the tree. */
export function choose({ offers, expectedPass }: PlannedRow, dial: Dial, reference: number): number {
  const chosen =
    dial.kind === "worth"
      ? worthiestPlan(offers, dial.value)
      : cheapestPlan(offers, (expectedPass[reference] ?? 1) + dial.value);
  return chosen?.plan ?? reference;
}

export function runPolicy(rows: readonly PlannedRow[], dial: Dial, reference: number): Results {
  const plans = Int32Array.from(rows, (row) => choose(row, dial, reference));
  return resultsOf(rows, plans);
}

export function resultsOf(rows: readonly PlannedRow[], plans: Int32Array): Results {
  const place = (index: number): number => plans[index] ?? 0;
  return {
    usd: Float64Array.from(rows, ({ taken }, index) => taken.usd[place(index)] ?? Number.NaN),
    pass: Float64Array.from(rows, ({ taken }, index) => taken.pass[place(index)] ?? Number.NaN),
    plans,
  };
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] ?? 0;
  return sum / values.length;
}

const worthSteps = 160;
const targetSteps = 81;

/** Worths around what the reference costs, and targets from 20 points below it to 20 above. */
function dialsOf(rows: readonly PlannedRow[], reference: number): Dial[] {
  const usual = mean(resultsOf(rows, new Int32Array(rows.length).fill(reference)).usd);
  return [
    ...Array.from({ length: worthSteps }, (_, step): Dial => ({
      kind: "worth",
      value: usual * 10 ** (step / 40 - 1.5),
    })),
    ...Array.from({ length: targetSteps }, (_, step): Dial => ({ kind: "target", value: (step - 40) / 200 })),
  ];
}

/**
 * The dial with which development rows cost least while their quality is at least `quality` of the reference's; the one
 * with the best quality when none reaches it.
 */
export function fixDial(development: readonly PlannedRow[], reference: number, quality: number): Dial {
  const kept = mean(resultsOf(development, new Int32Array(development.length).fill(reference)).pass);
  const tried = dialsOf(development, reference).map((dial) => {
    const { usd, pass } = runPolicy(development, dial, reference);
    return { dial, usd: mean(usd), quality: mean(pass) / kept };
  });
  const good = tried.filter((one) => one.quality >= quality);
  const chosen =
    good.length > 0
      ? good.reduce((best, one) => (one.usd < best.usd ? one : best))
      : tried.reduce((best, one) => (one.quality > best.quality ? one : best));
  return chosen.dial;
}
