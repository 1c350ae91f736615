// Prompts of a pool as the trainer needs them: dense features, and sparse rows of weighted words and pairs.

import { bucketCount, denseCount, PromptReader } from "../../server/routing/learned/prompt-reader.ts";
import type { PoolRow } from "../pool.ts";

/** Rows one after another: those of prompt `i` are at `starts[i]` to `starts[i + 1]`. */
export type ReadRows = {
  readonly count: number;
  /** `denseCount` values a row. */
  readonly dense: Float64Array;
  readonly starts: Int32Array;
  /** Each bucket once a row, words before pairs. */
  readonly buckets: Int32Array;
  /** Where a row's pairs begin. */
  readonly pairStarts: Int32Array;
};

export function readRows(rows: readonly PoolRow[]): ReadRows {
  const reader = new PromptReader();
  const dense = new Float64Array(rows.length * denseCount);
  const starts = new Int32Array(rows.length + 1);
  const pairStarts = new Int32Array(rows.length);
  const parts: Int32Array[] = [];
  rows.forEach((row, index) => {
    reader.read(row.prompt);
    dense.set(reader.dense, index * denseCount);
    parts.push(reader.words.slice(0, reader.wordCount), reader.pairs.slice(0, reader.pairCount));
    const start = starts[index] ?? 0;
    pairStarts[index] = start + reader.wordCount;
    starts[index + 1] = start + reader.wordCount + reader.pairCount;
  });
  const buckets = new Int32Array(starts[rows.length] ?? 0);
  let at = 0;
  for (const part of parts) {
    buckets.set(part, at);
    at += part.length;
  }
  return { count: rows.length, dense, starts, buckets, pairStarts };
}

/** In how many of the rows each bucket occurs. */
export function countRows(rows: ReadRows, chosen: Iterable<number>): Uint32Array {
  const counts = new Uint32Array(bucketCount);
  for (const row of chosen) {
    const end = rows.starts[row + 1] ?? 0;
    for (let at = rows.starts[row] ?? 0; at < end; at++) {
      const bucket = rows.buckets[at] ?? 0;
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
  }
  return counts;
}
