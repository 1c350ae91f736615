// How much a prompt is like those that were trained on: how near the nearest centre is, and how many of its words and
// pairs of words were seen before. Forecasts for unfamiliar prompts fall back to what each model does on the whole.

import type { PromptReader } from "./prompt-reader.ts";
import { centreCount, centreShift, hasBit, type ForecastWeights } from "./weights.ts";
import type { RowIndex } from "./row-index.ts";

/** A sixteenth of a logarithm is the unit of a bucket's rarity. */
export const rarityUnit = 1 / 16;
/** The rarity of words never seen, in the same unit. */
const unseenRarity = 144;

/** What familiarity is made of, each 0 to 1. */
export type Signs = { nearness: number; knownWords: number; knownPairs: number };

/**
 * Places in `ForecastWeights.guard`: mean and spread of each sign over prompts of the training's own kind, then the
 * summed signs at which half and nine tenths of a forecast hold.
 */
export const Guard = { means: 0, spreads: 3, half: 6, mostly: 7 } as const;

type Known = Pick<ForecastWeights, "centres" | "knownWords" | "rarities">;

/** Looks at what a reader has read. Keeps one buffer, so one instance serves one prompt after another. */
export class FamiliarityGauge {
  readonly #known: Known;
  readonly #index: RowIndex;
  readonly #nearness = new Float64Array(centreCount);

  constructor(known: Known, index: RowIndex) {
    this.#known = known;
    this.#index = index;
  }

  signs(reader: PromptReader): Signs {
    const { centres, knownWords, rarities } = this.#known;
    const nearness = this.#nearness.fill(0);
    let squares = 0;
    let known = 0;
    for (let at = 0; at < reader.wordCount; at++) {
      const bucket = reader.words[at] ?? 0;
      const isKnown = hasBit(knownWords, bucket);
      if (isKnown) known++;
      const rarity = isKnown ? (rarities[this.#index.rowOf(bucket)] ?? unseenRarity) : unseenRarity;
      squares += rarity * rarity;
      const from = (bucket >>> centreShift) * centreCount;
      if (isKnown)
        for (let centre = 0; centre < centreCount; centre++)
          nearness[centre] = (nearness[centre] ?? 0) + rarity * (centres[from + centre] ?? 0);
    }
    let pairs = 0;
    for (let at = 0; at < reader.pairCount; at++) if (this.#index.rowOf(reader.pairs[at] ?? 0) >= 0) pairs++;
    return {
      nearness: Math.max(0, ...nearness) / 127 / Math.sqrt(squares || 1),
      knownWords: known / (reader.wordCount || 1),
      knownPairs: pairs / (reader.pairCount || 1),
    };
  }
}

/** 0 (like nothing known) to 1, from the signs of a prompt and the weights' guard. */
export function familiarity({ nearness, knownWords, knownPairs }: Signs, guard: Float32Array): number {
  const sum = summedSigns([nearness, knownWords, knownPairs], guard);
  const half = guard[Guard.half] ?? 0;
  const slope = Math.log(9) / Math.max(1e-6, (guard[Guard.mostly] ?? 0) - half);
  return 1 / (1 + Math.exp(slope * (half - sum)));
}

/** Each sign's distance from its mean in spreads, summed. */
export function summedSigns(signs: readonly number[], guard: Float32Array): number {
  return signs.reduce(
    (sum, sign, index) => sum + (sign - (guard[Guard.means + index] ?? 0)) / (guard[Guard.spreads + index] ?? 1),
    0,
  );
}
