// A policy turns expectations into a choice by one number, which is fixed on development rows so that quality is kept.

import { cheapestPlan, worthiestPlan } from "../../server/routing/plans/choose-plan.ts";
import type { PlannedOffer, PlannedRow } from "./planned.ts";

/** `worth`: USD that an answer which passes is worth. `target`: above what the reference is expected to reach, from -1 to 1. */
export type Dial = { readonly kind: "worth" | "target"; readonly value: number };

export type Results = {
  /** By row. */
  readonly usd: Float64Array;
  readonly pass: Float64Array;
};

/** @param reference The plan of the reference model alone, by its place in the tree. */
export function choose({ offers, alone }: PlannedRow, dial: Dial, reference: number): PlannedOffer | undefined {
  const chosen =
    dial.kind === "worth"
      ? worthiestPlan(offers, dial.value)
      : cheapestPlan(offers, (alone[reference]?.pass ?? 1) + dial.value);
  return chosen ?? alone[reference];
}

export function runPolicy(rows: readonly PlannedRow[], dial: Dial, reference: number): Results {
  return resultsOf(rows, (row) => choose(row, dial, reference));
}

export function resultsOf(rows: readonly PlannedRow[], decide: (row: PlannedRow) => PlannedOffer | undefined): Results {
  const usd = new Float64Array(rows.length);
  const pass = new Float64Array(rows.length);
  rows.forEach((row, index) => {
    const taken = decide(row)?.taken;
    usd[index] = taken?.usd ?? Number.NaN;
    pass[index] = taken?.pass ?? Number.NaN;
  });
  return { usd, pass };
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
  const usual = mean(resultsOf(rows, ({ alone }) => alone[reference]).usd);
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
  const kept = mean(resultsOf(development, ({ alone }) => alone[reference]).pass);
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
