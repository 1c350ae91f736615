// The catalogue's terms: models, their prices and capabilities, lanes, and the routes by which upstreams serve them.

import type { Capability, Lane } from "../contracts/policy.ts";
import type { UnitPrices } from "../money/charge.ts";
import type { ProviderId } from "../providers/provider.ts";

export type ModelTier =
  "CONTROL" | "VALUE" | "WORKHORSE" | "SPECIALIST" | "MID_PREMIUM" | "PREMIUM" | "SAFE" | "FRONTIER" | "EMBEDDING";

export type Modality = "text" | "image" | "file" | "audio" | "video";

export type CatalogueModel = {
  /** The id clients use: `anthropic/claude-sonnet-4.6`, `claude-haiku-4-5`. */
  readonly id: string;
  readonly name: string;
  /** Other ids that mean this model: short keys and renamed ids. */
  readonly aliases: readonly string[];
  /** What it is good for, in one sentence; absent when nothing more than its figures is known. */
  readonly use?: string;
  /** One of those that the AI Gateway of agents offers by their plain names. */
  readonly forAgents?: true;
  readonly kind: "generate" | "embed";
  readonly tier: ModelTier;
  /** `routed`: may be picked for a virtual model. `listed`: only when asked for by name. `preview`: by name, or where the stack allows. */
  readonly availability: "routed" | "listed" | "preview";
  readonly contextTokens: number;
  /** Most tokens one answer may have. 0 for embeddings. */
  readonly maxOutputTokens: number;
  /** Lengths of its vectors, the first one unless asked for another; absent: whatever its provider makes of the wish. */
  readonly dimensions?: readonly [number, ...number[]];
  readonly modalities: readonly Modality[];
  readonly capabilities: ReadonlySet<Capability>;
  /** It may reason without being asked to and without showing it. */
  readonly hidesReasoning: boolean;
  /** Request parameters the model accepts, in OpenAI's names. */
  readonly supportedParameters: readonly string[];
  /** Retail prices in picodollars per unit; undefined: unpriced, never served. */
  readonly prices: UnitPrices | undefined;
  /** Ability on general work, 0 to 100, out of published benchmarks; the router's prior. */
  readonly strength: number;
  /** Ability in lanes where it differs from `strength`, 0 to 100: a specialist's strong side. */
  readonly laneStrength?: { readonly [lane in Lane]?: number };
  /** Typical time to first token and speed, the prior until health has measured better. */
  readonly typicalFirstByteMs: number;
  readonly typicalTokensPerSecond: number;
  /** Factor on a text's token bound: 1 for byte-level tokenizers, more where text is normalised first. */
  readonly tokensPerByteBound: number;
  /** Upper bound of tokens for one image, and for one file, audio or video where `tokensPerFileBound` is absent. */
  readonly tokensPerAttachmentBound: number;
  /** Upper bound of tokens for one file, audio or video. */
  readonly tokensPerFileBound?: number;
  /** What this model's own failures fall back to, in order, by id. */
  readonly fallbacks: readonly string[];
  /** Names by which providers know the model: provider id -> upstream model name. */
  readonly upstreamNames: { readonly [provider: ProviderId]: string };
};

export type LaneDefinition = {
  readonly lane: Lane;
  /** `astrolabe/<lane>`. */
  readonly virtualModel: string;
  readonly name: string;
  readonly description: string;
  readonly defaultCandidates: readonly string[];
  readonly fallbackCandidates: readonly string[];
  readonly previewCandidates: readonly string[];
  /** When a request to `astrolabe/auto` takes this lane, in words. */
  readonly triggerRules: readonly string[];
};

export type Catalogue = {
  /** Version of models and lanes, e.g. `2026-11-22`. */
  readonly version: string;
  /** Version of the price list; stored with every debit. */
  readonly priceVersion: string;
  readonly models: readonly CatalogueModel[];
  readonly lanes: readonly LaneDefinition[];
  /** By id and by alias, case-sensitive. */
  readonly find: (id: string) => CatalogueModel | undefined;
  readonly lane: (lane: Lane) => LaneDefinition;
};

/** One configured upstream, as far as planning cares. */
export type Upstream = {
  readonly provider: ProviderId;
  /** What the upstream promises about data. */
  readonly dataPolicy: "any" | "no_training" | "zero_retention";
  /** Whether it can be asked for a stricter data policy per request (OpenRouter can). */
  readonly dataPolicyPerRequest: boolean;
  /** Undefined: not stated; such a route fails any region boundary. */
  readonly region: string | undefined;
  /** True when it keeps answers on its side and cannot be told not to; fails `retentionPolicy: "none"`. */
  readonly storesResponses?: boolean;
  /** The upstream's name for a catalogue model, or undefined when it does not serve it. */
  readonly upstreamModel: (model: CatalogueModel) => string | undefined;
};
