// Puts a field of a JSON Schema into words: what it accepts, what its absence means.

import { arrayAt, isObject, numberAt, objectAt, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { code, codeList } from "./markdown.ts";

export type SchemaField = {
  readonly name: string;
  readonly accepts: string;
  /** In code type; `none` when the field has no default. */
  readonly defaultValue: string;
  readonly description: string;
};

/** The properties of an object schema in their order. */
export function schemaFields(schema: JsonObject): SchemaField[] {
  return Object.entries(objectAt(schema, "properties") ?? {}).flatMap(([name, field]) =>
    isObject(field) ? [{ name, ...describeField(field) }] : [],
  );
}

function describeField(field: JsonObject): Omit<SchemaField, "name"> {
  const preset = field["default"];
  return {
    accepts: accepts(field),
    defaultValue: preset === undefined ? "none" : code(JSON.stringify(preset)),
    description: stringAt(field, "description") ?? "",
  };
}

function accepts(field: JsonObject): string {
  const choices = arrayAt(field, "enum");
  if (choices) return codeList(choices.map(String), "or");
  const range = rangeOf(field);
  switch (stringAt(field, "type")) {
    case "boolean":
      return "`true` or `false`";
    case "integer":
      return `whole number${range}`;
    case "number":
      return `number${range}`;
    case "array":
      return listOf(objectAt(field, "items"));
    case "object":
      return "object";
    case "string":
      return "text";
    case undefined:
    default:
      return "any value";
  }
}

function rangeOf(field: JsonObject): string {
  const least = numberAt(field, "minimum");
  const most = numberAt(field, "maximum");
  if (least === undefined) return "";
  const unbounded = most === undefined || most === Number.MAX_SAFE_INTEGER;
  return unbounded ? `, ${grouped(least)} or more` : `, ${grouped(least)} to ${grouped(most)}`;
}

function listOf(items: JsonObject | undefined): string {
  const choices = items ? arrayAt(items, "enum") : undefined;
  if (choices) return `list of ${codeList(choices.map(String), "and")}`;
  return items && stringAt(items, "type") === "object" ? "list of objects" : "list of text";
}

function grouped(value: number): string {
  return value.toLocaleString("en-US");
}
