// How far a forecast can be trusted, from how familiar its prompt looks: learned from tasks or subjects that were left out,
// one part of them after another, beside rows of the kinds that were trained on.

import { familiarity, FamiliarityGauge, signCount } from "../../server/routing/learned/familiarity.ts";
import { denseCount, PromptReader } from "../../server/routing/learned/prompt-reader.ts";
import { RowIndex } from "../../server/routing/learned/row-index.ts";
import { guardCount } from "../../server/routing/learned/weights.ts";
import type { PoolRow } from "../pool.ts";
import { trainAbilities, type Abilities } from "./abilities.ts";
import { findCentres } from "./centres.ts";
import { readByOthers } from "./heads.ts";
import { withHeads, type Inputs } from "./inputs.ts";
import { minimise } from "./minimise.ts";
import type { ReadRows } from "./read-rows.ts";
import type { SparseMatrix } from "./ridge.ts";
import type { RowTargets } from "./targets.ts";
import { buildVocabulary } from "./vocabulary.ts";

/** Everything that is known when the guard is trained. */
export type Grounds = {
  readonly rows: readonly PoolRow[];
  readonly models: number;
  readonly read: ReadRows;
  readonly matrix: SparseMatrix;
  readonly targets: RowTargets;
  readonly inputs: Inputs;
  readonly abilities: Abilities;
  readonly folds: Int32Array;
  readonly fewest: number;
};

/** A row as a forecast would meet it that did not see it: with what trust makes of it, and with what came true. */
type Met = {
  readonly signs: Float64Array;
  /** For a few models: log-odds with full trust, with none, and the outcome. */
  readonly trusted: Float64Array;
  readonly fallback: Float64Array;
  readonly outcomes: Float64Array;
};

/** Parts that tasks, or else subjects, are left out in. */
const parts = 4;
/** Models that trust is measured with, and rows of each part. */
const mostModels = 8;
const mostRows = 800;
const fewestMet = 30;
/** How much more often prompts are of a known kind than of one that was left out. */
const insideWeight = 5;
/** Centres for the guard need no more rows, and fewer rounds. */
const mostCentreRows = 3000;
const centreRounds = 3;
/** How trust falls where there is nothing to leave out: these shares of prompts are half, and mostly, trusted or less. */
const halfQuantile = 0.01;
const mostlyQuantile = 0.1;

/** Weights of the signs and the log-odds without any; see `familiarity`. */
export function trainGuard(grounds: Grounds): Float32Array {
  const { rows, folds, inputs, abilities } = grounds;
  const all = Int32Array.from(rows, (_, row) => row);
  const inside = meet(
    grounds,
    all.filter((row) => folds[row] === 0),
    all.filter((row) => folds[row] !== 0),
    inputs,
    abilities,
  );
  const outside = partsOf(rows).flatMap((part) => meetPart(grounds, part));
  if (inside.length < fewestMet)
    return Float32Array.from({ length: guardCount }, (_, at) => (at === signCount ? 3 : 0));
  if (outside.length < fewestMet) return guardByQuantiles(inside, usualDirection(inside));
  return guardByLikelihood(inside, outside, tellingDirection(inside, outside));
}

/** Rows to leave out together. Empty when all rows are of one kind. */
function partsOf(rows: readonly PoolRow[]): Int32Array[] {
  const bySubject = rows.every(({ task }) => task === rows[0]?.task);
  const kindOf = ({ task, subject }: PoolRow): string => (bySubject ? (subject ?? "") : task);
  const kinds = [...new Set(rows.map(kindOf))].sort();
  if (kinds.length < 2) return [];
  const partOf = new Map(kinds.map((kind, at) => [kind, at % parts]));
  const all = Int32Array.from(rows, (_, row) => row);
  return Array.from({ length: Math.min(parts, kinds.length) }, (_, part) =>
    all.filter((row) => {
      const { [row]: found } = rows;
      return found !== undefined && partOf.get(kindOf(found)) === part;
    }),
  );
}

