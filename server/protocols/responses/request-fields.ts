// Reads single fields of a Responses request body. `null` counts as absent everywhere, as the API documents it.

import { GatewayError, invalidField } from "../../contracts/errors.ts";
import { isObject, type Json, type JsonObject } from "../../contracts/json.ts";

/** The value unless it is absent or null. */
export function given(source: JsonObject, field: string): Json | undefined {
  return source[field] ?? undefined;
}

/** @throws GatewayError invalid_request when the field is there and not a string. */
export function optionalString(source: JsonObject, field: string, path = field): string | undefined {
  const value = given(source, field);
  if (value === undefined || typeof value === "string") return value;
  throw invalidField(path, "a string");
}

/** @throws GatewayError invalid_request when the field is missing or not a string. */
export function requiredString(source: JsonObject, field: string, path: string): string {
  const value = optionalString(source, field, path);
  if (value === undefined) throw invalidField(path, "a string");
  return value;
}

/** @throws GatewayError invalid_request when the field is there and not a boolean. */
export function optionalBoolean(source: JsonObject, field: string, path = field): boolean | undefined {
  const value = given(source, field);
  if (value === undefined || typeof value === "boolean") return value;
  throw invalidField(path, "a boolean");
}

/** @throws GatewayError invalid_request when the field is there and not a finite number. */
export function optionalNumber(source: JsonObject, field: string, path = field): number | undefined {
  const value = given(source, field);
  if (value === undefined || (typeof value === "number" && Number.isFinite(value))) return value;
  throw invalidField(path, "a number");
}

/** @throws GatewayError invalid_request when the field is there and not a whole number of 1 or more. */
export function optionalPositiveInteger(source: JsonObject, field: string): number | undefined {
  const value = optionalNumber(source, field);
  if (value === undefined || (Number.isSafeInteger(value) && value > 0)) return value;
  throw invalidField(field, "a positive integer");
}

/** @throws GatewayError invalid_request when the field is there and not an object. */
export function optionalObject(source: JsonObject, field: string, path = field): JsonObject | undefined {
  const value = given(source, field);
  if (value === undefined || isObject(value)) return value;
  throw invalidField(path, "an object");
}

/**
 * The field's array of objects; absent means empty.
 * @throws GatewayError invalid_request naming the array or the element that is something else.
 */
export function objectArray(source: JsonObject, field: string, path = field): readonly JsonObject[] {
  const value = given(source, field);
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalidField(path, "an array of objects");
  return value.map((element, index) => {
    if (!isObject(element)) throw invalidField(`${path}[${index}]`, "an object");
    return element;
  });
}

/**
 * The conversation so far: a plain string is one user message.
 * @throws GatewayError invalid_request when `input` is missing or neither a string nor an array of objects.
 */
export function inputOf(body: JsonObject): string | readonly JsonObject[] {
  const input = body["input"];
  if (typeof input === "string") return input;
  if (!Array.isArray(input)) throw invalidField("input", "a string or an array of input items");
  return objectArray(body, "input");
}

/** A 400 for something that is valid but cannot be served; `reason` is a whole sentence. */
export function unsupported(param: string, reason: string): GatewayError {
  return new GatewayError("invalid_request", reason, { param });
}
