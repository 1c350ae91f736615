// JSON as types, and the few readers that turn unknown JSON into something typed without a cast.

export type Json = string | number | boolean | null | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json | undefined };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object at `key`, or undefined when it is absent or something else. */
export function objectAt(source: JsonObject, key: string): JsonObject | undefined {
  const value = source[key];
  return isObject(value) ? value : undefined;
}

export function stringAt(source: JsonObject, key: string): string | undefined {
  const value = source[key];
  return typeof value === "string" ? value : undefined;
}

export function numberAt(source: JsonObject, key: string): number | undefined {
  const value = source[key];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

export function arrayAt(source: JsonObject, key: string): Json[] | undefined {
  const value = source[key];
  return Array.isArray(value) ? value : undefined;
}

/** Parses text that must be a JSON object; undefined when it is not one. */
export function parseObject(text: string): JsonObject | undefined {
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}

/** Parses JSON; undefined when the text is not JSON. The only place that calls JSON.parse. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** What a table says of a word from outside; undefined also for words that every object knows, like `constructor`. */
export function entryOf<Value>(table: { readonly [word: string]: Value }, word: string): Value | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}

/** Deepest nesting that is taken from outside: far more than any real document has, far less than a stack can walk. */
export const deepestNesting = 1_000;

/**
 * Whether JSON text of this length holds a value nested deeper than `deepestNesting`. `JSON.parse` takes any depth, but
 * whatever walks or writes the value afterwards would run out of stack. A level takes two characters, so short texts
 * need no look.
 */
export function isTooDeep(value: Json, textLength: number): boolean {
  return textLength > 2 * deepestNesting && isDeeperThan(deepestNesting, value);
}

function isDeeperThan(levels: number, value: Json | undefined): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (isDeeperThan(levels - 1, item)) return true;
    return false;
  }
  for (const key in value) if (isDeeperThan(levels - 1, value[key])) return true;
  return false;
}
