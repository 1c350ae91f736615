// Adds an entry to astropods.yml, as `ast add` does: the rest of the text stays as it stands, comments and order too.

import { isMap, stringify, type YAMLMap } from "yaml";
import { applyEdits, lineEnd, lineStart, pairEnd, pairOf, rootForEdits, type ParsedPair } from "./text-edits.ts";

export const editableSections = ["models", "knowledge", "integrations", "providers", "inputs", "ingestion"] as const;
export type EditableSection = (typeof editableSections)[number];

export type EditResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string; readonly hint: string };

export type NewEntry = {
  readonly section: EditableSection;
  readonly name: string;
  /** As the file is to hold it. */
  readonly value: Readonly<Record<string, unknown>>;
};

/** Does not check what the result means: read it with `readBlueprint`. */
export function addEntry(source: string, entry: NewEntry): EditResult {
  const root = rootForEdits(source);
  if (root === undefined) {
    return refused("The file cannot be read.", "See what is wrong by `ast spec validate`.");
  }
  if (root.flow === true) {
    return refused("The whole file is written in braces.", "Write one key a line to have entries added.");
  }
  const section = pairOf(root, entry.section);
  if (section === undefined) return done(withSection(source, entry));
  if (section.value === null || isEmptyScalar(section)) return done(firstEntry(source, section, entry));
  if (!isMap(section.value)) {
    const hint = "Give each entry a name of its own, then add this one.";
    return refused(`\`${entry.section}\` is not a mapping of names to entries.`, hint);
  }
  const map: YAMLMap.Parsed = section.value;
  if (pairOf(map, entry.name) !== undefined) {
    return refused(
      `\`${entry.section}\` has an entry \`${entry.name}\` already.`,
      "Choose another name, or change that entry.",
    );
  }
  if (map.flow === true) return done(intoBraces(source, section, map, entry));
  return done(afterLast(source, map, entry));
}

function done(text: string): EditResult {
  return { ok: true, text };
}

function refused(message: string, hint: string): EditResult {
  return { ok: false, message, hint };
}

function isEmptyScalar({ value }: ParsedPair): boolean {
  return value !== null && "value" in value && value.value === null;
}

const step = "  ";

/** The lines of an entry, each after `indent`. */
function block({ name, value }: NewEntry, indent: string): string {
  return stringify({ [name]: value }, { lineWidth: 0, flowCollectionPadding: false })
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "" : indent + line))
    .join("\n");
}

/** At the end of the file, after an empty line. */
function withSection(source: string, entry: NewEntry): string {
  const before = source.trimEnd();
  return `${before}\n\n${entry.section}:\n${block(entry, step)}\n`;
}

function firstEntry(source: string, { key }: ParsedPair, entry: NewEntry): string {
  const end = lineEnd(source, key.range[1]);
  const lineBreak = source.charAt(end - 1) === "\n" ? "" : "\n";
  return applyEdits(source, [{ start: end, end, text: `${lineBreak}${block(entry, step)}\n` }]);
}

function afterLast(source: string, map: YAMLMap.Parsed, entry: NewEntry): string {
  const first = map.items[0];
  const last = map.items.at(-1);
  if (first === undefined || last === undefined) return source;
  const indent = source.slice(lineStart(source, first.key.range[0]), first.key.range[0]);
  const end = lineEnd(source, pairEnd(source, last));
  const lineBreak = source.charAt(end - 1) === "\n" ? "" : "\n";
  return applyEdits(source, [{ start: end, end, text: `${lineBreak}${block(entry, indent)}\n` }]);
}

/** `{}` becomes lines; braces that hold something get one more entry. */
function intoBraces(source: string, section: ParsedPair, map: YAMLMap.Parsed, entry: NewEntry): string {
  const [start, end] = map.range;
  const last = map.items.at(-1);
  if (last === undefined) {
    return applyEdits(source, [{ start: section.key.range[1], end, text: `:\n${block(entry, step)}` }]);
  }
  const text = `, ${JSON.stringify(entry.name)}: ${JSON.stringify(entry.value)}`;
  const at = Math.max(start, pairEnd(source, last));
  return applyEdits(source, [{ start: at, end: at, text }]);
}
