// What a key of astropods.yml means: out of the schema, for the reference page and for `ast spec explain`.

import { isMapping, type Path, type RawMapping } from "./raw-values.ts";
import { plainJsonSchema, schemaAt, shapesOf } from "./schema-keys.ts";
import { dotted, joined } from "./words.ts";

export type KeyMeaning = {
  readonly name: string;
  /** What it takes, in words; Markdown. */
  readonly accepts: string;
  readonly required: boolean;
  /** What holds without it, in code type; undefined when nothing does. */
  readonly preset: string | undefined;
  /** Empty when the schema says nothing. */
  readonly description: string;
};

export type ExplainedKey = {
  /** With `<name>` for names that are free and `[]` for entries of lists; empty for the file. */
  readonly path: string;
  readonly description: string;
  readonly accepts: string;
  readonly required: boolean;
  readonly preset: string | undefined;
  /** The keys below it; empty for single values. */
  readonly keys: readonly KeyMeaning[];
};

/** A mapping, with the other places where the same may stand. */
export type KeyTable = ExplainedKey & { readonly alsoAt: readonly string[] };

/** Undefined when there is no such key. A part may be a name of an entry, `<name>`, or a number of a list. */
export function explainKey(path: Path): ExplainedKey | undefined {
  const schema = schemaAt(path);
  if (schema === undefined) return undefined;
  const parent = path.length === 0 ? undefined : schemaAt(path.slice(0, -1));
  return explained(dotted(path), schema, isRequired(parent, String(path.at(-1) ?? "")));
}

/** Every mapping that the file may hold, the file itself first; what stands in several places once. */
export function keyTables(): KeyTable[] {
  const tables = new Map<string, { entry: ExplainedKey; alsoAt: string[] }>();
  const visit = (path: string, schema: RawMapping): void => {
    const entry = explained(path, schema, false);
    if (entry.keys.length > 0) {
      const keys = JSON.stringify(entry.keys);
      const same = tables.get(keys);
      if (same !== undefined) {
        same.alsoAt.push(path);
        return;
      }
      tables.set(keys, { entry, alsoAt: [] });
    }
    for (const [name, child] of childrenOf(schema)) {
      visit(`${path}${path === "" || name === "[]" ? "" : "."}${name}`, child);
    }
  };
  visit("", plainJsonSchema());
  return [...tables.values()].map(({ entry, alsoAt }) => ({ ...entry, alsoAt }));
}

function explained(path: string, schema: RawMapping, required: boolean): ExplainedKey {
  return { path, ...meaningOf("", schema, required), keys: keysOf(schema) };
}

function keysOf(schema: RawMapping): KeyMeaning[] {
  return shapesOf(schema).flatMap((shape) => {
    const { properties } = shape;
    if (!isMapping(properties)) return [];
    return Object.entries(properties).flatMap(([name, child]) =>
      isMapping(child) ? [meaningOf(name, child, isRequired(shape, name))] : [],
    );
  });
}

function isRequired(parent: RawMapping | undefined, name: string): boolean {
  const required = parent?.["required"];
  return Array.isArray(required) && required.includes(name);
}

function meaningOf(name: string, schema: RawMapping, required: boolean): KeyMeaning {
  const preset = schema["default"];
  const description = schema["description"];
  return {
    name,
    accepts: accepted(schema),
    required,
    preset: preset === undefined ? undefined : `\`${JSON.stringify(preset)}\``,
    description: typeof description === "string" ? description : "",
  };
}

const typeWords: Readonly<Record<string, string>> = {
  string: "text",
  number: "number",
  integer: "whole number",
  boolean: "`true` or `false`",
};

function accepted(schema: RawMapping): string {
  const shapes = shapesOf(schema).filter((shape) => shape["type"] !== "null");
  return joined([...new Set(shapes.map(acceptedByShape))], "or");
}

function acceptedByShape({ type, enum: choices, items, additionalProperties, minimum, maximum }: RawMapping): string {
  if (Array.isArray(choices))
    return joined(
      choices.map((choice) => `\`${String(choice)}\``),
      "or",
    );
  if (Array.isArray(type))
    return joined(
      type.map((one) => typeWords[String(one)] ?? String(one)),
      "or",
    );
  if (type === "array") return isMapping(items) ? listOf(items) : "list";
  if (type === "object") return isMapping(additionalProperties) ? mapOf(additionalProperties) : "mapping";
  const range = typeof minimum === "number" && typeof maximum === "number" ? `, ${minimum} to ${maximum}` : "";
  return typeof type === "string" ? `${typeWords[type] ?? type}${range}` : "anything";
}

function listOf(items: RawMapping): string {
  const inner = accepted(items);
  return inner === "mapping" ? "list of mappings" : `list of ${inner}`;
}

function mapOf(entry: RawMapping): string {
  const inner = Object.keys(entry).length === 0 ? "anything" : accepted(entry);
  return inner === "mapping" ? "names and their entries" : `names and ${inner} for each`;
}

function childrenOf(schema: RawMapping): [string, RawMapping][] {
  return shapesOf(schema).flatMap((shape): [string, RawMapping][] => {
    const { properties, additionalProperties, items } = shape;
    const named = isMapping(properties) ? Object.entries(properties) : [];
    const free: [string, unknown][] = [
      ["<name>", additionalProperties],
      ["[]", items],
    ];
    return [...named, ...free].flatMap(([name, child]): [string, RawMapping][] =>
      isMapping(child) ? [[name, child]] : [],
    );
  });
}
