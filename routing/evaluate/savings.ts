// Money saved while quality is kept: a policy over plans, fixed on development rows and run on those to be measured.

import type { Pool, PoolModel } from "../pool.ts";
import { enumeratePlans, type PlanBounds } from "../../server/routing/plans/plan-steps.ts";
import { planTreeOf, type PlanTree } from "../../server/routing/plans/plan-tree.ts";
import { bootstrapInterval, type Interval } from "./bootstrap.ts";
import { actualCosts } from "./costs.ts";
import type { ForecastSource, Laboratory } from "./laboratory.ts";
import type { Baseline } from "./measure.ts";
import { walkRows } from "./measure-rates.ts";
import { planDevelopment, planRows, type Measured, type PlannedRow } from "./planned.ts";
import { fixDial, mean, resultsOf, runPolicy, type Results } from "./policy.ts";
import { narrowed, type Split } from "./samples.ts";

export type SavingsQuestion = {
  readonly pool: Pool;
  /** Names of the models that may be asked. */
  readonly models: readonly string[];
  /** Whose quality and cost everything is compared with. */
  readonly reference: string;
  readonly bounds: PlanBounds;
};

/** One answer of one model, picked by the prompt alone. */
export const promptOnly: PlanBounds = { mostCalls: 1, checks: false, agreement: false };

/** A split with every plan worked out for its rows; dials are fixed and run on it. */
export type PlannedSplit = {
  readonly name: string;
  readonly tree: PlanTree;
  readonly models: readonly PoolModel[];
  /** The plan of the reference alone. */
  readonly reference: number;
  readonly measured: Measured;
  readonly development: readonly PlannedRow[];
  readonly test: readonly PlannedRow[];
};

/** Undefined when too few rows were answered by all of the models. */
export function planSplit(
  { pool, models: names, reference, bounds }: SavingsQuestion,
  split: Split,
  seed: number,
): PlannedSplit | undefined {
  const places = names
    .map((name) => pool.models.findIndex((model) => model.name === name))
    .filter((place) => place >= 0);
  const development = narrowed(split.development, places);
  const test = narrowed(split.test, places);
  if (development.rows.length < 20 || test.rows.length === 0) return undefined;
  const models = places.flatMap((place) => pool.models[place] ?? []);
  const usual = models.map((_, place) => mean(development.rows.map((row) => actualCosts(models, row)[place] ?? 0)));
  const cheapestFirst = models.map((_, place) => place).toSorted((a, b) => (usual[a] ?? 0) - (usual[b] ?? 0));
  const tree = planTreeOf(enumeratePlans(cheapestFirst, bounds));
  const { planned, measured } = planDevelopment(tree, models, development, seed);
  const referencePlan = tree.plans.findIndex(
    ({ steps }) => steps.length === 1 && models[steps[0]?.candidate ?? -1]?.name === reference,
  );
  return {
    name: split.name,
    tree,
    models,
    reference: referencePlan,
    measured,
    development: planned,
    test: planRows(tree, measured, models, walkRows(tree, test)),
  };
}

/** Rows of every split beside each other, as the router and as the reference did them. */
export type Kept = {
  readonly groups: number[];
  readonly router: { readonly usd: number[]; readonly pass: number[] };
  readonly reference: { readonly usd: number[]; readonly pass: number[] };
};

export function keep(splits: readonly PlannedSplit[], decide: (split: PlannedSplit) => Results): Kept {
  const kept: Kept = { groups: [], router: { usd: [], pass: [] }, reference: { usd: [], pass: [] } };
  for (const split of splits) {
    const router = decide(split);
    const reference = always(split.reference)(split);
    for (const { row } of split.test) kept.groups.push(row.group);
    for (const [side, results] of [
      [kept.router, router],
      [kept.reference, reference],
    ] as const) {
      side.usd.push(...results.usd);
      side.pass.push(...results.pass);
    }
  }
  return kept;
}

/** The dial is fixed on the split's development rows to keep this share of the reference's quality. */
export function keptAt(quality: number): (split: PlannedSplit) => Results {
  return ({ development, test, reference }) => runPolicy(test, fixDial(development, reference, quality), reference);
}

/** Percent of the reference's money that is saved. */
export function savedPercent({ router, reference }: Kept, weights?: ArrayLike<number>): number {
  return 100 * (1 - weighted(router.usd, weights) / weighted(reference.usd, weights));
}

/** As a share of the reference's. */
export function qualityShare({ router, reference }: Kept, weights?: ArrayLike<number>): number {
  return weighted(router.pass, weights) / weighted(reference.pass, weights);
}

export function savingsIntervals(kept: Kept, seed: number): { readonly saved: Interval; readonly quality: Interval } {
  return {
    saved: bootstrapInterval(kept.groups, (weights) => savedPercent(kept, weights), seed),
    quality: bootstrapInterval(kept.groups, (weights) => qualityShare(kept, weights), seed),
  };
}

function weighted(values: readonly number[], weights: ArrayLike<number> | undefined): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += (values[index] ?? 0) * (weights?.[index] ?? 1);
  return sum;
}

/** Learned or simple forecasts under the same policy. */
export function keptBy(
  laboratory: Laboratory,
  question: SavingsQuestion,
  source: ForecastSource,
  quality: number,
): Kept {
  return keep(plannedSplits(laboratory, question, laboratory.splits(question.pool, source)), keptAt(quality));
}

export function plannedSplits(
  laboratory: Laboratory,
  question: SavingsQuestion,
  splits: readonly Split[],
): PlannedSplit[] {
  return splits.flatMap((split) => planSplit(question, split, laboratory.seed) ?? []);
}

/** One model for everything, whatever the prompt; and the cheapest that passes, known only afterwards. */
export function fixedBaselines(splits: readonly PlannedSplit[], router: Kept): Baseline[] {
  const alone = singlePlans(splits[0]).map(({ plan, name }) => ({ name, kept: keep(splits, always(plan)) }));
  const byCost = alone.toSorted((a, b) => sum(a.kept.router.usd) - sum(b.kept.router.usd));
  const affordable = byCost.filter(({ kept }) => sum(kept.router.usd) <= sum(router.router.usd));
  const best = affordable.toSorted((a, b) => sum(b.kept.router.pass) - sum(a.kept.router.pass))[0];
  const oracle = keep(splits, (split) => oracleOf(split));
  const shown = (name: string, kept: Kept | undefined): Baseline[] =>
    kept === undefined ? [] : [{ name, value: savedPercent(kept), quality: qualityShare(kept) }];
  return [
    ...shown("always cheap", byCost[0]?.kept),
    ...shown("always strong", byCost.at(-1)?.kept),
    ...shown(`best single at its cost${best === undefined ? "" : ` (${best.name})`}`, best?.kept),
    ...shown("oracle", oracle),
  ];
}

export function singlePlans(split: PlannedSplit | undefined): { readonly plan: number; readonly name: string }[] {
  return (split?.tree.plans ?? []).flatMap(({ steps }, plan) => {
    const name = split?.models[steps[0]?.candidate ?? -1]?.name;
    return steps.length === 1 && name !== undefined ? [{ plan, name }] : [];
  });
}

export function always(plan: number): (split: PlannedSplit) => Results {
  return ({ test }) => resultsOf(test, ({ alone }) => alone[plan]);
}

function oracleOf(split: PlannedSplit): Results {
  return resultsOf(split.test, ({ alone }) => {
    const best = Math.max(...alone.map(({ taken }) => taken.pass));
    return alone.filter(({ taken }) => taken.pass === best).toSorted((a, b) => a.taken.usd - b.taken.usd)[0];
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
