// Reads single fields of a client's body with errors that name the field. `null` counts as absent everywhere, as OpenAI
// documents it.

import { GatewayError, invalidField } from "../contracts/errors.ts";
import { isObject, type Json, type JsonObject } from "../contracts/json.ts";

/** The lane that picks the model for whoever names none. */
const defaultModel = "astrolabe/auto";
const maxModelCharacters = 200;

/** The model as sent; `astrolabe/auto` when absent or null. @throws GatewayError invalid_request naming `model`. */
export function readModel(body: JsonObject): string {
  const model = body.model;
  if (model === undefined || model === null) return defaultModel;
  if (typeof model === "string" && model !== "" && model.length <= maxModelCharacters) return model;
  throw invalidField("model", `a model id of 1 to ${maxModelCharacters} characters`);
}

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
  throw invalidField(path, "true or false");
}

/** @throws GatewayError invalid_request when the field is there and not a finite number. */
export function optionalNumber(source: JsonObject, field: string, path = field): number | undefined {
  const value = given(source, field);
  if (value === undefined || (typeof value === "number" && Number.isFinite(value))) return value;
  throw invalidField(path, "a number");
}

/** @throws GatewayError invalid_request when the field is there and not a whole number from 1 to `most`. */
export function optionalPositiveInteger(
  source: JsonObject,
  field: string,
  most = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const value = given(source, field);
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? "of at least 1" : `from 1 to ${most}`;
  throw invalidField(field, `a whole number ${range}`);
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

/** A 400 for something that is valid but cannot be served; `reason` is a whole sentence. */
export function unsupported(param: string, reason: string): GatewayError {
  return new GatewayError("invalid_request", reason, { param });
}

/** A shallow copy without `metadata.astrolabe`; metadata that held nothing else goes as well. */
export function withoutOverrides(body: JsonObject): JsonObject {
  const { metadata, ...rest } = body;
  if (!isObject(metadata)) return metadata === undefined ? rest : { ...rest, metadata };
  const { astrolabe, ...others } = metadata;
  if (astrolabe === undefined) return { ...rest, metadata };
  return Object.keys(others).length === 0 ? rest : { ...rest, metadata: others };
}