function meetPart(grounds: Grounds, part: Int32Array): Met[] {
  const { rows, models, matrix, targets } = grounds;
  const left = new Set(part);
  const rest = Int32Array.from(rows, (_, row) => row).filter((row) => !left.has(row));
  const inputs = withHeads(grounds.inputs, readByOthers(matrix, targets, rest));
  const chosenModels = fewModels(models);
  const few = [...rest].map((row) => onlyModels(rows[row], chosenModels));
  const abilities = trainAbilities(few, chosenModels.length, rowsOf(grounds.inputs, rest), 25);
  return meet(grounds, part, rest, inputs, abilities, true);
}

/**
 * Meets some rows with the words and centres of the rest.
 * @param fewAbilities Whether `abilities` has only the few models that trust is measured with.
 */
function meet(
  { rows, models, read, fewest }: Grounds,
  met: Int32Array,
  rest: Int32Array,
  inputs: Inputs,
  abilities: Abilities,
  fewAbilities = false,
): Met[] {
  const vocabulary = buildVocabulary(read, rest, fewest);
  const centres = findCentres(rows, read, vocabulary, every(rest, mostCentreRows), centreRounds);
  const gauge = new FamiliarityGauge({ ...vocabulary, centres }, new RowIndex(vocabulary.occupied));
  const reader = new PromptReader();
  const { width, values } = inputs;
  const chosen = fewModels(models);
  const places = fewAbilities ? chosen.map((_, place) => place) : chosen;
  return [...every(met, mostRows)].map((row) => {
    reader.read(rows[row]?.prompt ?? "");
    const own = values.subarray(row * width, (row + 1) * width);
    return {
      signs: gauge.signs(reader, own.subarray(width - denseCount)),
      trusted: Float64Array.from(places, (model) => logOdds(abilities, model, own)),
      fallback: Float64Array.from(places, (model) => abilities.fallbacks[model] ?? 0),
      outcomes: Float64Array.from(chosen, (model) => rows[row]?.outcomes[model] ?? Number.NaN),
    };
  });
}

/** Rows at even distances, at most so many. */
function every(rows: Int32Array, most: number): Int32Array {
  const step = Math.max(1, Math.ceil(rows.length / most));
  return rows.filter((_, at) => at % step === 0);
}

function fewModels(models: number): number[] {
  const count = Math.min(models, mostModels);
  return Array.from({ length: count }, (_, at) => Math.floor((at * models) / count));
}

function onlyModels(row: PoolRow | undefined, models: readonly number[]): PoolRow {
  if (row === undefined) throw new RangeError("a row of the pool is missing");
  return { ...row, outcomes: Float64Array.from(models, (model) => row.outcomes[model] ?? Number.NaN) };
}

function rowsOf(inputs: Inputs, chosen: Int32Array): Inputs {
  const { width } = inputs;
  const values = new Float64Array(chosen.length * width);
  chosen.forEach((row, at) => values.set(inputs.values.subarray(row * width, (row + 1) * width), at * width));
  return { ...inputs, values };
}

function logOdds({ abilities, shared, own }: Abilities, model: number, inputs: Float64Array): number {
  let sum = abilities[model] ?? 0;
  const from = model * inputs.length;
  for (let at = 0; at < inputs.length; at++) sum += ((shared[at] ?? 0) + (own[from + at] ?? 0)) * (inputs[at] ?? 0);
  return sum;
}

/** Every sign counts the same, in its own spreads. */
function usualDirection(inside: readonly Met[]): Float64Array {
  return Float64Array.from({ length: signCount }, (_, sign) => {
    const values = inside.map(({ signs }) => signs[sign] ?? 0);
    const middle = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length;
    return (sign === signCount - 1 ? -1 : 1) / Math.max(0.01, Math.sqrt(variance));
  });
}

