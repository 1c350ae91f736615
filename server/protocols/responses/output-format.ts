// The structure a request asks for: `text.format`, or the older top-level `response_format` in either of its spellings.

import { invalidField } from "../../contracts/errors.ts";
import type { JsonObject } from "../../contracts/json.ts";
import type { OutputFormat } from "../../conversation/prompt.ts";
import { optionalBoolean, optionalObject, optionalString, requiredString } from "../request-fields.ts";

/**
 * The requested structure; undefined means plain text. `text.format` wins over `response_format`.
 * @throws GatewayError invalid_request naming the part of the format that is wrong.
 */
export function outputFormatOf(body: JsonObject): OutputFormat | undefined {
  const text = optionalObject(body, "text");
  const current = text && optionalObject(text, "format", "text.format");
  if (current) return readFormat(current, "text.format");
  const legacy = optionalObject(body, "response_format");
  return legacy && readFormat(legacy, "response_format");
}

/** Whether `response_format` is there but overruled by `text.format`. */
export function isLegacyFormatIgnored(body: JsonObject): boolean {
  return optionalObject(body, "response_format") !== undefined && optionalObject(body, "text")?.["format"] != null;
}

/**
 * The `text` object in today's form, with `response_format` moved to where the API expects it.
 * Undefined when the request configures no text output.
 */
export function textConfigurationOf(body: JsonObject): JsonObject | undefined {
  const text = optionalObject(body, "text");
  if (text?.["format"] != null || body["response_format"] == null) return text;
  return { ...text, format: wireFormat(outputFormatOf(body)) };
}

function readFormat(format: JsonObject, path: string): OutputFormat | undefined {
  const type = requiredString(format, "type", `${path}.type`);
  if (type === "text") return undefined;
  if (type === "json_object") return { type };
  if (type !== "json_schema") throw invalidField(`${path}.type`, "`text`, `json_object` or `json_schema`");
  const nested = optionalObject(format, "json_schema", `${path}.json_schema`);
  return nested ? readSchema(nested, `${path}.json_schema`) : readSchema(format, path);
}

function readSchema(source: JsonObject, path: string): OutputFormat {
  const schema = optionalObject(source, "schema", `${path}.schema`);
  if (!schema) throw invalidField(`${path}.schema`, "an object");
  const description = optionalString(source, "description", `${path}.description`);
  const strict = optionalBoolean(source, "strict", `${path}.strict`);
  return {
    type: "json_schema",
    name: requiredString(source, "name", `${path}.name`),
    schema,
    ...(description === undefined ? {} : { description }),
    ...(strict === undefined ? {} : { strict }),
  };
}

function wireFormat(format: OutputFormat | undefined): JsonObject {
  return format === undefined ? { type: "text" } : { ...format };
}
