// A value that satisfies a JSON Schema, made without chance: what the sandbox answers where a schema is asked for.
// Best effort for what has no single construction (`not`, `if`, overlapping `oneOf` branches are not looked at).

import { isObject, type Json, type JsonObject } from "../../contracts/json.ts";
import { exampleNumber } from "./example-number.ts";
import { exampleString } from "./example-string.ts";
import { mergedSchema } from "./merge-schemas.ts";

type Progress = {
  readonly root: JsonObject;
  /** Texts for strings without a rule of their own, used in turn. */
  readonly words: readonly string[];
  wordsUsed: number;
  /** Values that may still be made; stops schemas that multiply. */
  valuesLeft: number;
};

const valuesAtMost = 5_000;
const depthAtMost = 24;
const itemsAtMost = 1_000;
/** From this depth on, branches that refer to nothing come first, so that recursive schemas come to an end. */
const eagerToEndDepth = 4;

/**
 * An example for the schema; `{}` when it cannot be satisfied within the bounds. `words` fill free strings in order;
 * when they are used up, strings say which property they stand for.
 */
export function exampleFor(schema: JsonObject, words: readonly string[] = []): Json {
  const progress: Progress = { root: schema, words, wordsUsed: 0, valuesLeft: valuesAtMost };
  const value = build(schema, "value", 0, progress);
  return value === undefined ? {} : value;
}

/** Undefined when nothing within the bounds satisfies the schema. */
function build(schema: Json | undefined, name: string, depth: number, progress: Progress): Json | undefined {
  progress.valuesLeft -= 1;
  if (progress.valuesLeft < 0 || depth > depthAtMost || schema === false) return undefined;
  if (!isObject(schema)) return `sample ${name}`;
  if ("const" in schema) return schema["const"];
  if (Array.isArray(schema["enum"])) return schema["enum"][0];
  if (typeof schema["$ref"] === "string") {
    const target = resolveLocal(schema["$ref"], progress.root);
    return target === undefined
      ? undefined
      : build(mergedSchema(without(schema, "$ref"), target), name, depth + 1, progress);
  }
  for (const keyword of ["anyOf", "oneOf"]) {
    const branches = schema[keyword];
    if (Array.isArray(branches)) return firstBranch(without(schema, keyword), branches, name, depth, progress);
  }
  const all = schema["allOf"];
  if (Array.isArray(all)) {
    const merged = all.reduce<JsonObject>(
      (sum, part) => mergedSchema(sum, flat(part, progress, 0)),
      without(schema, "allOf"),
    );
    return build(merged, name, depth + 1, progress);
  }
  return ofType(typeOf(schema), schema, name, depth, progress);
}

