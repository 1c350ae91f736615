// A pool as one set of files gives it, before near-duplicates are known and prices are added.

import type { PoolRow } from "../pool.ts";

export type UngroupedRow = Omit<PoolRow, "group">;

export type UngroupedPool = {
  readonly name: string;
  /** Names in the order of every row's lists. */
  readonly models: readonly string[];
  readonly rows: readonly UngroupedRow[];
};

/** Values by model as a list in the pool's order, NaN where there is none. */
export function inOrder(models: readonly string[], values: ReadonlyMap<string, number>): Float64Array {
  return Float64Array.from(models, (model) => values.get(model) ?? Number.NaN);
}

/** Nothing known of any model. */
export function unknownOf(models: readonly string[]): Float64Array {
  return new Float64Array(models.length).fill(Number.NaN);
}
