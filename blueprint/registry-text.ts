// What `ast push` does to the text of a blueprint before it is published: builds become the images that were made of
// them, and secrets lose their defaults. The rest stays as it stands, comments too.

import { isMap, isScalar, isSeq, parseDocument, stringify, type ParsedNode, type YAMLMap } from "yaml";
import { isMapping, valueAt, type Path } from "./raw-values.ts";
import { splitName, workloadName } from "./names.ts";
import {
  applyEdits,
  lineEnd,
  lineStart,
  pairEnd,
  pairOf,
  rootForEdits,
  type ParsedPair,
  type TextEdit,
} from "./text-edits.ts";

const componentOf = {
  models: "model",
  knowledge: "knowledge",
  integrations: "integration",
  ingestion: "ingestion",
} as const;

/**
 * Every `build` is replaced by the image of its workload, and the name loses its account, which the registry's path says.
 * Where containers share one build by an anchor the file is written anew, without comments.
 * @throws Error when the text is not a blueprint that can be read: read it by `readBlueprint` first.
 */
export function transformForRegistry(source: string, imageOf: (workload: string) => string): string {
  const targets = buildsIn(source);
  const image = (workload: string) => `image: ${JSON.stringify(imageOf(workload))}`;
  const edited = edit(source, (root) => [
    ...unscoped(source, root),
    ...targets.flatMap(({ path, workload }): TextEdit[] => {
      const pair = pairAt(root, [...path, "build"]);
      return pair === undefined
        ? []
        : [{ start: pair.key.range[0], end: pairEnd(source, pair), text: image(workload) }];
    }),
  ]);
  const replaced = valueOf(edited);
  if (targets.every(({ path, workload }) => valueAt(replaced, [...path, "image"]) === imageOf(workload))) return edited;
  const unnamed = applyEdits(source, unscoped(source, rootForEdits(source)));
  const value = targets.reduce(
    (root, { path, workload }) => withImage(root, path, imageOf(workload)),
    valueOf(unnamed),
  );
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** `name: "@acme/my-agent"` becomes `name: my-agent`. */
function unscoped(source: string, root: YAMLMap.Parsed | undefined): TextEdit[] {
  const pair = root === undefined ? undefined : pairOf(root, "name");
  const name = isScalar(pair?.value) && typeof pair.value.value === "string" ? splitName(pair.value.value) : undefined;
  if (pair === undefined || name?.scope === undefined) return [];
  return [{ start: pair.key.range[1], end: pairEnd(source, pair), text: `: ${name.name}` }];
}

/**
 * Inputs that are secret lose their default.
 * @throws Error as `transformForRegistry` does.
 */
export function stripSecretDefaults(source: string): string {
  const edited = edit(source, (root) => secretDefaults(root).map((pair) => removal(source, pair)));
  if (!holdsSecretDefault(valueOf(edited))) return edited;
  return stringify(withoutSecretDefaults(valueOf(edited)), { lineWidth: 0, aliasDuplicateObjects: false });
}

function edit(source: string, edits: (root: YAMLMap.Parsed) => readonly TextEdit[]): string {
  const root = rootForEdits(source);
  if (root === undefined) throw new Error("The blueprint is not a YAML mapping; read it with readBlueprint first.");
  const unique = new Map(edits(root).map((one) => [one.start, one]));
  return applyEdits(source, [...unique.values()]);
}

/** With merge keys and aliases followed, as the reader of blueprints does. */
function valueOf(source: string): unknown {
  const value: unknown = parseDocument(source, { uniqueKeys: false, merge: true, logLevel: "silent" }).toJS({
    maxAliasCount: 1000,
  });
  return value;
}

type Build = { readonly path: Path; readonly workload: string };

function buildsIn(source: string): Build[] {
  const root = valueOf(source);
  const places: Build[] = [{ path: ["agent"], workload: "agent" }];
  for (const [section, component] of Object.entries(componentOf)) {
    const entries = isMapping(root) && isMapping(root[section]) ? Object.keys(root[section]) : [];
    for (const name of entries) {
      places.push({ path: [section, name, "container"], workload: workloadName(component, name) });
    }
  }
  return places.filter(({ path }) => valueAt(root, [...path, "build"]) !== undefined);
}

function withImage(value: unknown, path: Path, image: string): unknown {
  if (!isMapping(value)) return value;
  const [key, ...rest] = path;
  if (key !== undefined) return { ...value, [key]: withImage(value[key], rest, image) };
  const { build: _, ...others } = value;
  return { image, ...others };
}

function pairAt(root: YAMLMap.Parsed, path: Path): ParsedPair | undefined {
  const [key = "", ...rest] = path.map(String);
  const pair = pairOf(root, key);
  if (pair === undefined || rest.length === 0) return pair;
  return isMap(pair.value) ? pairAt(pair.value, rest) : undefined;
}

/** The pairs `default: ...` beside `secret: true`, wherever inputs may stand. */
function secretDefaults(node: ParsedNode | null): ParsedPair[] {
  if (isSeq(node)) return node.items.flatMap((item) => secretDefaults(item));
  if (!isMap(node)) return [];
  const map: YAMLMap.Parsed = node;
  const preset = pairOf(map, "default");
  const secret = pairOf(map, "secret")?.value?.toString() === "true" && pairOf(map, "datatype") !== undefined;
  const inner = map.items.flatMap(({ value }) => secretDefaults(value));
  return secret && preset !== undefined ? [preset, ...inner] : inner;
}

/** The whole line where the pair has lines to itself; else the value becomes an empty text. */
function removal(source: string, pair: ParsedPair): TextEdit {
  const start = lineStart(source, pair.key.range[0]);
  const end = pairEnd(source, pair);
  const alone = source.slice(start, pair.key.range[0]).trim() === "";
  const after = source.slice(end, lineEnd(source, end));
  if (alone && /^\s*(?:#.*)?\s*$/.test(after)) return { start, end: lineEnd(source, end), text: "" };
  return { start: pair.key.range[1], end, text: ': ""' };
}

function holdsSecretDefault(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSecretDefault);
  if (!isMapping(value)) return false;
  return isSecretInput(value) || Object.values(value).some(holdsSecretDefault);
}

function isSecretInput(value: Readonly<Record<string, unknown>>): boolean {
  const preset = value["default"];
  return value["secret"] === true && value["datatype"] !== undefined && preset !== undefined && preset !== "";
}

function withoutSecretDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecretDefaults);
  if (!isMapping(value)) return value;
  const entries = Object.entries(value).filter(([key]) => key !== "default" || !isSecretInput(value));
  return Object.fromEntries(entries.map(([key, entry]) => [key, withoutSecretDefaults(entry)]));
}
