// The policy's JSON Schema as the editor walks it: groups of fields, each of a kind that the form knows how to show.

import type { Json, JsonObject } from "../../../../server/contracts/json.ts";

export type FieldSchema = {
  readonly type?: string;
  readonly description?: string;
  readonly default?: Json;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: FieldSchema;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly additionalProperties?: FieldSchema | boolean;
};

export type PolicySchema = { readonly properties: Readonly<Record<string, FieldSchema>> };

/** Names of a path into a policy: `["objective", "rules", 0, "use"]`. */
export type Path = readonly (string | number)[];

/** The schema of what stands at a path; undefined where the policy has no such field. */
export function schemaAt(schema: FieldSchema | undefined, path: Path): FieldSchema | undefined {
  let found = schema;
  for (const part of path) {
    if (found === undefined) return undefined;
    const { additionalProperties } = found;
    const byName = typeof additionalProperties === "object" ? additionalProperties : undefined;
    found = typeof part === "number" ? found.items : (found.properties?.[part] ?? byName);
  }
  return found;
}

/** JSON pointer (RFC 6901) of a path, as the API names fields. */
export function pointerOf(path: Path): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** Numbers stand for places in lists. */
export function pathOf(pointer: string): (string | number)[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** Without what says no more than the defaults: what a person would have written. */
export function withoutDefaults(policy: JsonObject, { properties }: PolicySchema): JsonObject {
  const written: JsonObject = {};
  for (const [group, value] of Object.entries(policy)) {
    const fields = properties[group]?.properties;
    if (fields === undefined || typeof value !== "object" || value === null || Array.isArray(value)) {
      written[group] = value;
      continue;
    }
    const kept = Object.entries(value).filter(([name, each]) => !isSame(each, fields[name]?.default));
    if (kept.length > 0) written[group] = Object.fromEntries(kept);
  }
  return written;
}

/** Every field that has a default, in the schema's order; what is written stands over it. */
export function withDefaults(policy: JsonObject, { properties }: PolicySchema): JsonObject {
  const full: JsonObject = {};
  for (const [group, { properties: fields = {} }] of Object.entries(properties)) {
    const written = policy[group];
    const values = typeof written === "object" && written !== null && !Array.isArray(written) ? written : {};
    const all = Object.entries(fields).map(([name, field]) => [name, values[name] ?? field.default] as const);
    full[group] = Object.fromEntries(all.filter(([, value]) => value !== undefined));
  }
  return { ...policy, ...full };
}

export function isSame(left: Json | undefined, right: Json | undefined): boolean {
  return canonical(left) === canonical(right);
}

/** JSON text in which the order of names does not matter. */
export function canonical(value: Json | undefined): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)));
  });
}
