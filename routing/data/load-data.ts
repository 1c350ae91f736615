// Graded prompts of one directory, or of one to train on and another to measure on, as pools with prices and groups.

import { existsSync } from "node:fs";
import type { Pool } from "../pool.ts";
import { DataMistake } from "./data-mistake.ts";
import { loadLlmRouter, loadRouteLlm } from "./graded-lines.ts";
import { readKeywordScores } from "./keyword-scores.ts";
import { loadMmluPro, loadZeroEval } from "./labelled-prompts.ts";
import { nearDuplicateGroups } from "./near-duplicates.ts";
import { priceKey, readPrices, type Prices } from "./prices.ts";
import type { UngroupedPool } from "./ungrouped.ts";

export type RoutingData = {
  readonly pools: readonly Pool[];
  /** The same pools out of the other directory, models in the same order; empty when none was named. */
  readonly testPools: readonly Pool[];
  /** A published keyword scorer's, by the id of the row. */
  readonly keywordScores: ReadonlyMap<string, number>;
};

/**
 * Pools whose files are absent are left out. Groups are numbered over everything that is read, so that a row to train on
 * and one to measure on that are nearly the same have one number.
 * @throws DataMistake
 */
export function loadData(directory: string, testDirectory?: string): RoutingData {
  const pools = loadDirectory(directory);
  const testPools = testDirectory === undefined ? [] : loadDirectory(testDirectory);
  const prices = readPrices(directory) ?? new Map();
  const testPrices = testDirectory === undefined ? prices : (readPrices(testDirectory) ?? prices);
  const ordered = testPools.flatMap((pool) => {
    const trained = pools.find(({ name }) => name === pool.name);
    return trained === undefined ? [] : [withModels(pool, trained.models)];
  });
  const groups = nearDuplicateGroups([...pools, ...ordered].flatMap(({ rows }) => rows.map(({ prompt }) => prompt)));
  let next = 0;
  const finish = (pool: UngroupedPool, known: Prices): Pool => ({
    name: pool.name,
    models: pool.models.map((name) => {
      const price = known.get(priceKey(pool.name, name));
      return price === undefined
        ? { name, inputPrice: undefined, outputPrice: undefined, hiddenOutputFactor: 1 }
        : { name, ...price };
    }),
    rows: pool.rows.map((row) => ({ ...row, group: groups[next++] ?? 0 })),
  });
  return {
    pools: pools.map((pool) => finish(pool, prices)),
    testPools: ordered.map((pool) => finish(pool, testPrices)),
    keywordScores: new Map([
      ...readKeywordScores(directory),
      ...(testDirectory === undefined ? [] : readKeywordScores(testDirectory)),
    ]),
  };
}

function loadDirectory(directory: string): UngroupedPool[] {
  if (!existsSync(directory)) throw new DataMistake(directory, undefined, "there is no such folder");
  const pools = [
    ...loadRouteLlm(directory),
    ...[loadMmluPro(directory), loadZeroEval(directory), loadLlmRouter(directory)].filter((pool) => pool !== undefined),
  ];
  if (pools.length === 0) {
    throw new DataMistake(
      directory,
      undefined,
      "has none of the files of graded prompts (routellm_mmlu_gsm8k.jsonl.gz ...)",
    );
  }
  return pools;
}

/** The same rows with their lists in another order of models; what a model was not asked is NaN. */
function withModels(pool: UngroupedPool, models: readonly string[]): UngroupedPool {
  const places = models.map((model) => pool.models.indexOf(model));
  const reorder = (values: Float64Array): Float64Array =>
    Float64Array.from(places, (place) => values[place] ?? Number.NaN);
  const rows = pool.rows.map((row) => ({
    ...row,
    outcomes: reorder(row.outcomes),
    outputCharacters: reorder(row.outputCharacters),
    ...(row.answers !== undefined && { answers: places.map((place) => row.answers?.[place]) }),
  }));
  return { name: pool.name, models, rows };
}
