// Trains the weights of a forecast on graded prompts. The same rows and seed always give the same weights.

import { PromptForecaster } from "../../server/routing/learned/prompt-forecaster.ts";
import type { ForecastWeights } from "../../server/routing/learned/weights.ts";
import type { Pool, PoolRow, Trainer } from "../pool.ts";
import { trainAbilities } from "./abilities.ts";
import { findCentres } from "./centres.ts";
import { trainGuard } from "./guard.ts";
import { trainHeads } from "./heads.ts";
import { buildInputs } from "./inputs.ts";
import { trainLengths } from "./lengths.ts";
import { readRows } from "./read-rows.ts";
import { rowTargets } from "./targets.ts";
import { buildVocabulary, sparseRows } from "./vocabulary.ts";

/** The folds within the training rows: what one model says of rows it has not seen is the next one's input. */
const foldCount = 5;
const fewestRows = 2;
/** A pool with more models than this has heads for its priced models alone, and for no more than this. */
const mostSingleModels = 12;

/** What decides how large the weights are. */
export type Size = {
  /** Words and pairs that occur in fewer rows have no weights. */
  readonly fewest: number;
  /** Models that get a head of their own. */
  readonly singleModels: number;
};

/** A forecaster of exactly what a file with these weights would forecast. */
export const trainForecaster: Trainer = (pool, rows, seed) => new PromptForecaster(trainWeights(pool, rows, seed));

/** Takes about a second for a thousand rows of a pool with many models. No rows give weights that know nothing. */
export function trainWeights(
  pool: Pool,
  rows: readonly PoolRow[],
  seed: number,
  { fewest, singleModels }: Size = { fewest: fewestRows, singleModels: mostSingleModels },
): ForecastWeights {
  const models = pool.models.length;
  const folds = Int32Array.from(rows, ({ group }) => foldOf(group, seed));
  const all = Int32Array.from(rows, (_, row) => row);
  const read = readRows(rows);
  const vocabulary = buildVocabulary(read, all, fewest);
  const matrix = sparseRows(read, vocabulary);
  const targets = rowTargets(pool, rows, singleModels);
  const heads = trainHeads(matrix, targets, folds);
  const inputs = buildInputs(read, heads);
  const abilities = trainAbilities(rows, models, inputs);
  return {
    models: pool.models.map(({ name }) => name),
    heads: heads.count,
    ...vocabulary,
    headRows: heads.rows,
    headSteps: heads.steps,
    centres: findCentres(rows, read, vocabulary, all),
    guard: trainGuard({ rows, models, read, matrix, targets, inputs, abilities, folds, fewest }),
    inputMeans: inputs.means,
    inputScales: inputs.scales,
    ...abilities,
    ...trainLengths(rows, models, inputs),
  };
}

/** Near-duplicates share a group, and so a fold. */
function foldOf(group: number, seed: number): number {
  const mixed = Math.imul(Math.imul(group + 1, 0x9e3779b1) ^ (seed + 0x7f4a7c15), 0x85ebca6b);
  return ((mixed ^ (mixed >>> 15)) >>> 0) % foldCount;
}
