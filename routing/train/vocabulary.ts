// Which words and pairs have weights, how rare each is, and the sparse rows that this makes of prompts.

import { rarityUnit } from "../../server/routing/learned/familiarity.ts";
import { bucketCount } from "../../server/routing/learned/prompt-reader.ts";
import { pairShare } from "../../server/routing/learned/prompt-forecaster.ts";
import { hasBit } from "../../server/routing/learned/weights.ts";
import { RowIndex } from "../../server/routing/learned/row-index.ts";
import type { ReadRows } from "./read-rows.ts";
import type { SparseMatrix } from "./ridge.ts";

export type Vocabulary = {
  readonly occupied: Uint32Array;
  readonly knownWords: Uint32Array;
  readonly rarities: Uint8Array;
};

/** Takes the buckets that occur in at least `fewest` of the chosen rows. */
export function buildVocabulary(rows: ReadRows, chosen: Int32Array, fewest: number): Vocabulary {
  const counts = new Uint32Array(bucketCount);
  const words = new Uint32Array(bucketCount / 32);
  for (const row of chosen) {
    const end = rows.starts[row + 1] ?? 0;
    for (let at = rows.starts[row] ?? 0; at < end; at++) {
      const bucket = rows.buckets[at] ?? 0;
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      if (at < (rows.pairStarts[row] ?? 0)) setBit(words, bucket);
    }
  }
  const occupied = new Uint32Array(bucketCount / 32);
  const rarities: number[] = [];
  counts.forEach((count, bucket) => {
    if (count < fewest) return;
    setBit(occupied, bucket);
    const rarity = Math.log((1 + chosen.length) / count);
    rarities.push(Math.max(1, Math.min(255, Math.round(rarity / rarityUnit))));
  });
  return {
    occupied,
    knownWords: words.map((word, at) => word & (occupied[at] ?? 0)),
    rarities: Uint8Array.from(rarities),
  };
}

/** Rows of the vocabulary's entries, each prompt's of length 1. */
export function sparseRows(rows: ReadRows, vocabulary: Vocabulary): SparseMatrix {
  const index = new RowIndex(vocabulary.occupied);
  const starts = new Int32Array(rows.count + 1);
  const indices = new Int32Array(rows.buckets.length);
  const values = new Float64Array(rows.buckets.length);
  let used = 0;
  for (let row = 0; row < rows.count; row++) {
    const from = used;
    let squares = 0;
    const end = rows.starts[row + 1] ?? 0;
    for (let at = rows.starts[row] ?? 0; at < end; at++) {
      const column = index.rowOf(rows.buckets[at] ?? 0);
      if (column < 0) continue;
      const value =
        rarityUnit * (vocabulary.rarities[column] ?? 0) * (at < (rows.pairStarts[row] ?? 0) ? 1 : pairShare);
      squares += value * value;
      indices[used] = column;
      values[used++] = value;
    }
    const size = Math.sqrt(squares) || 1;
    for (let at = from; at < used; at++) values[at] = (values[at] ?? 0) / size;
    starts[row + 1] = used;
  }
  const columns = vocabulary.rarities.length;
  return { rows: rows.count, columns, starts, indices: indices.slice(0, used), values: values.slice(0, used) };
}

function setBit(bits: Uint32Array, bucket: number): void {
  bits[bucket >>> 5] = (bits[bucket >>> 5] ?? 0) | (1 << (bucket & 31));
}

/** Whether a bucket was seen as a word. */
export function isKnownWord(vocabulary: Vocabulary, bucket: number): boolean {
  return hasBit(vocabulary.knownWords, bucket);
}
