// The heads: linear readings of a prompt's words, each for one target, and what they say about rows they did not see.

import { ridge, scoreRow, type SparseMatrix } from "./ridge.ts";
import { standardise, targetCount, type RowTargets } from "./targets.ts";

const penalty = 2;
const steps = 10;

export type Heads = {
  readonly count: number;
  /** `count` weights for each column of the matrix, in whole steps of `steps`. */
  readonly rows: Int8Array;
  readonly steps: Float32Array;
  /** What heads that were trained on the other folds say of each row; `count` a row. */
  readonly outOfFold: Float64Array;
};

/** Rows of one fold are read by heads that saw none of that fold. */
export function trainHeads(matrix: SparseMatrix, targets: RowTargets, folds: Int32Array): Heads {
  const count = targetCount(targets);
  const all = Int32Array.from({ length: matrix.rows }, (_, row) => row);
  const outOfFold = new Float64Array(matrix.rows * count);
  const score = new Float64Array(count);
  for (const fold of new Set(folds)) {
    const weights = fit(
      matrix,
      targets,
      all.filter((row) => folds[row] !== fold),
    );
    for (const row of all) {
      if (folds[row] !== fold) continue;
      scoreRow(matrix, row, weights, count, score);
      outOfFold.set(score, row * count);
    }
  }
  return { count, outOfFold, ...inSteps(fit(matrix, targets, all), count) };
}

/** What heads that were trained on the chosen rows alone say of every row; `targetCount(targets)` a row. */
export function readByOthers(matrix: SparseMatrix, targets: RowTargets, chosen: Int32Array): Float64Array {
  const count = targetCount(targets);
  const weights = fit(matrix, targets, chosen);
  const read = new Float64Array(matrix.rows * count);
  const score = new Float64Array(count);
  for (let row = 0; row < matrix.rows; row++) {
    scoreRow(matrix, row, weights, count, score);
    read.set(score, row * count);
  }
  return read;
}

function fit(matrix: SparseMatrix, targets: RowTargets, chosen: Int32Array): Float64Array {
  return ridge(matrix, chosen, standardise(targets, chosen), targetCount(targets), { penalty, steps });
}

/** Each head's weights as bytes; those beyond five spreads are held there, so that a few do not coarsen the rest. */
function inSteps(weights: Float64Array, count: number): { rows: Int8Array; steps: Float32Array } {
  const squares = new Float64Array(count);
  weights.forEach((weight, at) => {
    squares[at % count] = (squares[at % count] ?? 0) + weight * weight;
  });
  const sizes = Float32Array.from(squares, (sum) => (5 * Math.sqrt((sum * count) / weights.length) || 1) / 127);
  const rows = new Int8Array(weights.length);
  weights.forEach((weight, at) => {
    rows[at] = Math.max(-127, Math.min(127, Math.round(weight / (sizes[at % count] ?? 1))));
  });
  return { rows, steps: sizes };
}
