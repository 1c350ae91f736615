// A number within a JSON Schema's limits.

import { numberAt, type JsonObject } from "../../contracts/json.ts";

/** So many multiples are looked at before giving up. */
const multiplesAtMost = 1_000;

/**
 * A number near the lower limit, or near the upper one when it is the only one; undefined when the limits leave no number
 * of the kind asked for. `whole` asks for an integer.
 */
export function exampleNumber(schema: JsonObject, whole: boolean): number | undefined {
  const step = numberAt(schema, "multipleOf") ?? (whole ? 1 : undefined);
  const lower = lowerLimit(schema);
  const upper = upperLimit(schema);
  if (step === undefined) return betweenLimits(lower, upper);
  return amongMultiples(step, lower, upper, whole);
}

/** Binary fractions make some multiples look uneven (0.3 / 0.1); the first one that validators take is used. */
function amongMultiples(step: number, lower: Limit, upper: Limit, whole: boolean): number | undefined {
  const downwards = lower.value === undefined;
  const nearest = lower.value ?? Math.min(step, upper.value ?? step);
  const first = downwards ? Math.floor(nearest / step) : Math.ceil(nearest / step);
  for (let offset = 0; offset < multiplesAtMost; offset += 1) {
    const multiple = (downwards ? first - offset : first + offset) * step + 0;
    for (const value of [multiple, withoutNoise(multiple)]) {
      const even = Number.isInteger(value / step) && (!whole || Number.isInteger(value));
      if (even && isWithin(value, lower, upper)) return value;
    }
  }
  return undefined;
}

type Limit = { readonly value: number | undefined; readonly excluded: boolean };

function lowerLimit(schema: JsonObject): Limit {
  return stricter(numberAt(schema, "minimum"), numberAt(schema, "exclusiveMinimum"), (a, b) => a > b);
}

function upperLimit(schema: JsonObject): Limit {
  return stricter(numberAt(schema, "maximum"), numberAt(schema, "exclusiveMaximum"), (a, b) => a < b);
}

function stricter(
  including: number | undefined,
  excluding: number | undefined,
  isStricter: (a: number, b: number) => boolean,
): Limit {
  if (excluding === undefined) return { value: including, excluded: false };
  return including !== undefined && isStricter(including, excluding)
    ? { value: including, excluded: false }
    : { value: excluding, excluded: true };
}

function betweenLimits(lower: Limit, upper: Limit): number | undefined {
  const candidates = [
    1,
    lower.value,
    upper.value,
    lower.value === undefined ? undefined : lower.value + 1,
    upper.value === undefined ? undefined : upper.value - 1,
    lower.value === undefined || upper.value === undefined ? undefined : (lower.value + upper.value) / 2,
  ];
  return candidates.find((candidate) => candidate !== undefined && isWithin(candidate, lower, upper));
}

function isWithin(value: number, lower: Limit, upper: Limit): boolean {
  const above = lower.value === undefined || (lower.excluded ? value > lower.value : value >= lower.value);
  const below = upper.value === undefined || (upper.excluded ? value < upper.value : value <= upper.value);
  return above && below;
}

/** Removes the noise of binary fractions, so that 3 x 0.1 is 0.3, and the sign of zero. */
function withoutNoise(value: number): number {
  return Number(value.toPrecision(12)) + 0;
}
