// How long each model's answers get: the logarithm of their characters, by ridge regression on the prompt's inputs.

import type { PoolRow } from "../pool.ts";
import type { Inputs } from "./inputs.ts";
import { mean } from "./targets.ts";

const penalty = 20;
/** Of a model with fewer known lengths nothing is said. */
const fewestLengths = 20;

export type Lengths = { readonly lengths: Float32Array; readonly lengthSlopes: Float32Array };

export function trainLengths(rows: readonly PoolRow[], models: number, inputs: Inputs): Lengths {
  const { width, values } = inputs;
  const lengths = new Float32Array(models).fill(Number.NaN);
  const lengthSlopes = new Float32Array(models * width);
  const root = choleskyRoot(gram(inputs, rows.length), width);
  for (let model = 0; model < models; model++) {
    const logs = rows.map(({ outputCharacters }) => Math.log(Math.max(1, outputCharacters[model] ?? Number.NaN)));
    if (logs.filter((log) => !Number.isNaN(log)).length < fewestLengths) continue;
    const middle = mean(logs);
    const wanted = new Float64Array(width);
    logs.forEach((log, row) => {
      if (Number.isNaN(log)) return;
      for (let at = 0; at < width; at++)
        wanted[at] = (wanted[at] ?? 0) + (log - middle) * (values[row * width + at] ?? 0);
    });
    const slopes = solve(root, wanted);
    const errors = logs.map((log, row) => {
      let expected = middle;
      for (let at = 0; at < width; at++) expected += (slopes[at] ?? 0) * (values[row * width + at] ?? 0);
      return Math.exp(log - expected);
    });
    // The mean of a length is more than what the mean of its logarithm says.
    lengths[model] = middle + Math.log(mean(errors));
    lengthSlopes.set(slopes, model * width);
  }
  return { lengths, lengthSlopes };
}

function gram({ width, values }: Inputs, rows: number): Float64Array {
  const sums = new Float64Array(width * width);
  for (let row = 0; row < rows; row++) {
    const from = row * width;
    for (let one = 0; one < width; one++) {
      const value = values[from + one] ?? 0;
      for (let other = 0; other <= one; other++)
        sums[one * width + other] = (sums[one * width + other] ?? 0) + value * (values[from + other] ?? 0);
    }
  }
  for (let at = 0; at < width; at++) sums[at * width + at] = (sums[at * width + at] ?? 0) + penalty;
  return sums;
}

/** The lower triangle whose product with itself turned round is the matrix; in place of the matrix's own. */
function choleskyRoot(matrix: Float64Array, width: number): Float64Array {
  const root = matrix;
  for (let column = 0; column < width; column++) {
    for (let row = column; row < width; row++) {
      let sum = root[row * width + column] ?? 0;
      for (let at = 0; at < column; at++) sum -= (root[row * width + at] ?? 0) * (root[column * width + at] ?? 0);
      root[row * width + column] = row === column ? Math.sqrt(sum) : sum / (root[column * width + column] ?? 1);
    }
  }
  return root;
}

function solve(root: Float64Array, wanted: Float64Array): Float64Array {
  const width = wanted.length;
  const result = wanted.slice();
  for (let row = 0; row < width; row++) {
    for (let at = 0; at < row; at++)
      result[row] = (result[row] ?? 0) - (root[row * width + at] ?? 0) * (result[at] ?? 0);
    result[row] = (result[row] ?? 0) / (root[row * width + row] ?? 1);
  }
  for (let row = width - 1; row >= 0; row--) {
    for (let at = row + 1; at < width; at++)
      result[row] = (result[row] ?? 0) - (root[at * width + row] ?? 0) * (result[at] ?? 0);
    result[row] = (result[row] ?? 0) / (root[row * width + row] ?? 1);
  }
  return result;
}
