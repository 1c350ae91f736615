// JSON that a person types: what it says, or what is wrong with it.

import { parseJson } from "../../api/parse-json.ts";

export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue | undefined };
export type JsonObject = { readonly [name: string]: JsonValue | undefined };

export type Read<Value> = { readonly value: Value } | { readonly problem: string };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isJsonList(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** The object at `name`; undefined when it is anything else. */
export function objectAt(object: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = object?.[name];
  return isJsonObject(value) ? value : undefined;
}

export function textAt(object: JsonObject | undefined, name: string): string | undefined {
  const value = object?.[name];
  return typeof value === "string" ? value : undefined;
}

export function numberAt(object: JsonObject | undefined, name: string): number | undefined {
  const value = object?.[name];
  return typeof value === "number" ? value : undefined;
}

/** The objects of the list at `name`. */
export function objectsAt(object: JsonObject | undefined, name: string): readonly JsonObject[] {
  const value = object?.[name];
  return isJsonList(value) ? value.filter((item) => isJsonObject(item)) : [];
}

export function readObject(text: string): Read<JsonObject> {
  const value = parseJson<JsonValue>(text);
  if (value === undefined) return { problem: "This is not JSON yet." };
  return isJsonObject(value) ? { value } : { problem: "This must be one JSON object." };
}
