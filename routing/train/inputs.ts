// The inputs of the models' log-odds: heads and dense features, centred, in spreads, and held within limits.

import { denseCount } from "../../server/routing/learned/prompt-reader.ts";
import type { Heads } from "./heads.ts";
import type { ReadRows } from "./read-rows.ts";

const limit = 3;
/** Inputs that vary less than this say nothing and are left out. */
const leastVariance = 1e-6;

export type Inputs = {
  readonly width: number;
  /** `width` values a row. */
  readonly values: Float64Array;
  readonly means: Float32Array;
  readonly scales: Float32Array;
};

export function buildInputs(rows: ReadRows, heads: Heads): Inputs {
  const width = heads.count + denseCount;
  const raw = (row: number, at: number): number =>
    (at < heads.count ? heads.outOfFold[row * heads.count + at] : rows.dense[row * denseCount + at - heads.count]) ?? 0;
  const means = new Float32Array(width);
  const scales = new Float32Array(width);
  const values = new Float64Array(rows.count * width);
  for (let at = 0; at < width; at++) {
    let sum = 0;
    for (let row = 0; row < rows.count; row++) sum += raw(row, at);
    const mean = sum / Math.max(1, rows.count);
    let squares = 0;
    for (let row = 0; row < rows.count; row++) squares += (raw(row, at) - mean) ** 2;
    const variance = squares / Math.max(1, rows.count);
    means[at] = mean;
    scales[at] = variance < leastVariance ? 0 : 1 / Math.sqrt(variance);
    for (let row = 0; row < rows.count; row++)
      values[row * width + at] = held((raw(row, at) - mean) * (scales[at] ?? 0));
  }
  return { width, values, means, scales };
}

/** The same inputs with other heads' readings in place of those they were built from. */
export function withHeads(inputs: Inputs, heads: Float64Array): Inputs {
  const { width, means, scales } = inputs;
  const count = width - denseCount;
  const values = inputs.values.slice();
  for (let row = 0; row * width < values.length; row++)
    for (let at = 0; at < count; at++)
      values[row * width + at] = held(((heads[row * count + at] ?? 0) - (means[at] ?? 0)) * (scales[at] ?? 0));
  return { ...inputs, values };
}

function held(value: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
