// Walks the JSON Schema of a blueprint by path: which keys may stand there, and what a key means.

import { z } from "zod";
import { isMapping, type Path, type RawMapping } from "./raw-values.ts";
import { blueprintSchema } from "./schema.ts";

let made: RawMapping | undefined;

/** Draft 2020-12, made at first use. */
export function plainJsonSchema(): RawMapping {
  made ??= z.toJSONSchema(blueprintSchema, { io: "input", target: "draft-2020-12" });
  return made;
}

/** The schema of what stands at a path; names of entries and numbers of lists are followed. Undefined where nothing may. */
export function schemaAt(path: Path): RawMapping | undefined {
  let schemas: readonly RawMapping[] = [plainJsonSchema()];
  for (const key of path) {
    schemas = schemas.flatMap((schema) => childrenOf(schema, key));
    if (schemas.length === 0) return undefined;
  }
  return schemas[0];
}

/** `agent.inputs[0].name` as a path. Numbers of lists may be left out: `agent.inputs.name`. */
export function schemaPath(text: string): Path {
  const parts = text
    .replaceAll(/\[(\d*|[^\]]*)\]/g, ".$1")
    .split(".")
    .filter((part) => part !== "");
  return parts.reduce<(string | number)[]>((path, part) => {
    const isNumber = /^\d+$/.test(part);
    const ofList = schemaAt(path)?.["type"] === "array";
    return [...path, ...(ofList && !isNumber ? [0] : []), isNumber ? Number(part) : part];
  }, []);
}

/** The keys that a mapping at this path may have; none where the names are free. */
export function keysAt(path: Path): string[] {
  const schema = schemaAt(path);
  if (schema === undefined) return [];
  return shapesOf(schema).flatMap(({ properties }) => (isMapping(properties) ? Object.keys(properties) : []));
}

/** The schema itself, or each of the shapes it allows. */
export function shapesOf(schema: RawMapping): readonly RawMapping[] {
  const anyOf = schema["anyOf"];
  return Array.isArray(anyOf) ? anyOf.filter(isMapping) : [schema];
}

function childrenOf(schema: RawMapping, key: string | number): readonly RawMapping[] {
  return shapesOf(schema).flatMap((shape) => {
    const { properties, additionalProperties, items } = shape;
    const named = isMapping(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (isMapping(named)) return [named];
    if (typeof key === "number" || /^\d+$/.test(key)) return isMapping(items) ? [items] : [];
    return isMapping(additionalProperties) && Object.keys(additionalProperties).length > 0
      ? [additionalProperties]
      : [];
  });
}
