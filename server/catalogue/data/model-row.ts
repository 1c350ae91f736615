// The shape of one row of the model data, and what its shorthand expands to. Strength, latency and speed are priors
// out of published benchmarks and price class; measured health and outcomes replace them in use.

import type { CatalogueModel, Modality, ModelTier } from "../catalogue.ts";
import type { Capability, Lane } from "../../contracts/policy.ts";

export type ModelRow = {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly use: string;
  readonly forAgents?: true;
  readonly tier: ModelTier;
  readonly contextTokens: number;
  /** The vendor's limit, or a cautious 32,768 to 65,536 where it states none. */
  readonly maxOutputTokens: number;
  readonly modalities: readonly Modality[];
  readonly strength: number;
  readonly laneStrength?: { readonly [lane in Lane]?: number };
  readonly firstByteMs: number;
  readonly tokensPerSecond: number;
  readonly fallbacks: readonly string[];
  /** Parameters beyond `commonParameters`. */
  readonly parameters: readonly string[];
  /** Capabilities that neither parameters nor modalities tell. */
  readonly capabilities?: readonly Capability[];
  readonly tokensPerByteBound?: number;
  readonly upstreamNames?: { readonly [provider: string]: string };
};

/** What every generating model of the catalogue takes. */
const commonParameters = ["tools", "tool_choice", "response_format", "max_tokens"];
export const reasoningParameters = ["reasoning", "include_reasoning"];
export const samplingParameters = ["temperature", "top_p", "stop"];

/** From this context on a model counts as `long_context`. */
const longContextTokens = 200_000;
/** Twice the largest figure a vendor documents for one image. */
const imageTokensBound = 10_000;
/** A hundred pages at text and page-image rates, or minutes of audio or video. */
const fileTokensBound = 128_000;
/** SentencePiece and byte-pair tokenizers with byte fallback never make more than one token of a byte. */
const byteLevelBound = 1;
/** NFC, applied first by some tokenizers, makes at most three bytes of one. */
export const normalisedTextBound = 3;

/** Vendors whose models reason unasked and keep it to themselves. */
const hidingVendors: ReadonlySet<string> = new Set(["openai", "google", "x-ai"]);

/** The catalogue's model for a row, without its price. */
export function expandRow(row: ModelRow, availability: CatalogueModel["availability"]): Omit<CatalogueModel, "prices"> {
  const supportedParameters = [...commonParameters, ...row.parameters];
  return {
    id: row.id,
    name: row.name,
    aliases: row.aliases,
    use: row.use,
    ...(row.forAgents === undefined ? {} : { forAgents: row.forAgents }),
    kind: "generate",
    tier: row.tier,
    availability,
    contextTokens: row.contextTokens,
    maxOutputTokens: row.maxOutputTokens,
    modalities: row.modalities,
    capabilities: capabilitiesOf(row, supportedParameters),
    hidesReasoning: hidingVendors.has(row.id.split("/")[0] ?? ""),
    supportedParameters,
    strength: row.strength,
    ...(row.laneStrength === undefined ? {} : { laneStrength: row.laneStrength }),
    typicalFirstByteMs: row.firstByteMs,
    typicalTokensPerSecond: row.tokensPerSecond,
    tokensPerByteBound: row.tokensPerByteBound ?? byteLevelBound,
    tokensPerAttachmentBound: imageTokensBound,
    tokensPerFileBound: fileTokensBound,
    fallbacks: row.fallbacks,
    upstreamNames: row.upstreamNames ?? rosterUpstreamNames(row.id),
  };
}

function capabilitiesOf(row: ModelRow, parameters: readonly string[]): ReadonlySet<Capability> {
  const found = new Set<Capability>(row.capabilities);
  if (parameters.includes("tools")) found.add("tools");
  if (parameters.includes("structured_outputs")) found.add("structured_outputs");
  if (parameters.includes("reasoning")) found.add("reasoning");
  if (row.modalities.includes("image")) found.add("vision");
  if (row.modalities.includes("file")) found.add("files");
  if (row.modalities.includes("audio")) found.add("audio");
  if (row.contextTokens >= longContextTokens) found.add("long_context");
  return found;
}

/** OpenRouter uses the roster's own ids; a vendor's own API uses its name without the vendor, Anthropic's with hyphens. */
function rosterUpstreamNames(id: string): CatalogueModel["upstreamNames"] {
  const [vendor, name] = id.split("/");
  if (name === undefined) return {};
  if (vendor === "openai") return { openrouter: id, openai: name };
  if (vendor === "anthropic") return { openrouter: id, anthropic: name.replaceAll(".", "-") };
  if (vendor === "google" && name.startsWith("gemini-")) return { openrouter: id, gemini: name };
  return { openrouter: id };
}
