// The weights that ship, out of a folder of graded prompts: one forecaster over the models of every pool.

import { encodeWeights } from "../server/routing/learned/weights.ts";
import { loadData } from "./data/load-data.ts";
import { joinPools } from "./train/joint-pool.ts";
import { trainWeights } from "./train/train-weights.ts";

export type ShippedWeights = { readonly file: Uint8Array; readonly models: number; readonly prompts: number };

/** Rarer words have no weights, and heads are for the pool as a whole, so that the file stays far below two megabytes. */
const size = { fewest: 3, singleModels: 0 };

/** @throws DataMistake when the data is not as it must be. */
export function trainShippedWeights(directory: string, seed: number): ShippedWeights {
  const pool = joinPools(loadData(directory).pools);
  const weights = trainWeights(pool, pool.rows, seed, size);
  return { file: encodeWeights(weights), models: weights.models.length, prompts: pool.rows.length };
}