/** What tells rows of a known kind from those that were left out. */
function tellingDirection(inside: readonly Met[], outside: readonly Met[]): Float64Array {
  const usual = usualDirection(inside);
  const rows = [
    ...inside.map(({ signs }) => ({ signs, wanted: 1, weight: 1 / inside.length })),
    ...outside.map(({ signs }) => ({ signs, wanted: 0, weight: 1 / outside.length })),
  ];
  const found = minimise(
    new Float64Array(guardCount),
    (point, slope) => {
      let sum = 0;
      for (let sign = 0; sign < signCount; sign++) {
        sum += 0.005 * (point[sign] ?? 0) ** 2;
        slope[sign] = 0.01 * (point[sign] ?? 0);
      }
      for (const { signs, wanted, weight } of rows) {
        let odds = point[signCount] ?? 0;
        for (let sign = 0; sign < signCount; sign++)
          odds += (point[sign] ?? 0) * (usual[sign] ?? 0) * (signs[sign] ?? 0);
        const error = weight * (1 / (1 + Math.exp(-odds)) - wanted);
        sum += weight * (Math.log1p(Math.exp(-Math.abs(odds))) + Math.max(0, odds) - wanted * odds);
        for (let sign = 0; sign < signCount; sign++)
          slope[sign] = (slope[sign] ?? 0) + error * (usual[sign] ?? 0) * (signs[sign] ?? 0);
        slope[signCount] = (slope[signCount] ?? 0) + error;
      }
      return sum;
    },
    100,
  );
  // A sign that speaks the wrong way round in these rows is not believed.
  return usual.map((value, sign) => value * Math.max(0.02, found[sign] ?? 0));
}

function guardByQuantiles(inside: readonly Met[], direction: Float64Array): Float32Array {
  const sums = inside.map(({ signs }) => along(direction, signs)).sort((one, other) => one - other);
  const half = sums[Math.floor(halfQuantile * sums.length)] ?? 0;
  const mostly = sums[Math.floor(mostlyQuantile * sums.length)] ?? 0;
  return guardOf(direction, half, Math.log(9) / Math.max(0.1, mostly - half));
}

/** The place and steepness of the fall with which blended forecasts of known and of left-out rows are likeliest. */
function guardByLikelihood(inside: readonly Met[], outside: readonly Met[], direction: Float64Array): Float32Array {
  const sums = [...inside, ...outside].map(({ signs }) => along(direction, signs)).sort((one, other) => one - other);
  const spread = (sums[Math.floor(0.9 * sums.length)] ?? 0) - (sums[Math.floor(0.1 * sums.length)] ?? 0);
  let best = { surprise: Number.POSITIVE_INFINITY, guard: guardByQuantiles(inside, direction) };
  for (let step = 0; step <= 24; step++) {
    const half = (sums[0] ?? 0) - spread + (step / 24) * ((sums.at(-1) ?? 0) - (sums[0] ?? 0) + spread);
    for (const steepness of [2, 5, 10, 25]) {
      const guard = guardOf(direction, half, steepness / Math.max(1e-6, spread));
      const surprise = insideWeight * surpriseOf(inside, guard) + surpriseOf(outside, guard);
      if (surprise < best.surprise) best = { surprise, guard };
    }
  }
  return best.guard;
}

function guardOf(direction: Float64Array, half: number, slope: number): Float32Array {
  return Float32Array.of(...direction.map((value) => value * slope), -half * slope);
}

/** Mean surprise in outcomes when forecasts are trusted as far as the guard says. */
function surpriseOf(rows: readonly Met[], guard: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (const { signs, trusted, fallback, outcomes } of rows) {
    const known = familiarity(signs, guard);
    outcomes.forEach((outcome, model) => {
      if (Number.isNaN(outcome)) return;
      const odds = known * (trusted[model] ?? 0) + (1 - known) * (fallback[model] ?? 0);
      sum += Math.log1p(Math.exp(-Math.abs(odds))) + Math.max(0, odds) - outcome * odds;
      count++;
    });
  }
  return sum / Math.max(1, count);
}

function along(direction: Float64Array, signs: Float64Array): number {
  return direction.reduce((sum, weight, sign) => sum + weight * (signs[sign] ?? 0), 0);
}
