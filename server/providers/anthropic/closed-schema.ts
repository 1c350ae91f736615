// JSON Schemas as the API's structured outputs take them: objects are closed, and bounds it does not enforce are left
// out. The answer is checked against the caller's own schema afterwards.

import { isObject, type Json, type JsonObject } from "../../contracts/json.ts";

/** Keywords that hold schemas by name, in a list, or alone. */
const schemasByName: ReadonlySet<string> = new Set(["properties", "$defs", "definitions"]);
const schemaLists: ReadonlySet<string> = new Set(["anyOf", "allOf", "oneOf"]);
const bounds: ReadonlySet<string> = new Set([
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "maxItems",
  "uniqueItems",
  "minProperties",
  "maxProperties",
]);

export function closedSchema(schema: JsonObject): JsonObject {
  const closed: JsonObject = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (value === undefined || bounds.has(keyword)) continue;
    if (keyword === "minItems" && value !== 0 && value !== 1) continue;
    closed[keyword === "oneOf" ? "anyOf" : keyword] = closedValue(keyword, value);
  }
  if (schema.type === "object" || isObject(schema.properties)) closed.additionalProperties = false;
  return closed;
}

function closedValue(keyword: string, value: Json): Json {
  if (schemasByName.has(keyword) && isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, isObject(inner) ? closedSchema(inner) : (inner ?? null)]),
    );
  }
  if (schemaLists.has(keyword) && Array.isArray(value)) {
    return value.map((inner) => (isObject(inner) ? closedSchema(inner) : inner));
  }
  return keyword === "items" && isObject(value) ? closedSchema(value) : value;
}
