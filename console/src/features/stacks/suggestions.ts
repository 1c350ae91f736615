// What can be written at a place of a policy's text: the names and words that the schema allows there.

import { findNodeAtLocation, getLocation, parseTree, type Location } from "jsonc-parser";
import { schemaAt, type FieldSchema, type Path, type PolicySchema } from "./policy-schema.ts";

export type Suggestion = {
  readonly label: string;
  /** What takes the place of `from` to `to`. */
  readonly insert: string;
  readonly detail: string | undefined;
};

export type Suggestions = { readonly from: number; readonly to: number; readonly items: readonly Suggestion[] };

/** Names that lists of models and providers may hold. */
export type KnownNames = { readonly models: readonly string[]; readonly providers: readonly string[] };

const modelLists = new Set(["allowedModels", "blockedModels", "priority", "use"]);
const providerLists = new Set(["allowedProviders", "blockedProviders"]);
const mostShown = 50;

/** Undefined where nothing is to be suggested. */
export function suggestionsAt(
  text: string,
  offset: number,
  schema: PolicySchema,
  names: KnownNames,
): Suggestions | undefined {
  const location = getLocation(text, offset);
  const range = replacedBy(location, offset);
  const typed = text.slice(range.from, offset).replace(/^"/, "").toLowerCase();
  const all = location.isAtPropertyKey
    ? keysAt(text, location, schema, range.to)
    : valuesAt(location.path, schema, names);
  const items = all.filter(({ label }) => label.toLowerCase().includes(typed)).slice(0, mostShown);
  return items.length === 0 ? undefined : { ...range, items };
}

function replacedBy({ previousNode }: Location, offset: number): { readonly from: number; readonly to: number } {
  if (previousNode === undefined) return { from: offset, to: offset };
  const from = previousNode.offset;
  const to = from + previousNode.length;
  return from <= offset && offset <= to ? { from, to } : { from: offset, to: offset };
}

function keysAt(text: string, { path }: Location, schema: PolicySchema, to: number): Suggestion[] {
  const parent = path.slice(0, -1);
  const fields = schemaAt(schema, parent)?.properties ?? {};
  const root = parseTree(text);
  const node = root && (parent.length === 0 ? root : findNodeAtLocation(root, parent));
  const written = new Set((node?.children ?? []).map((child): unknown => child.children?.[0]?.value));
  const hasValue = /^\s*:/.test(text.slice(to));
  return Object.entries(fields)
    .filter(([name]) => !written.has(name) || name === path.at(-1))
    .map(([name, field]) => ({
      label: name,
      insert: hasValue ? JSON.stringify(name) : `${JSON.stringify(name)}: ${startOf(field)}`,
      detail: field.description,
    }));
}

/** What a field begins as: its default, or the emptiest thing of its type. */
function startOf(field: FieldSchema): string {
  if (field.default !== undefined) return JSON.stringify(field.default);
  if (field.enum?.[0] !== undefined) return JSON.stringify(field.enum[0]);
  if (field.type === "array") return "[]";
  if (field.type === "object") return "{}";
  return field.type === "integer" || field.type === "number" ? String(field.minimum ?? 0) : '""';
}

function valuesAt(path: Path, schema: PolicySchema, names: KnownNames): Suggestion[] {
  const field = schemaAt(schema, path);
  if (field === undefined) return [];
  const quoted = (words: readonly string[]) =>
    words.map((word) => ({ label: word, insert: JSON.stringify(word), detail: undefined }));
  if (field.enum !== undefined) return quoted(field.enum);
  if (field.type === "boolean")
    return ["true", "false"].map((word) => ({ label: word, insert: word, detail: undefined }));
  const list = path.findLast((part) => typeof part === "string") ?? "";
  if (typeof path.at(-1) !== "number") return [];
  if (modelLists.has(list)) return quoted(names.models);
  return providerLists.has(list) ? quoted(names.providers) : [];
}
