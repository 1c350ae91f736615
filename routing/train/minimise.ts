// The lowest point of a smooth function of many numbers, by L-BFGS: the same start always gives the same end.

/** Writes the slope at `point` into `slope`, which holds zeros, and returns the value. */
export type Smooth = (point: Float64Array, slope: Float64Array) => number;

type Step = { readonly moved: Float64Array; readonly turned: Float64Array; readonly scale: number };

const remembered = 8;
const mostHalvings = 20;
const enoughGain = 1e-6;

/** Walks from `start`, `mostSteps` steps at most, fewer when a step gains next to nothing. */
export function minimise(start: Float64Array, value: Smooth, mostSteps: number): Float64Array {
  let point = start;
  let slope: Float64Array = new Float64Array(start.length);
  let height = value(point, slope);
  const steps: Step[] = [];
  for (let count = 0; count < mostSteps; count++) {
    const direction = descent(slope, steps);
    const next = search(point, height, slope, direction, value);
    if (next === undefined) break;
    const moved = difference(next.point, point);
    const turned = difference(next.slope, slope);
    const curvature = product(moved, turned);
    if (curvature > 1e-12) steps.push({ moved, turned, scale: 1 / curvature });
    if (steps.length > remembered) steps.shift();
    const gain = (height - next.height) / Math.max(Math.abs(height), Number.MIN_VALUE);
    ({ point, slope, height } = next);
    if (gain < enoughGain) break;
  }
  return point;
}

/** Downhill, bent by what the last steps said about the curvature. */
function descent(slope: Float64Array, steps: readonly Step[]): Float64Array {
  const direction = slope.map((value) => -value);
  const parts: number[] = [];
  for (const step of steps.toReversed()) {
    const part = step.scale * product(step.moved, direction);
    parts.push(part);
    add(direction, step.turned, -part);
  }
  const last = steps.at(-1);
  const length =
    last === undefined
      ? 1 / Math.max(1, Math.sqrt(product(slope, slope)))
      : 1 / (last.scale * product(last.turned, last.turned));
  for (let at = 0; at < direction.length; at++) direction[at] = (direction[at] ?? 0) * length;
  for (const step of steps)
    add(direction, step.moved, (parts.pop() ?? 0) - step.scale * product(step.turned, direction));
  return direction;
}

/** The first of ever shorter steps that goes down enough; undefined when none does. */
function search(
  point: Float64Array,
  height: number,
  slope: Float64Array,
  direction: Float64Array,
  value: Smooth,
): { point: Float64Array; slope: Float64Array; height: number } | undefined {
  const fall = product(slope, direction);
  for (let halving = 0, length = 1; halving < mostHalvings; halving++, length /= 2) {
    const next = point.slice();
    add(next, direction, length);
    const nextSlope = new Float64Array(point.length);
    const nextHeight = value(next, nextSlope);
    if (nextHeight < height && nextHeight <= height + 1e-4 * length * fall)
      return { point: next, slope: nextSlope, height: nextHeight };
  }
  return undefined;
}

function product(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}

function add(into: Float64Array, vector: Float64Array, times: number): void {
  for (let at = 0; at < into.length; at++) into[at] = (into[at] ?? 0) + times * (vector[at] ?? 0);
}

function difference(one: Float64Array, other: Float64Array): Float64Array {
  return one.map((value, at) => value - (other[at] ?? 0));
}
