// Deals rows into folds, near-duplicates together, the same for the same seed.

import type { PoolRow } from "../pool.ts";
import { hashOf } from "./seeded.ts";

/** Folds of nearly one size: the largest groups are dealt first, each to the fold that has the fewest rows. */
export function dealFolds(rows: readonly PoolRow[], count: number, seed: number): PoolRow[][] {
  const groups = new Map<number, PoolRow[]>();
  for (const row of rows) {
    const group = groups.get(row.group);
    if (group === undefined) groups.set(row.group, [row]);
    else group.push(row);
  }
  const order = [...groups.values()]
    .map((group) => ({ group, place: Math.min(...group.map(({ id }) => hashOf(id, seed))) }))
    .toSorted((left, right) => right.group.length - left.group.length || left.place - right.place);
  const folds = Array.from({ length: count }, (): PoolRow[] => []);
  for (const { group } of order) {
    const smallest = folds.reduce((least, fold) => (fold.length < least.length ? fold : least));
    smallest.push(...group);
  }
  return folds;
}
