// Two schemas that must both hold, as one: how the sandbox reads `allOf`, and keywords beside a reference or a choice.

import { isObject, type Json, type JsonObject } from "../../contracts/json.ts";

const largerWins = new Set(["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"]);
const smallerWins = new Set(["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"]);

/** A schema at least as strict as both; where no simple one exists, the second one's keyword stands. */
export function mergedSchema(first: JsonObject, second: JsonObject): JsonObject {
  const merged: JsonObject = { ...first };
  for (const [keyword, value] of Object.entries(second)) {
    if (value === undefined) continue;
    const earlier = merged[keyword];
    merged[keyword] = earlier === undefined ? value : mergedKeyword(keyword, earlier, value);
  }
  return merged;
}

function mergedKeyword(keyword: string, first: Json, second: Json): Json {
  if (keyword === "properties" && isObject(first) && isObject(second)) return mergedProperties(first, second);
  if (typeof first === "number" && typeof second === "number") {
    if (largerWins.has(keyword)) return Math.max(first, second);
    if (smallerWins.has(keyword)) return Math.min(first, second);
    return second;
  }
  if (keyword === "type") return mergedType(first, second);
  if (Array.isArray(first) && Array.isArray(second)) {
    if (keyword === "required") return [...new Set([...first, ...second])];
    if (keyword === "allOf") return [...first, ...second];
    if (keyword === "enum") return first.filter((choice) => second.some((other) => other === choice));
  }
  if (keyword === "items" && isObject(first) && isObject(second)) return mergedSchema(first, second);
  return second;
}

function mergedProperties(first: JsonObject, second: JsonObject): JsonObject {
  const merged: JsonObject = { ...first };
  for (const [name, schema] of Object.entries(second)) {
    const earlier = merged[name];
    merged[name] = isObject(earlier) && isObject(schema) ? mergedSchema(earlier, schema) : schema;
  }
  return merged;
}

function mergedType(first: Json, second: Json): Json {
  const firstTypes = Array.isArray(first) ? first : [first];
  const secondTypes = Array.isArray(second) ? second : [second];
  const allows = (types: readonly Json[], type: Json) =>
    types.includes(type) || (type === "integer" && types.includes("number"));
  const both = [...new Set([...firstTypes, ...secondTypes])].filter(
    (type) => allows(firstTypes, type) && allows(secondTypes, type),
  );
  return both.length === 1 ? (both[0] ?? second) : both;
}
