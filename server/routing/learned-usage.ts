// What answers really used, by model and kind of request: the estimate that holds show. Kept in memory, within bounds,
// and begun anew with the process. Nothing that bounds a cost rests on it.

import { LRUCache } from "lru-cache";
import type { Category } from "../contracts/policy.ts";
import type { RequestFeatures } from "./features.ts";
import { DecayedQuantiles, type BucketScale } from "./decayed-quantiles.ts";

/** Requests that are alike: of the same category and shape, with the same answer expected before anything was learned. */
export type RequestKind = {
  readonly model: string;
  readonly category: Category;
  readonly format: RequestFeatures["format"];
  readonly toolsUsable: boolean;
  readonly insideToolExchange: boolean;
  /** Tokens, by routing/expected-output.ts, which knows complexity, reasoning and a wish for brevity besides. */
  readonly expectedOutputTokens: number;
};

export type UsageEstimate = {
  readonly outputTokens: number;
  /** Input tokens at the full input price for one of the text's token bound; cached ones count by their price. */
  readonly inputShare: number;
};

/** What the text's bound is worth before anything was learned: English prose and code lie about there. */
const firstInputShare = 0.45;
/** Fewer answers than this say nothing yet. */
const fewestAnswers = 5;
const mostKinds = 2_000;
const outputScale: BucketScale = { least: 1, factor: 2 ** (1 / 4), buckets: 72 };
const inputScale: BucketScale = { least: 1 / 64, factor: 2 ** (1 / 8), buckets: 72 };
/** An estimate above twice what one answer in ten needs would be called loose by that one. */
const rareShare = 0.2;
const loose = 2;

type Learned = { readonly output: DecayedQuantiles; readonly input: DecayedQuantiles };
/** What is known of a kind of request: with its model, and with all models together. */
type Found = { readonly kind: RequestKind; readonly ofModel: Learned; readonly ofAll: Learned };

export class LearnedUsage {
  readonly #kinds = new LRUCache<string, Learned>({ max: mostKinds });
  /** A request asks twice, and the next one is often like it. */
  #last: Found | undefined;

  estimate(kind: RequestKind): UsageEstimate {
    const { ofModel, ofAll } = this.#find(kind);
    const output = usual(ofModel.output) ?? usual(ofAll.output) ?? kind.expectedOutputTokens;
    const inputShare = usual(ofModel.input) ?? usual(ofAll.input) ?? firstInputShare;
    return { outputTokens: Math.ceil(output), inputShare };
  }

  /** @param inputShare undefined when attachments hide what the text used. */
  note(kind: RequestKind, outputTokens: number, inputShare: number | undefined): void {
    const { ofModel, ofAll } = this.#find(kind);
    for (const learned of [ofModel, ofAll]) {
      learned.output.add(outputTokens);
      if (inputShare !== undefined && inputShare > 0) learned.input.add(inputShare);
    }
  }

  #find(kind: RequestKind): Found {
    if (this.#last && isSameKind(this.#last.kind, kind)) return this.#last;
    const { category, format, insideToolExchange, toolsUsable, expectedOutputTokens, model } = kind;
    const tools = insideToolExchange ? "inside" : toolsUsable ? "tools" : "";
    const name = `${category} ${format} ${tools} ${expectedOutputTokens}`;
    this.#last = { kind, ofModel: this.#named(`${name} ${model}`), ofAll: this.#named(name) };
    return this.#last;
  }

  #named(name: string): Learned {
    const known = this.#kinds.get(name);
    if (known) return known;
    const learned = { output: new DecayedQuantiles(outputScale), input: new DecayedQuantiles(inputScale) };
    this.#kinds.set(name, learned);
    return learned;
  }
}

function isSameKind(left: RequestKind, right: RequestKind): boolean {
  return (
    left.model === right.model &&
    left.category === right.category &&
    left.format === right.format &&
    left.toolsUsable === right.toolsUsable &&
    left.insideToolExchange === right.insideToolExchange &&
    left.expectedOutputTokens === right.expectedOutputTokens
  );
}

/** The median, or less where answers differ so much that it would be loose for many; undefined while too few are known. */
function usual(values: DecayedQuantiles): number | undefined {
  if (values.weight < fewestAnswers) return undefined;
  const median = values.quantile(0.5);
  const rare = values.quantile(rareShare);
  return median === undefined || rare === undefined ? undefined : Math.min(median, loose * rare);
}
