// Structured outputs: the schema that the answer must satisfy, under either of the names it has had.

import { invalidField } from "../../contracts/errors.ts";
import { objectAt, type JsonObject } from "../../contracts/json.ts";
import { optionalObject } from "../request-fields.ts";

/** The schema; undefined for plain text. @throws GatewayError invalid_request naming the field. */
export function readSchema(body: JsonObject): JsonObject | undefined {
  const configuration = optionalObject(body, "output_config") ?? {};
  const [format, path] = optionalObject(configuration, "format", "output_config.format")
    ? [objectAt(configuration, "format"), "output_config.format"]
    : [optionalObject(body, "output_format"), "output_format"];
  if (format === undefined) return undefined;
  if (format.type !== "json_schema") throw invalidField(`${path}.type`, "`json_schema`");
  const schema = objectAt(format, "schema");
  if (schema === undefined) throw invalidField(`${path}.schema`, "a JSON Schema object");
  return schema;
}