function firstBranch(
  rest: JsonObject,
  branches: readonly Json[],
  name: string,
  depth: number,
  progress: Progress,
): Json | undefined {
  const refersOnward = (branch: Json) => (isObject(branch) && "$ref" in branch ? 1 : 0);
  const ordered = depth < eagerToEndDepth ? branches : branches.toSorted((a, b) => refersOnward(a) - refersOnward(b));
  for (const branch of ordered) {
    const value = build(
      isObject(branch) ? mergedSchema(rest, flat(branch, progress, 0)) : branch,
      name,
      depth + 1,
      progress,
    );
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Follows references at the top of a schema, so that it can be merged with its neighbours. */
function flat(schema: Json, progress: Progress, hops: number): JsonObject {
  if (!isObject(schema)) return {};
  const reference = schema["$ref"];
  if (typeof reference !== "string" || hops > depthAtMost) return schema;
  const target = resolveLocal(reference, progress.root);
  return target === undefined ? schema : mergedSchema(without(schema, "$ref"), flat(target, progress, hops + 1));
}

function ofType(type: string, schema: JsonObject, name: string, depth: number, progress: Progress): Json | undefined {
  switch (type) {
    case "null":
      return null;
    case "boolean":
      return true;
    case "integer":
    case "number":
      return exampleNumber(schema, type === "integer");
    case "array":
      return exampleArray(schema, name, depth, progress);
    case "object":
      return exampleObject(schema, depth, progress);
    default:
      return exampleString(schema, () => nextWord(name, progress));
  }
}

function typeOf(schema: JsonObject): string {
  const type = schema["type"];
  if (typeof type === "string") return type;
  if (Array.isArray(type)) {
    const first = type.find((candidate) => candidate !== "null") ?? type[0];
    if (typeof first === "string") return first;
  }
  if ("properties" in schema || "required" in schema || "additionalProperties" in schema) return "object";
  if ("items" in schema || "prefixItems" in schema || "minItems" in schema) return "array";
  const numeric = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
  return numeric.some((keyword) => keyword in schema) ? "number" : "string";
}

/** Required properties; all of them where none is required, as long as the schema does not lead deeper and deeper. */
function exampleObject(schema: JsonObject, depth: number, progress: Progress): JsonObject | undefined {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"])
    ? schema["required"].filter((name) => typeof name === "string")
    : [];
  const optional = required.length === 0 && depth < eagerToEndDepth ? Object.keys(properties) : [];
  const entries: [string, Json][] = [];
  for (const name of [...required, ...optional]) {
    const value = build(propertySchema(schema, properties, name), name, depth + 1, progress);
    if (value !== undefined) entries.push([name, value]);
    else if (required.includes(name)) return undefined;
  }
  return Object.fromEntries([...entries, ...missingProperties(schema, entries, depth, progress)]);
}

function propertySchema(schema: JsonObject, properties: JsonObject, name: string): Json {
  if (Object.hasOwn(properties, name)) return properties[name] ?? true;
  return schema["additionalProperties"] ?? true;
}

/** What `minProperties` still asks for: declared properties first, then invented names. */
function missingProperties(
  schema: JsonObject,
  entries: readonly [string, Json][],
  depth: number,
  progress: Progress,
): [string, Json][] {
  const minimum = typeof schema["minProperties"] === "number" ? Math.min(schema["minProperties"], itemsAtMost) : 0;
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  const taken = new Set(entries.map(([name]) => name));
  const names = Object.keys(properties).filter((name) => !taken.has(name));
  const added: [string, Json][] = [];
  for (let number = 0; taken.size + added.length < minimum && number < itemsAtMost + names.length; number += 1) {
    const name = names[number] ?? `extra_${number - names.length + 1}`;
    const value = build(propertySchema(schema, properties, name), name, depth + 1, progress);
    if (value !== undefined) added.push([name, value]);
  }
  return added;
}

function exampleArray(schema: JsonObject, name: string, depth: number, progress: Progress): Json[] | undefined {
  const items = schema["items"];
  const fixed = Array.isArray(schema["prefixItems"]) ? schema["prefixItems"] : Array.isArray(items) ? items : [];
  const further = Array.isArray(items) ? schema["additionalItems"] : (items ?? schema["contains"]);
  const minimum = typeof schema["minItems"] === "number" ? Math.min(schema["minItems"], itemsAtMost) : 0;
  const maximum = typeof schema["maxItems"] === "number" ? schema["maxItems"] : itemsAtMost;
  const unasked = further === false ? fixed.length : Math.max(1, fixed.length);
  const wanted = Math.min(maximum, Math.max(minimum, unasked));
  const unique = schema["uniqueItems"] === true;
  const values: Json[] = [];
  for (let at = 0; at < wanted; at += 1) {
    const itemSchema = at < fixed.length ? fixed[at] : further;
    const value = unique
      ? distinctValue(itemSchema, values, name, depth, progress)
      : build(itemSchema, name, depth + 1, progress);
    if (value !== undefined) values.push(value);
    else if (at < minimum) return undefined;
    else break;
  }
  return values;
}

/** An item that equals none before it: the next of an enum, a larger number, or a numbered text. */
function distinctValue(
  schema: Json | undefined,
  earlier: readonly Json[],
  name: string,
  depth: number,
  progress: Progress,
): Json | undefined {
  const flattened = schema === undefined ? {} : flat(schema, progress, 0);
  const choices = flattened["enum"];
  if (Array.isArray(choices)) return choices.find((choice) => !holds(earlier, choice));
  const value = build(schema, `${name} ${earlier.length + 1}`, depth + 1, progress);
  if (value === undefined || !holds(earlier, value)) return value;
  if (typeof value === "number") {
    const largest = Math.max(...earlier.filter((item) => typeof item === "number"));
    const integer = typeOf(flattened) === "integer";
    return build(
      { ...flattened, exclusiveMinimum: largest, type: integer ? "integer" : "number" },
      name,
      depth + 1,
      progress,
    );
  }
  if (typeof value === "boolean") return holds(earlier, !value) ? undefined : !value;
  return undefined;
}

function holds(values: readonly Json[], wanted: Json): boolean {
  const text = JSON.stringify(wanted);
  return values.some((value) => JSON.stringify(value) === text);
}

function nextWord(name: string, progress: Progress): string {
  const word = progress.words[progress.wordsUsed];
  progress.wordsUsed += 1;
  return word ?? `sample ${name}`;
}

/** The schema a local reference (`#`, `#/$defs/name`) points to; undefined when there is none. */
function resolveLocal(reference: string, root: JsonObject): JsonObject | undefined {
  if (reference !== "#" && !reference.startsWith("#/")) return undefined;
  let target: Json | undefined = root;
  for (const step of reference.split("/").slice(1)) {
    const key = unescaped(step);
    if (Array.isArray(target)) target = target[Number(key)];
    else target = isObject(target) && Object.hasOwn(target, key) ? target[key] : undefined;
  }
  return isObject(target) ? target : undefined;
}

function unescaped(step: string): string {
  return step.replaceAll("%24", "$").replaceAll("~1", "/").replaceAll("~0", "~");
}

function without(schema: JsonObject, keyword: string): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== keyword));
}
