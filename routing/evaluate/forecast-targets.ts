// What is asked of forecasts themselves: true to what happens (T14), the same for the same question (T15), quick (T13).

import type { Forecaster, Pool } from "../pool.ts";
import { cheapestPlan, offersOf, worthiestPlan } from "../../server/routing/plans/choose-plan.ts";
import { enumeratePlans } from "../../server/routing/plans/plan-steps.ts";
import { planTreeOf } from "../../server/routing/plans/plan-tree.ts";
import { expectPlans } from "../../server/routing/plans/expected-plans.ts";
import { bootstrapInterval, type Interval } from "./bootstrap.ts";
import { calibrationError } from "./calibration.ts";
import { expectedCosts } from "./costs.ts";
import { baselineNames, type Laboratory } from "./laboratory.ts";
import type { Measure } from "./measure.ts";
import { expectFor } from "./planned.ts";
import { fixDial, type Dial } from "./policy.ts";
import { joined, type Sample } from "./samples.ts";
import { planSplit, promptOnly, type PlannedSplit } from "./savings.ts";
import { bestModel, pricedModels } from "./savings-targets.ts";
import { drawsFrom, hashOf } from "./seeded.ts";
import { variantNames, variantOf } from "./variants.ts";

/** Mean over the pool's models of each one's error. */
function errorOf(pool: Pool, { rows, forecasts }: Sample, weights?: ArrayLike<number>): number {
  const errors = pool.models
    .map((_, model) =>
      calibrationError(
        forecasts.map(({ pass }) => pass[model] ?? 0),
        rows.map(({ outcomes }) => outcomes[model] ?? Number.NaN),
        weights,
      ),
    )
    .filter((error) => !Number.isNaN(error));
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

export function measureT14(laboratory: Laboratory): Measure[] {
  return laboratory.pools.flatMap((pool) => {
    const sample = joined(laboratory.splits(pool, "learned").map(({ test }) => test));
    const groups = sample.rows.map(({ group }) => group);
    const value = errorOf(pool, sample);
    const known: Measure = {
      target: "T14",
      pool: pool.name,
      name: "calibration error",
      unit: "number",
      goal: { bound: "most", value: 0.03 },
      value,
      interval: mirrored(
        value,
        bootstrapInterval(groups, (weights) => errorOf(pool, sample, weights), laboratory.seed, 100),
      ),
      baselines: baselineNames.map((name) => ({
        name,
        value: errorOf(pool, joined(laboratory.splits(pool, name).map(({ test }) => test))),
      })),
      notes: [`mean over ${pool.models.length} models, ${sample.rows.length} rows`],
    };
    return [known, ...leftOutCalibration(laboratory, pool)];
  });
}

/** Drawing rows again adds to a distance that cannot be negative; mirrored, the interval takes as much away. */
function mirrored(value: number, { low, high }: Interval): Interval {
  return { low: Math.max(0, 2 * value - high), high: Math.max(0, 2 * value - low) };
}

/** Tasks with fewer rows have an error from chance alone. */
const fewestRows = 100;

function leftOutCalibration(laboratory: Laboratory, pool: Pool): Measure[] {
  const tasks = laboratory
    .splitsByTask(pool)
    .filter(({ test }) => test.rows.length >= fewestRows)
    .map(({ name, test }) => ({ name, rows: test.rows.length, error: errorOf(pool, test) }));
  if (tasks.length === 0) return [];
  const rows = tasks.reduce((sum, task) => sum + task.rows, 0);
  const worst = tasks.reduce((most, task) => (task.error > most.error ? task : most));
  return [
    {
      target: "T14",
      pool: pool.name,
      name: "calibration error, left-out task",
      unit: "number",
      goal: { bound: "most", value: 0.08 },
      value: tasks.reduce((sum, task) => sum + (task.error * task.rows) / rows, 0),
      baselines: [{ name: `worst (${worst.name})`, value: worst.error }],
      notes: [`mean over ${tasks.length} tasks by their rows, each with the models trained on the others`],
    },
  ];
}

const mostVariantRows = 500;

export function measureT15(laboratory: Laboratory): Measure[] {
  return laboratory.pools.flatMap((pool) => {
    const models = pricedModels(pool);
    const split = laboratory.splits(pool, "learned")[0];
    if (split === undefined || models.length < 2) return [];
    const reference = bestModel(pool, split.development.rows, models);
    const planned = planSplit({ pool, models, reference, bounds: promptOnly }, split, laboratory.seed);
    if (planned === undefined) return [];
    const dial = fixDial(planned.development, planned.reference, 0.98);
    const rows = planned.test
      .map(({ row }) => row)
      .toSorted((a, b) => hashOf(a.id, laboratory.seed) - hashOf(b.id, laboratory.seed))
      .slice(0, mostVariantRows);
    const choice = choiceBy(pool, models, planned, split.forecaster, dial);
    const same = variantNames.map((variant) => {
      const draw = drawsFrom(laboratory.seed);
      return rows.map(({ prompt }) => (choice(prompt) === choice(variantOf(prompt, variant, draw)) ? 1 : 0));
    });
    const shareOf = (values: readonly number[], weights?: ArrayLike<number>): number => {
      let [sum, total] = [0, 0];
      values.forEach((value, index) => {
        sum += value * (weights?.[index] ?? 1);
        total += weights?.[index] ?? 1;
      });
      return (100 * sum) / total;
    };
    const worst = (weights?: ArrayLike<number>): number => Math.min(...same.map((values) => shareOf(values, weights)));
    return [
      {
        target: "T15",
        pool: pool.name,
        name: "same choice, worst variant",
        unit: "percent",
        goal: { bound: "least", value: 97 },
        value: worst(),
        interval: bootstrapInterval(
          rows.map(({ group }) => group),
          worst,
          laboratory.seed,
        ),
        baselines: variantNames.map((name, index) => ({
          name,
          value: shareOf(same[index] ?? []),
        })),
        notes: [`the choice that keeps 98% of ${reference}, ${rows.length} rows`],
      } satisfies Measure,
    ];
  });
}

function choiceBy(pool: Pool, models: readonly string[], split: PlannedSplit, forecaster: Forecaster, dial: Dial) {
  const places = models.map((name) => pool.models.findIndex((model) => model.name === name));
  return (prompt: string): number | undefined => {
    const full = forecaster.forecast(prompt);
    const pick = (values: ArrayLike<number>): Float64Array => Float64Array.from(places, (place) => values[place] ?? 0);
    const forecast = { pass: pick(full.pass), outputCharacters: pick(full.outputCharacters), known: full.known };
    const expected = expectFor(split.tree, split.measured, split.models, prompt, forecast);
    const offers = offersOf(expected);
    return dial.kind === "worth"
      ? worthiestPlan(offers, dial.value)?.plan
      : cheapestPlan(offers, (expected.pass[split.reference] ?? 1) + dial.value)?.plan;
  };
}

const timedPrompts = 3_000;
const longCharacters = 200_000;
/** What the published keyword scorer takes for one decision, in microseconds. */
const keywordScorerMicroseconds = 148;

/** One decision: the forecast for every model of the largest pool, and the choice among its single models. */
export function measureT13(laboratory: Laboratory): Measure[] {
  const pool = laboratory.pool("mmlupro") ?? laboratory.pools[0];
  const split = pool === undefined ? undefined : laboratory.splits(pool, "learned")[0];
  if (pool === undefined || split === undefined) return [];
  const prompts = laboratory.pools
    .flatMap((one) => laboratory.measuredRows(one))
    .toSorted((a, b) => hashOf(a.id, laboratory.seed) - hashOf(b.id, laboratory.seed))
    .slice(0, timedPrompts)
    .map(({ prompt }) => prompt);
  const priced = [...pool.models.keys()].filter((place) => pool.models[place]?.inputPrice !== undefined);
  const tree = planTreeOf(enumeratePlans(priced, promptOnly));
  const decide = (prompt: string): void => {
    const forecast = split.forecaster.forecast(prompt);
    worthiestPlan(offersOf(expectPlans(tree, [], forecast.pass, expectedCosts(pool.models, prompt, forecast))), 1);
  };
  for (const prompt of prompts) decide(prompt);
  const times = prompts.map((prompt) => microseconds(() => decide(prompt))).toSorted((a, b) => a - b);
  const text = prompts.join("\n\n");
  const long = text.repeat(Math.ceil(longCharacters / text.length)).slice(0, longCharacters);
  const longTimes = Array.from({ length: 21 }, () => microseconds(() => decide(long))).toSorted((a, b) => a - b);
  const baselines = [{ name: "keywords", value: keywordScorerMicroseconds }];
  const notes = [`forecast for ${pool.models.length} models and the choice, ${times.length} prompts of every pool`];
  const line = (name: string, most: number, value: number): Measure => ({
    target: "T13",
    pool: pool.name,
    name,
    unit: "microseconds",
    goal: { bound: "most", value: most },
    value,
    baselines,
    notes,
  });
  return [
    line("decision, p50", 100, at(times, 0.5)),
    line("decision, p99", 1_000, at(times, 0.99)),
    line("decision, 200,000 characters", 2_000, at(longTimes, 0.5)),
  ];
}

function microseconds(act: () => void): number {
  const startedAt = performance.now();
  act();
  return (performance.now() - startedAt) * 1_000;
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
