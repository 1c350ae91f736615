// How much a prompt is like those that were trained on: how near the nearest centre is, how many of its words and pairs
// were seen before, how usual its make-up is. Forecasts for unfamiliar prompts fall back to each model's average.

import type { PromptReader } from "./prompt-reader.ts";
import { centreCount, centreShift, hasBit, type ForecastWeights } from "./weights.ts";
import type { RowIndex } from "./row-index.ts";

/** A sixteenth of a logarithm is the unit of a bucket's rarity. */
export const rarityUnit = 1 / 16;
/** The rarity of words never seen, in the same unit. */
const unseenRarity = 144;

/** Signs of familiarity, each 0 to 1: nearness to a centre, known words, known pairs, how unusual the make-up is. */
export const signCount = 4;

type Known = Pick<ForecastWeights, "centres" | "knownWords" | "rarities">;

/** Looks at what a reader has read. Keeps its buffers, so one instance serves one prompt after another. */
export class FamiliarityGauge {
  readonly #known: Known;
  readonly #index: RowIndex;
  readonly #nearness = new Float64Array(centreCount);

  constructor(known: Known, index: RowIndex) {
    this.#known = known;
    this.#index = index;
  }

  /** @param makeUp The dense features in spreads, each from -3 to 3. */
  signs(reader: PromptReader, makeUp: Float64Array): Float64Array {
    const { nearness, knownWords } = this.#lookAtWords(reader);
    let pairs = 0;
    for (let at = 0; at < reader.pairCount; at++) if (this.#index.rowOf(reader.pairs[at] ?? 0) >= 0) pairs++;
    let distance = 0;
    for (let at = 0; at < makeUp.length; at++) distance += Math.abs(makeUp[at] ?? 0);
    return Float64Array.of(nearness, knownWords, pairs / (reader.pairCount || 1), distance / 3 / (makeUp.length || 1));
  }

  #lookAtWords(reader: PromptReader): { nearness: number; knownWords: number } {
    const { centres, knownWords, rarities } = this.#known;
    const sums = this.#nearness.fill(0);
    let squares = 0;
    let known = 0;
    for (let at = 0; at < reader.wordCount; at++) {
      const bucket = reader.words[at] ?? 0;
      if (!hasBit(knownWords, bucket)) {
        squares += unseenRarity * unseenRarity;
        continue;
      }
      known++;
      const rarity = rarities[this.#index.rowOf(bucket)] ?? unseenRarity;
      squares += rarity * rarity;
      const from = (bucket >>> centreShift) * centreCount;
      for (let centre = 0; centre < centreCount; centre++)
        sums[centre] = (sums[centre] ?? 0) + rarity * (centres[from + centre] ?? 0);
    }
    return {
      nearness: Math.max(0, ...sums) / 127 / Math.sqrt(squares || 1),
      knownWords: known / (reader.wordCount || 1),
    };
  }
}

/** 0 (like nothing known) to 1. The guard has a weight for each sign, then the log-odds without any. */
export function familiarity(signs: Float64Array, guard: Float32Array): number {
  let logOdds = guard[signCount] ?? 0;
  for (let sign = 0; sign < signCount; sign++) logOdds += (guard[sign] ?? 0) * (signs[sign] ?? 0);
  return 1 / (1 + Math.exp(-logOdds));
}
