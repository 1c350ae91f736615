// What a caller's JSON Schema may be before it is compiled: small, shallow, local, and cheap to run in the worst case.

import { isObject, type Json, type JsonObject } from "../contracts/json.ts";
import { judgePattern } from "./pattern-bounds.ts";

/** Most characters of the schema as JSON. */
const schemaLengthAtMost = 128 * 1024;
/** Deepest nesting of the schema itself. */
const schemaDepthAtMost = 64;
/** Subschemas that one value can meet when every reference is written out. */
const expandedSubschemasAtMost = 20_000;

/** Why the schema cannot be used, as a sentence's end; undefined when it can. `text` is the schema as JSON. */
export function schemaBoundViolation(schema: JsonObject, text: string): string | undefined {
  if (text.length > schemaLengthAtMost) return `it is larger than ${schemaLengthAtMost} characters`;
  const violation = violationWithin(schema, 0, "schema");
  if (violation !== undefined) return violation;
  return expandedSubschemas(schema) > expandedSubschemasAtMost
    ? `its references expand to more than ${expandedSubschemasAtMost} subschemas`
    : undefined;
}

/** Whether any reference leads back to a subschema it is part of, directly or through others. */
export function isRecursive(schema: JsonObject): boolean {
  return leadsBack(schema, schema, new Set(), new Set());
}

/** Subschemas and enum choices that one value can meet when every reference is written out. */
export function expandedSubschemas(schema: JsonObject): number {
  return expandedSize(schema, schema, new Map());
}

export type ValueSize = {
  /** Scalars, arrays and objects in all. */
  readonly nodes: number;
  /** 0 for a scalar, 1 for an array of scalars. */
  readonly depth: number;
  readonly longestArray: number;
};

/** @throws RangeError for a value nested so deeply that the stack ends. */
export function sizeOf(value: Json | undefined): ValueSize {
  if (typeof value !== "object" || value === null) return { nodes: 1, depth: 0, longestArray: 0 };
  let nodes = 1;
  let depth = 0;
  let longestArray = Array.isArray(value) ? value.length : 0;
  for (const inner of Array.isArray(value) ? value : Object.values(value)) {
    const size = sizeOf(inner);
    nodes += size.nodes;
    depth = Math.max(depth, size.depth);
    longestArray = Math.max(longestArray, size.longestArray);
  }
  return { nodes, depth: depth + 1, longestArray };
}

/** What an object's keys are: a schema's keywords, names of properties with their schemas, or a plain value. */
type Position = "schema" | "names" | "value";

const keywordsOfNames = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
const keywordsOfValues = new Set(["const", "enum", "default", "examples", "example", "required", "type"]);

function positionOf(keyword: string, position: Position): Position {
  if (position !== "schema") return position === "names" ? "schema" : "value";
  if (keywordsOfNames.has(keyword)) return "names";
  return keywordsOfValues.has(keyword) ? "value" : "schema";
}

function violationWithin(value: Json | undefined, depth: number, position: Position): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (depth > schemaDepthAtMost) return `it is nested deeper than ${schemaDepthAtMost} levels`;
  if (Array.isArray(value))
    return firstViolation(value.map((item) => () => violationWithin(item, depth + 1, position)));
  return firstViolation(
    Object.entries(value).map(([key, inner]) => () => {
      const own = position === "schema" ? keywordViolation(key, inner) : undefined;
      return own ?? violationWithin(inner, depth + 1, positionOf(key, position));
    }),
  );
}

function firstViolation(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const violation = check();
    if (violation !== undefined) return violation;
  }
  return undefined;
}

function keywordViolation(keyword: string, value: Json | undefined): string | undefined {
  const isReference = keyword === "$ref" || keyword === "$dynamicRef" || keyword === "$recursiveRef";
  if (isReference && typeof value === "string" && !value.startsWith("#")) {
    return `\`${keyword}\` must point into the schema itself (\`#...\`); other addresses are never loaded`;
  }
  if (keyword === "pattern" && typeof value === "string") return patternViolation(value);
  if (keyword === "patternProperties" && isObject(value)) {
    return firstViolation(Object.keys(value).map((pattern) => () => patternViolation(pattern)));
  }
  return undefined;
}

function patternViolation(pattern: string): string | undefined {
  const verdict = judgePattern(pattern);
  return verdict.safe ? undefined : verdict.reason;
}

/** Subschemas met when references are followed; a reference back into itself counts once, as it needs deeper data. */
function expandedSize(value: Json | undefined, root: JsonObject, known: Map<JsonObject, number>): number {
  if (typeof value !== "object" || value === null) return 0;
  if (Array.isArray(value)) {
    // Scalars of a list are choices of an enum or required names, each compared once.
    return value.reduce<number>((sum, item) => sum + Math.max(1, expandedSize(item, root, known)), 0);
  }
  const earlier = known.get(value);
  if (earlier !== undefined) return earlier;
  known.set(value, 1);
  let size = 1;
  for (const [key, inner] of Object.entries(value)) {
    if (key === "$defs" || key === "definitions") continue;
    size += key === "$ref" ? expandedSize(targetOf(inner, root), root, known) : expandedSize(inner, root, known);
  }
  known.set(value, size);
  return size;
}

function leadsBack(value: Json | undefined, root: JsonObject, open: Set<JsonObject>, done: Set<JsonObject>): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some((item) => leadsBack(item, root, open, done));
  if (open.has(value)) return true;
  if (done.has(value)) return false;
  open.add(value);
  const found = Object.entries(value).some(([key, inner]) =>
    leadsBack(key === "$ref" || key === "$dynamicRef" ? targetOf(inner, root) : inner, root, open, done),
  );
  open.delete(value);
  done.add(value);
  return found;
}

/** What a local pointer points to; the root for anchors and dynamic references, which could be anything inside. */
function targetOf(reference: Json | undefined, root: JsonObject): Json | undefined {
  if (typeof reference !== "string") return undefined;
  if (!reference.startsWith("#/")) return root;
  let target: Json | undefined = root;
  for (const step of decoded(reference.slice(2)).split("/")) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(target)) target = target[Number(key)];
    else target = isObject(target) && Object.hasOwn(target, key) ? target[key] : undefined;
  }
  return target;
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
