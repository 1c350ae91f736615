// Each model's log-odds to pass: one ability, one ease of the prompt that all models share, and small weights of its own.

import type { PoolRow } from "../pool.ts";
import type { Inputs } from "./inputs.ts";
import { minimise } from "./minimise.ts";
import { mean } from "./targets.ts";

/** How strongly weights are drawn to zero: what all models share a little, what is one model's own a lot. */
const sharedPenalty = 5;
const ownPenalty = 100;
/** An ability is drawn to the pool's as if the model had this many more outcomes of the pool's average. */
const priorOutcomes = 30;
const mostSteps = 60;

export type Abilities = {
  readonly shared: Float32Array;
  readonly abilities: Float32Array;
  readonly own: Float32Array;
  readonly fallbacks: Float32Array;
};

/** Outcomes between 0 and 1 count as shares; models that were not asked about a row learn nothing from it. */
export function trainAbilities(
  rows: readonly PoolRow[],
  models: number,
  inputs: Inputs,
  steps: number = mostSteps,
): Abilities {
  const { width } = inputs;
  const size = width + models * (width + 1);
  const priors = fallbackLogOdds(rows, models);
  const start = new Float64Array(size);
  priors.forEach((prior, model) => {
    start[width + model * (width + 1)] = prior;
  });
  const found = minimise(start, (point, slope) => loss(rows, inputs, models, priors, point, slope), steps);
  const own = new Float32Array(models * width);
  const abilities = new Float32Array(models);
  for (let model = 0; model < models; model++) {
    const from = width + model * (width + 1);
    abilities[model] = found[from] ?? 0;
    own.set(found.subarray(from + 1, from + 1 + width), model * width);
  }
  return { shared: Float32Array.from(found.subarray(0, width)), abilities, own, fallbacks: Float32Array.from(priors) };
}

/** Log-odds of each model with every task counting the same, drawn to all models' together. */
export function fallbackLogOdds(rows: readonly PoolRow[], models: number): number[] {
  const tasks = [...Map.groupBy(rows, ({ task }) => task).values()];
  const places = Array.from({ length: models }, (_, model) => model);
  const asked = places.map((model) => rows.filter(({ outcomes }) => !Number.isNaN(outcomes[model])).length);
  const rates = places.map((model) =>
    mean(tasks.map((task) => mean(task.map((row) => row.outcomes[model] ?? Number.NaN)))),
  );
  const overall = rates.every((rate) => Number.isNaN(rate)) ? 0.5 : mean(rates);
  return places.map((model) => {
    const count = asked[model] ?? 0;
    const rate =
      count === 0 ? overall : ((rates[model] ?? 0) * count + overall * priorOutcomes) / (count + priorOutcomes);
    const held = Math.max(0.01, Math.min(0.99, rate));
    return Math.log(held / (1 - held));
  });
}

function loss(
  rows: readonly PoolRow[],
  { width, values }: Inputs,
  models: number,
  priors: readonly number[],
  point: Float64Array,
  slope: Float64Array,
): number {
  let sum = penalise(models, width, priors, point, slope);
  for (let row = 0; row < rows.length; row++) {
    const outcomes = rows[row]?.outcomes;
    const from = row * width;
    const ease = dot(point, 0, values, from, width);
    let sharedError = 0;
    for (let model = 0; model < models; model++) {
      const outcome = outcomes?.[model] ?? Number.NaN;
      if (Number.isNaN(outcome)) continue;
      const place = width + model * (width + 1);
      const logOdds = ease + (point[place] ?? 0) + dot(point, place + 1, values, from, width);
      const error = 1 / (1 + Math.exp(-logOdds)) - outcome;
      sum += Math.log1p(Math.exp(-Math.abs(logOdds))) + Math.max(0, logOdds) - outcome * logOdds;
      sharedError += error;
      slope[place] = (slope[place] ?? 0) + error;
      addTimes(slope, place + 1, values, from, width, error);
    }
    addTimes(slope, 0, values, from, width, sharedError);
  }
  return sum;
}

/** Adds the slopes of the penalties, and returns what they cost. */
function penalise(
  models: number,
  width: number,
  priors: readonly number[],
  point: Float64Array,
  slope: Float64Array,
): number {
  let sum = 0;
  const draw = (at: number, to: number, penalty: number) => {
    const distance = (point[at] ?? 0) - to;
    sum += (penalty / 2) * distance * distance;
    slope[at] = (slope[at] ?? 0) + penalty * distance;
  };
  for (let at = 0; at < width; at++) draw(at, 0, sharedPenalty);
  for (let model = 0; model < models; model++) {
    const place = width + model * (width + 1);
    draw(place, priors[model] ?? 0, 1);
    for (let at = 1; at <= width; at++) draw(place + at, 0, ownPenalty);
  }
  return sum;
}

function dot(one: Float64Array, oneFrom: number, other: Float64Array, otherFrom: number, length: number): number {
  let sum = 0;
  for (let at = 0; at < length; at++) sum += (one[oneFrom + at] ?? 0) * (other[otherFrom + at] ?? 0);
  return sum;
}

function addTimes(
  into: Float64Array,
  intoFrom: number,
  vector: Float64Array,
  from: number,
  length: number,
  times: number,
): void {
  for (let at = 0; at < length; at++)
    into[intoFrom + at] = (into[intoFrom + at] ?? 0) + times * (vector[from + at] ?? 0);
}
