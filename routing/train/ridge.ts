// Ridge regression of several targets at once on sparse rows, by conjugate gradients: no step size, no randomness.

/** A sparse matrix, row after row; a row's entries are at `starts[i]` to `starts[i + 1]`. */
export type SparseMatrix = {
  readonly rows: number;
  readonly columns: number;
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
};

/**
 * Finds the weights, `targets` values a column, that predict `wanted` (row after row, centred by the caller) from the
 * `chosen` rows. `penalty` pulls them to zero, and so does ending after few `steps`.
 */
export function ridge(
  matrix: SparseMatrix,
  chosen: Int32Array,
  wanted: Float64Array,
  targets: number,
  options: { readonly penalty: number; readonly steps: number },
): Float64Array {
  const size = matrix.columns * targets;
  const weights = new Float64Array(size);
  const residual = new Float64Array(size);
  const image = new Float64Array(size);
  addTransposed(matrix, chosen, targets, (row, target) => wanted[row * targets + target] ?? 0, residual);
  const direction = residual.slice();
  let error = squares(residual, targets);
  const score = new Float64Array(targets);
  for (let step = 0; step < options.steps; step++) {
    image.fill(0);
    applyNormal(matrix, chosen, targets, direction, image, score);
    for (let at = 0; at < size; at++) image[at] = (image[at] ?? 0) + options.penalty * (direction[at] ?? 0);
    const curvature = products(direction, image, targets);
    const stride = error.map((value, target) => (curvature[target] ? value / (curvature[target] ?? 1) : 0));
    for (let at = 0; at < size; at++) {
      const scale = stride[at % targets] ?? 0;
      weights[at] = (weights[at] ?? 0) + scale * (direction[at] ?? 0);
      residual[at] = (residual[at] ?? 0) - scale * (image[at] ?? 0);
    }
    const next = squares(residual, targets);
    const turn = next.map((value, target) => (error[target] ? value / (error[target] ?? 1) : 0));
    for (let at = 0; at < size; at++)
      direction[at] = (residual[at] ?? 0) + (turn[at % targets] ?? 0) * (direction[at] ?? 0);
    error = next;
  }
  return weights;
}

/** Scores of one row, written to `into`. */
export function scoreRow(
  matrix: SparseMatrix,
  row: number,
  weights: Float64Array,
  targets: number,
  into: Float64Array,
): void {
  into.fill(0);
  const end = matrix.starts[row + 1] ?? 0;
  for (let at = matrix.starts[row] ?? 0; at < end; at++) {
    const value = matrix.values[at] ?? 0;
    const from = (matrix.indices[at] ?? 0) * targets;
    for (let target = 0; target < targets; target++)
      into[target] = (into[target] ?? 0) + value * (weights[from + target] ?? 0);
  }
}

/** Adds XᵀX times the direction, over the chosen rows. */
function applyNormal(
  matrix: SparseMatrix,
  chosen: Int32Array,
  targets: number,
  direction: Float64Array,
  image: Float64Array,
  score: Float64Array,
): void {
  for (const row of chosen) {
    scoreRow(matrix, row, direction, targets, score);
    addRow(matrix, row, targets, score, image);
  }
}

function addTransposed(
  matrix: SparseMatrix,
  chosen: Int32Array,
  targets: number,
  wanted: (row: number, target: number) => number,
  into: Float64Array,
): void {
  const values = new Float64Array(targets);
  for (const row of chosen) {
    for (let target = 0; target < targets; target++) values[target] = wanted(row, target);
    addRow(matrix, row, targets, values, into);
  }
}

function addRow(matrix: SparseMatrix, row: number, targets: number, values: Float64Array, into: Float64Array): void {
  const end = matrix.starts[row + 1] ?? 0;
  for (let at = matrix.starts[row] ?? 0; at < end; at++) {
    const value = matrix.values[at] ?? 0;
    const from = (matrix.indices[at] ?? 0) * targets;
    for (let target = 0; target < targets; target++)
      into[from + target] = (into[from + target] ?? 0) + value * (values[target] ?? 0);
  }
}

function squares(vector: Float64Array, targets: number): Float64Array {
  return products(vector, vector, targets);
}

/** For each target the inner product of its column in two vectors. */
function products(one: Float64Array, other: Float64Array, targets: number): Float64Array {
  const sums = new Float64Array(targets);
  for (let at = 0; at < one.length; at++) {
    const target = at % targets;
    sums[target] = (sums[target] ?? 0) + (one[at] ?? 0) * (other[at] ?? 0);
  }
  return sums;
}
