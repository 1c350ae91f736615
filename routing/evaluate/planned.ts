// Rows with every plan's expectation and what it would really have brought: what policies choose from.

import type { Forecast, PoolModel, PoolRow } from "../pool.ts";
import { offersOf, type Offer } from "../../server/routing/plans/choose-plan.ts";
import { expectPlans, type ExpectedPlans } from "../../server/routing/plans/expected-plans.ts";
import type { PlanTree, StepRates } from "../../server/routing/plans/plan-tree.ts";
import { actualCosts, expectedCosts } from "./costs.ts";
import { dealFolds } from "./folds.ts";
import { measureRates, walkRows, type WalkedRow } from "./measure-rates.ts";
import type { Sample } from "./samples.ts";
import { simulatePlan, type PlanTaken } from "./simulate-plans.ts";

export type PlannedOffer = Offer & { readonly taken: PlanTaken };

export type PlannedRow = {
  readonly row: PoolRow;
  /** What a policy may choose from, cheapest first. */
  readonly offers: readonly PlannedOffer[];
  /** Each model alone, in the order of the tree, whose first plans they are. */
  readonly alone: readonly PlannedOffer[];
  /** The forecast's: 0 (like nothing it was trained on) to 1. */
  readonly known: number;
};

/** What development rows tell of plans and prices. */
export type Measured = {
  /** By node of the tree. */
  readonly rates: readonly StepRates[];
  /** By model: what answers cost for each USD that was expected. */
  readonly priceFactors: Float64Array;
};

export function measure(tree: PlanTree, models: readonly PoolModel[], rows: readonly WalkedRow[]): Measured {
  const [actual, expected] = [new Float64Array(models.length), new Float64Array(models.length)];
  for (const { row, forecast } of rows) {
    const [paid, foreseen] = [actualCosts(models, row), expectedCosts(models, row.prompt, forecast)];
    models.forEach((_, model) => {
      actual[model] = (actual[model] ?? 0) + (paid[model] ?? 0);
      expected[model] = (expected[model] ?? 0) + (foreseen[model] ?? 0);
    });
  }
  return { rates: measureRates(tree, rows), priceFactors: actual.map((usd, model) => usd / (expected[model] ?? 0)) };
}

/** What is expected of each plan for a prompt. */
export function expectFor(
  tree: PlanTree,
  { rates, priceFactors }: Measured,
  models: readonly PoolModel[],
  prompt: string,
  forecast: Forecast,
): ExpectedPlans {
  const usd = expectedCosts(models, prompt, forecast).map((one, model) => one * (priceFactors[model] ?? 1));
  return expectPlans(tree, rates, forecast.pass, usd);
}

export function planRows(
  tree: PlanTree,
  measured: Measured,
  models: readonly PoolModel[],
  rows: readonly WalkedRow[],
): PlannedRow[] {
  return rows.map(({ row, forecast, walk }) => {
    const expected = expectFor(tree, measured, models, row.prompt, forecast);
    const usd = actualCosts(models, row);
    const simulated = (offer: Offer): PlannedOffer => {
      const end = tree.plans[offer.plan]?.end ?? 0;
      return { ...offer, taken: simulatePlan(tree, end, walk, usd, row) };
    };
    const alone = models.map((_, plan) =>
      simulated({ plan, usd: expected.usd[plan] ?? Number.NaN, pass: expected.pass[plan] ?? Number.NaN }),
    );
    return { row, offers: offersOf(expected).map(simulated), alone, known: forecast.known };
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
): { readonly planned: PlannedRow[]; readonly measured: Measured } {
  const first = new Set(dealFolds(development.rows, 2, seed)[0]?.map(({ id }) => id));
  const all = walkRows(tree, development);
  const halves = [true, false].map((inFirst) => all.filter(({ row }) => first.has(row.id) === inFirst));
  const planned = halves.flatMap((half, index) =>
    planRows(tree, measure(tree, models, halves[1 - index] ?? half), models, half),
  );
  return { planned, measured: measure(tree, models, all) };
}
