// Where in the text each key and value stands.

import type { Path } from "./raw-values.ts";

/** Offsets into the text; `end` is one after the last character. */
export type Span = { readonly start: number; readonly end: number };

export type Place = {
  readonly value: Span;
  /** Undefined for the whole file and for entries of lists. */
  readonly key: Span | undefined;
  /** A scalar as it is written, without quotes; undefined for lists, mappings and nothing. */
  readonly text: string | undefined;
  /** Entries of lists are named by their number. */
  readonly children: ReadonlyMap<string, Place>;
};

export type LineColumn = { readonly line: number; readonly column: number };

/** The place of a path; of a path that leads nowhere that of its nearest parent. */
export function placeAt(root: Place, path: Path): Place {
  let place = root;
  for (const key of path) {
    const child = place.children.get(String(key));
    if (child === undefined) return place;
    place = child;
  }
  return place;
}

/** Turns offsets into lines and columns, both from 1. */
export function lineReader(source: string): (offset: number) => LineColumn {
  const starts = [0];
  for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
