// Changes to the text of a YAML file that leave everything else as it stands: comments, order, quotes, blank lines.

import { isMap, parseDocument, type Pair, type ParsedNode, type YAMLMap } from "yaml";

/** Replaces what stands from `start` to `end` by `text`. Offsets are of the text before any change. */
export type TextEdit = { readonly start: number; readonly end: number; readonly text: string };

export type ParsedPair = Pair<ParsedNode, ParsedNode | null>;

/** The edits must not overlap. */
export function applyEdits(source: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((one, other) => other.start - one.start)
    .reduce((text, { start, end, text: replacement }) => text.slice(0, start) + replacement + text.slice(end), source);
}

/** The mapping that a file is; undefined when it is none, or no YAML. */
export function rootForEdits(source: string): YAMLMap.Parsed | undefined {
  const { errors, contents } = parseDocument(source, { uniqueKeys: false, prettyErrors: false, logLevel: "silent" });
  return errors.length === 0 && isMap(contents) ? contents : undefined;
}

/** The pair of a key that stands in the mapping itself, not taken in by `<<`. */
export function pairOf(map: YAMLMap.Parsed, key: string): ParsedPair | undefined {
  return map.items.find((pair) => pair.key.toString() === key);
}

/** Where the line of an offset begins. */
export function lineStart(source: string, offset: number): number {
  return source.lastIndexOf("\n", offset - 1) + 1;
}

/** One after the line break of an offset's line, or the end of the text. */
export function lineEnd(source: string, offset: number): number {
  const at = source.indexOf("\n", offset);
  return at < 0 ? source.length : at + 1;
}

/** Where a pair's text ends: after its value, without the line break that a block leaves behind it. */
export function pairEnd(source: string, { key, value }: ParsedPair): number {
  const end = value === null ? key.range[1] : Math.max(value.range[1], key.range[1]);
  return source.slice(0, end).trimEnd().length;
}
