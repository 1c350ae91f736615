// What was trained on, as 64 centres of prompts' words, for the guard to tell the familiar from the rest.

import { RowIndex } from "../../server/routing/learned/row-index.ts";
import { centreBuckets, centreCount, centreShift } from "../../server/routing/learned/weights.ts";
import type { PoolRow } from "../pool.ts";
import type { ReadRows } from "./read-rows.ts";
import { isKnownWord, type Vocabulary } from "./vocabulary.ts";

const usualRounds = 6;
/** A prompt's words as a row of length 1 over the centres' buckets. */
type WordRow = { readonly buckets: Int32Array; readonly values: Float64Array };

/** Places of the centres, in 127ths, for the chosen rows; the first guesses are rows from every task and subject. */
export function findCentres(
  rows: readonly PoolRow[],
  read: ReadRows,
  vocabulary: Vocabulary,
  chosen: Int32Array,
  rounds: number = usualRounds,
): Int8Array {
  const index = new RowIndex(vocabulary.occupied);
  const words = Array.from(chosen, (row) => wordRow(read, vocabulary, index, row));
  let centres = firstCentres(rows, chosen, words);
  for (let round = 0; round < rounds; round++) {
    const next = new Float64Array(centres.length);
    for (const row of words) addTo(next, nearest(centres, row), row);
    centres = unitCentres(next, centres);
  }
  return Int8Array.from(centres, (value) => Math.round(127 * value));
}

function wordRow(read: ReadRows, vocabulary: Vocabulary, index: RowIndex, row: number): WordRow {
  const from = read.starts[row] ?? 0;
  const known = read.buckets.subarray(from, read.pairStarts[row]).filter((bucket) => isKnownWord(vocabulary, bucket));
  const values = Float64Array.from(known, (bucket) => vocabulary.rarities[index.rowOf(bucket)] ?? 0);
  const size = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)) || 1;
  return { buckets: known.map((bucket) => bucket >>> centreShift), values: values.map((value) => value / size) };
}

function firstCentres(rows: readonly PoolRow[], chosen: Int32Array, words: readonly WordRow[]): Float64Array {
  const kind = (at: number): string => {
    const row = rows[chosen[at] ?? 0];
    return `${row?.task}\n${row?.subject}`;
  };
  const ordered = words.map((_, at) => at).sort((one, other) => kind(one).localeCompare(kind(other)) || one - other);
  const centres = new Float64Array(centreBuckets * centreCount);
  for (let centre = 0; centre < centreCount; centre++) {
    const row = words[ordered[Math.floor(((centre + 0.5) * ordered.length) / centreCount)] ?? 0];
    if (row !== undefined) addTo(centres, centre, row);
  }
  return centres;
}

function nearest(centres: Float64Array, row: WordRow): number {
  const sums = new Float64Array(centreCount);
  row.buckets.forEach((bucket, at) => {
    const value = row.values[at] ?? 0;
    for (let centre = 0; centre < centreCount; centre++)
      sums[centre] = (sums[centre] ?? 0) + value * (centres[bucket * centreCount + centre] ?? 0);
  });
  return sums.indexOf(Math.max(...sums));
}

function addTo(centres: Float64Array, centre: number, row: WordRow): void {
  row.buckets.forEach((bucket, at) => {
    const place = bucket * centreCount + centre;
    centres[place] = (centres[place] ?? 0) + (row.values[at] ?? 0);
  });
}

/** Sums of rows as centres of length 1; a centre that no row is near stays where it was. */
function unitCentres(sums: Float64Array, before: Float64Array): Float64Array {
  const squares = new Float64Array(centreCount);
  sums.forEach((value, at) => {
    squares[at % centreCount] = (squares[at % centreCount] ?? 0) + value * value;
  });
  return sums.map((value, at) => {
    const size = Math.sqrt(squares[at % centreCount] ?? 0);
    return size === 0 ? (before[at] ?? 0) : value / size;
  });
}
