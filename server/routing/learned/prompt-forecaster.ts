// What a prompt is expected to bring with each model: the chance to pass, the length of the output, and how much of that
// is known. One shared ease of the prompt, an ability and a few weights of each model's own:
// logit P(m passes | x) = ability_m + (shared + own_m) . inputs(x), shrunk to the fallback where the prompt is unfamiliar.

import { FamiliarityGauge, familiarity, rarityUnit } from "./familiarity.ts";
import { denseCount, PromptReader } from "./prompt-reader.ts";
import { RowIndex } from "./row-index.ts";
import type { ForecastWeights } from "./weights.ts";

/** Lists are in the order of the weights' models. */
export type PromptForecast = {
  /** 0 to 1. */
  readonly pass: Float64Array;
  /** Expected; NaN where unknown. */
  readonly outputCharacters: Float64Array;
  /** 0 (nothing like it was trained on) to 1 (well known). */
  readonly known: number;
  /** Log-odds that the prompt adds to any model's ability, also one that was not trained on: above 0 it is easy. */
  readonly ease: number;
};

/** Pairs of words count this much of what single words do. */
export const pairShare = 1;
/** Inputs are held within this many spreads of their mean. */
const inputLimit = 3;
/** No forecast is surer than these log-odds. */
const surest = 5;

/** Forecasts one prompt after another; a forecast is the caller's to keep. */
export class PromptForecaster {
  readonly models: readonly string[];
  readonly #weights: ForecastWeights;
  readonly #index: RowIndex;
  readonly #gauge: FamiliarityGauge;
  readonly #reader = new PromptReader();
  readonly #inputs: Float64Array;
  /** The dense features among the inputs. */
  readonly #makeUp: Float64Array;

  constructor(weights: ForecastWeights) {
    this.models = weights.models;
    this.#weights = weights;
    this.#index = new RowIndex(weights.occupied);
    this.#gauge = new FamiliarityGauge(weights, this.#index);
    this.#inputs = new Float64Array(weights.heads + denseCount);
    this.#makeUp = this.#inputs.subarray(weights.heads);
  }

  /** Reads the head and tail of long prompts, 8,000 characters in all. Never throws, whatever the text. */
  forecast(prompt: string): PromptForecast {
    this.#reader.read(prompt);
    const weights = this.#weights;
    const inputs = this.#readInputs();
    const known = familiarity(this.#gauge.signs(this.#reader, this.#makeUp), weights.guard);
    const count = this.models.length;
    const ease = known * dot(weights.shared, 0, inputs);
    const pass = new Float64Array(count);
    const outputCharacters = new Float64Array(count);
    for (let model = 0; model < count; model++) {
      const from = model * inputs.length;
      const base = blend(weights.abilities[model] ?? 0, weights.fallbacks[model] ?? 0, known);
      pass[model] = chance(base + ease + known * dot(weights.own, from, inputs));
      const length = (weights.lengths[model] ?? Number.NaN) + known * dot(weights.lengthSlopes, from, inputs);
      outputCharacters[model] = Math.exp(length);
    }
    return { pass, outputCharacters, known, ease };
  }

  /** Heads first, then the dense features, each centred, scaled and held within limits. */
  #readInputs(): Float64Array {
    const { heads, headSteps, inputMeans, inputScales } = this.#weights;
    const inputs = this.#inputs.fill(0);
    const squares =
      this.#addHeads(this.#reader.words, this.#reader.wordCount, 1) +
      this.#addHeads(this.#reader.pairs, this.#reader.pairCount, pairShare);
    const size = Math.sqrt(squares) || 1;
    for (let at = 0; at < inputs.length; at++) {
      const raw =
        at < heads ? ((inputs[at] ?? 0) * (headSteps[at] ?? 0)) / size : (this.#reader.dense[at - heads] ?? 0);
      const scaled = (raw - (inputMeans[at] ?? 0)) * (inputScales[at] ?? 0);
      inputs[at] = Math.max(-inputLimit, Math.min(inputLimit, scaled));
    }
    return inputs;
  }

  /** Adds the rows of some buckets to the heads, and returns the sum of the squares of what they were weighed with. */
  #addHeads(buckets: Int32Array, count: number, weight: number): number {
    const { heads, headRows, rarities } = this.#weights;
    const inputs = this.#inputs;
    let squares = 0;
    for (let at = 0; at < count; at++) {
      const row = this.#index.rowOf(buckets[at] ?? 0);
      if (row < 0) continue;
      const value = weight * rarityUnit * (rarities[row] ?? 0);
      squares += value * value;
      const from = row * heads;
      for (let head = 0; head < heads; head++)
        inputs[head] = (inputs[head] ?? 0) + value * (headRows[from + head] ?? 0);
    }
    return squares;
  }
}

/** The chance that a model of this ability passes, also one that was not trained on. Log-odds in, 0 to 1 out. */
export function passChance(ability: number, { ease }: Pick<PromptForecast, "ease">): number {
  return chance(ability + ease);
}

function chance(logOdds: number): number {
  return 1 / (1 + Math.exp(-Math.max(-surest, Math.min(surest, logOdds))));
}

function blend(one: number, other: number, share: number): number {
  return share * one + (1 - share) * other;
}

function dot(weights: Float32Array, from: number, inputs: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < inputs.length; at++) sum += (weights[from + at] ?? 0) * (inputs[at] ?? 0);
  return sum;
}
