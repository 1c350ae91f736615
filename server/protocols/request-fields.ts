// Reading single fields of a client's body with errors that name the field, and the metadata edit every protocol makes.

import { invalidField } from "../contracts/errors.ts";
import { isObject, type JsonObject } from "../contracts/json.ts";

/** The lane that picks the model for whoever names none. */
export const defaultModel = "astrolabe/auto";
const maxModelCharacters = 200;

/** The model as sent; `astrolabe/auto` when absent or null. @throws GatewayError invalid_request naming `model`. */
export function readModel(body: JsonObject): string {
  const model = body.model;
  if (model === undefined || model === null) return defaultModel;
  if (typeof model === "string" && model !== "" && model.length <= maxModelCharacters) return model;
  throw invalidField("model", `a model id of 1 to ${maxModelCharacters} characters`);
}

/** Undefined when absent or null. @throws GatewayError invalid_request. */
export function readBoolean(source: JsonObject, field: string): boolean | undefined {
  const value = source[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "boolean") return value;
  throw invalidField(field, "true or false");
}

/** A whole number from 1 to `most`; undefined when absent or null. @throws GatewayError invalid_request. */
export function readPositiveInteger(
  source: JsonObject,
  field: string,
  most = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const value = source[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  throw invalidField(
    field,
    most === Number.MAX_SAFE_INTEGER ? "a whole number of at least 1" : `a whole number from 1 to ${most}`,
  );
}

/** Undefined when absent or null. @throws GatewayError invalid_request. */
export function readObject(source: JsonObject, field: string): JsonObject | undefined {
  const value = source[field];
  if (value === undefined || value === null) return undefined;
  if (isObject(value)) return value;
  throw invalidField(field, "an object");
}

/** A shallow copy without `metadata.astrolabe`; metadata that held nothing else goes as well. */
export function withoutOverrides(body: JsonObject): JsonObject {
  const { metadata, ...rest } = body;
  if (!isObject(metadata)) return metadata === undefined ? rest : { ...rest, metadata };
  const { astrolabe, ...others } = metadata;
  if (astrolabe === undefined) return { ...rest, metadata };
  return Object.keys(others).length === 0 ? rest : { ...rest, metadata: others };
}
