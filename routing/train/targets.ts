// What the heads learn to see in a prompt: how hard it is for the pool as a whole, how it does with single models, how
// long answers get; and the same averaged over the prompt's subject, which is a quieter thing to learn.

import type { Pool, PoolRow } from "../pool.ts";

/** A subject's mean is drawn to the pool's as if it had this many more rows. */
const subjectPrior = 10;
const roundsOfPower = 60;

/** For each row, the values of every target before subjects are averaged; NaN where unknown. */
export type RowTargets = {
  readonly width: number;
  readonly values: Float64Array;
  /** The number of each row's task and subject. */
  readonly subjects: Int32Array;
  readonly subjectCount: number;
};

/** @param singleModels Models that get a target of their own; where the pool has more, only priced ones do. */
export function rowTargets(pool: Pool, rows: readonly PoolRow[], singleModels: number): RowTargets {
  const models = pool.models.length;
  const means = pool.models.map((_, model) => mean(rows.map(({ outcomes }) => outcomes[model] ?? Number.NaN)));
  const directions = [mainDirection(rows, means), ...singleDirections(pool, singleModels)];
  const lengths = meanLengths(rows, models);
  const width = directions.length + (lengths === undefined ? 0 : 1);
  const values = new Float64Array(rows.length * width);
  rows.forEach(({ outcomes }, row) => {
    directions.forEach((direction, at) => {
      values[row * width + at] = along(direction, outcomes, means) / askedShare(direction, outcomes);
    });
    if (lengths !== undefined) values[row * width + width - 1] = lengths[row] ?? Number.NaN;
  });
  const names = [...new Set(rows.map(subjectOf))];
  const numbers = new Map(names.map((name, number) => [name, number]));
  const subjects = Int32Array.from(rows, (row) => numbers.get(subjectOf(row)) ?? 0);
  return { width, values, subjects, subjectCount: names.length };
}

/** How many targets `standardise` gives: with several subjects, each one's average too. */
export function targetCount({ width, subjectCount }: RowTargets): number {
  return subjectCount > 1 ? 2 * width : width;
}

/** The chosen rows' targets, centred, in spreads; rows that are not chosen stay zero, and so does what is unknown. */
export function standardise(targets: RowTargets, chosen: Int32Array): Float64Array {
  const { width, values, subjects, subjectCount } = targets;
  const count = targetCount(targets);
  const result = new Float64Array((values.length / width) * count);
  for (let at = 0; at < width; at++) {
    const column = Array.from(chosen, (row) => values[row * width + at] ?? Number.NaN);
    const middle = mean(column);
    const spread = Math.sqrt(mean(column.map((value) => (value - middle) ** 2))) || 1;
    const sums = new Float64Array(subjectCount);
    const rows = new Float64Array(subjectCount);
    for (const row of chosen) {
      const value = ((values[row * width + at] ?? Number.NaN) - middle) / spread;
      if (!Number.isFinite(value)) continue;
      result[row * count + at] = value;
      const subject = subjects[row] ?? 0;
      sums[subject] = (sums[subject] ?? 0) + value;
      rows[subject] = (rows[subject] ?? 0) + 1;
    }
    if (count === width) continue;
    for (const row of chosen) {
      const subject = subjects[row] ?? 0;
      result[row * count + width + at] = (sums[subject] ?? 0) / ((rows[subject] ?? 0) + subjectPrior);
    }
  }
  return result;
}

/** Mean of the numbers that are known; NaN for none. */
export function mean(values: Iterable<number>): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}

function subjectOf({ task, subject }: PoolRow): string {
  return `${task}\n${subject ?? ""}`;
}

/** One weight a model: the way in which the models' outcomes vary most, which is how hard prompts are. */
function mainDirection(rows: readonly PoolRow[], means: readonly number[]): Float64Array {
  let direction: Float64Array = new Float64Array(means.length).fill(1 / Math.sqrt(means.length));
  for (let round = 0; round < roundsOfPower; round++) {
    const next = new Float64Array(means.length);
    for (const { outcomes } of rows) {
      const score = along(direction, outcomes, means);
      for (let model = 0; model < next.length; model++)
        next[model] = (next[model] ?? 0) + score * known((outcomes[model] ?? Number.NaN) - (means[model] ?? 0));
    }
    const size = Math.sqrt(next.reduce((sum, value) => sum + value * value, 0)) || 1;
    direction = next.map((value) => value / size);
  }
  return direction;
}

function singleDirections(pool: Pool, most: number): Float64Array[] {
  const places = pool.models.map((_, place) => place);
  const chosen =
    places.length <= most
      ? places
      : places.filter((place) => pool.models[place]?.inputPrice !== undefined).slice(0, most);
  return chosen.map((place) => Float64Array.from(places, (other) => (other === place ? 1 : 0)));
}

function along(direction: Float64Array, outcomes: Float64Array, means: readonly number[]): number {
  let sum = 0;
  for (let model = 0; model < direction.length; model++)
    sum += (direction[model] ?? 0) * known((outcomes[model] ?? Number.NaN) - (means[model] ?? 0));
  return sum;
}

/** How much of a direction the models are that were asked: 1 for all of them, and for none. */
function askedShare(direction: Float64Array, outcomes: Float64Array): number {
  const squares = direction.reduce(
    (sum, weight, model) => (Number.isNaN(outcomes[model]) ? sum : sum + weight * weight),
    0,
  );
  return Math.sqrt(squares) || 1;
}

/** For each row the mean of its answers' log lengths, each against its model's own mean; undefined when none is known. */
function meanLengths(rows: readonly PoolRow[], models: number): number[] | undefined {
  const logs = rows.map(({ outputCharacters }) =>
    outputCharacters.map((characters) => Math.log(Math.max(1, characters))),
  );
  const means = Array.from({ length: models }, (_, model) => mean(logs.map((row) => row[model] ?? Number.NaN)));
  const lengths = logs.map((row) => mean(row.map((length, model) => length - (means[model] ?? 0))));
  return lengths.every((length) => Number.isNaN(length)) ? undefined : lengths;
}

function known(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
