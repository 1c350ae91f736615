// Rows with every plan's expectation and what it would really have brought: what policies choose from.

import type { PoolModel, PoolRow } from "../pool.ts";
import { offersOf, type Offer } from "../../server/routing/plans/choose-plan.ts";
import { expectPlans } from "../../server/routing/plans/expected-plans.ts";
import type { PlanTree, StepRates } from "../../server/routing/plans/plan-tree.ts";
import { expectedCosts } from "./costs.ts";
import { dealFolds } from "./folds.ts";
import { measureRates } from "./measure-rates.ts";
import type { Sample } from "./samples.ts";
import { simulatePlans, type PlansTaken } from "./simulate-plans.ts";

export type PlannedRow = {
  readonly row: PoolRow;
  readonly offers: readonly Offer[];
  /** Probability by plan. */
  readonly expectedPass: Float64Array;
  readonly taken: PlansTaken;
};

export function planRows(
  tree: PlanTree,
  rates: readonly StepRates[],
  models: readonly PoolModel[],
  { rows, forecasts }: Sample,
): PlannedRow[] {
  return rows.flatMap((row, index) => {
    const forecast = forecasts[index];
    if (forecast === undefined) return [];
    const expected = expectPlans(tree, rates, forecast.pass, expectedCosts(models, row.prompt, forecast));
    const taken = simulatePlans(tree, models, row);
    return [{ row, offers: offersOf(expected), expectedPass: expected.pass, taken }];
  });
}

/**
 * Development rows planned with rates of the other half of them, so that what is fixed on them is not flattered, and the
 * rates of all of them for the rows that are measured.
 */
export function planDevelopment(
  tree: PlanTree,
  models: readonly PoolModel[],
  development: Sample,
  seed: number,
): { readonly planned: PlannedRow[]; readonly rates: StepRates[] } {
  const half = new Set(dealFolds(development.rows, 2, seed)[0]?.map(({ id }) => id));
  const part = (first: boolean): Sample => ({
    rows: development.rows.filter(({ id }) => half.has(id) === first),
    forecasts: development.forecasts.filter((_, index) => half.has(development.rows[index]?.id ?? "") === first),
  });
  const halves = [part(true), part(false)] as const;
  const planned = halves.flatMap((sample, index) => {
    const other = halves[1 - index] ?? sample;
    return planRows(tree, measureRates(tree, other), models, sample);
  });
  return { planned, rates: measureRates(tree, development) };
}
