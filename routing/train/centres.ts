// What was trained on, as 64 centres of prompts' words, and how familiar a prompt of the same kind usually looks.

import { FamiliarityGauge, Guard, summedSigns } from "../../server/routing/learned/familiarity.ts";
import { PromptReader } from "../../server/routing/learned/prompt-reader.ts";
import { RowIndex } from "../../server/routing/learned/row-index.ts";
import { centreBuckets, centreCount, centreShift, guardCount } from "../../server/routing/learned/weights.ts";
import type { PoolRow } from "../pool.ts";
import type { ReadRows } from "./read-rows.ts";
import { buildVocabulary, isKnownWord, type Vocabulary } from "./vocabulary.ts";

const rounds = 6;
/** Shares of prompts of the training's own kind that are less familiar than half, and than mostly, known. */
const halfQuantile = 0.01;
const mostlyQuantile = 0.1;

/** A prompt's words as a row of length 1 over the centres' buckets. */
type WordRow = { readonly buckets: Int32Array; readonly values: Float64Array };

/** Places of the centres, in 127ths, for the chosen rows; the first guesses are rows from every task and subject. */
export function findCentres(
  rows: readonly PoolRow[],
  read: ReadRows,
  vocabulary: Vocabulary,
  chosen: Int32Array,
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

/** How the signs of familiarity are spread over rows of one fold, for centres and words of the others. */
export function trainGuard(rows: readonly PoolRow[], read: ReadRows, folds: Int32Array, fewest: number): Float32Array {
  const all = Int32Array.from(rows, (_, row) => row);
  const rest = all.filter((row) => folds[row] !== 0);
  const vocabulary = buildVocabulary(read, rest, fewest);
  const centres = findCentres(rows, read, vocabulary, rest);
  const gauge = new FamiliarityGauge({ ...vocabulary, centres }, new RowIndex(vocabulary.occupied));
  const reader = new PromptReader();
  const signs = [...all]
    .filter((row) => folds[row] === 0)
    .map((row) => {
      reader.read(rows[row]?.prompt ?? "");
      const { nearness, knownWords, knownPairs } = gauge.signs(reader);
      return [nearness, knownWords, knownPairs];
    });
  const guard = new Float32Array(guardCount);
  for (let sign = 0; sign < 3; sign++) {
    const values = signs.map((row) => row[sign] ?? 0);
    const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
    guard[Guard.means + sign] = mean;
    guard[Guard.spreads + sign] = Math.max(0.01, Math.sqrt(variance));
  }
  const sums = signs.map((row) => summedSigns(row, guard)).sort((one, other) => one - other);
  guard[Guard.half] = sums[Math.floor(halfQuantile * sums.length)] ?? 0;
  guard[Guard.mostly] = Math.max((guard[Guard.half] ?? 0) + 0.1, sums[Math.floor(mostlyQuantile * sums.length)] ?? 0);
  return guard;
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
