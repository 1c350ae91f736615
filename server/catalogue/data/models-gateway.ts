// The four models that agents know by their AI Gateway names, three that generate and one that embeds.

import type { CatalogueModel } from "../catalogue.ts";
import { reasoningParameters, samplingParameters, type ModelRow } from "./model-row.ts";

const claudeParameters = [...reasoningParameters, ...samplingParameters, "structured_outputs"];

export const gatewayModels: readonly ModelRow[] = [
  {
    id: "claude-opus-4-8",
    name: "Claude Opus 4.8",
    aliases: ["anthropic/claude-opus-4.8", "anthropic/claude-opus-4-8"],
    use: "The strongest Claude, for agents.",
    tier: "SAFE",
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    modalities: ["text", "image", "file"],
    strength: 92,
    firstByteMs: 1_900,
    tokensPerSecond: 50,
    fallbacks: ["anthropic/claude-opus-4.7", "openai/gpt-5.5"],
    parameters: claudeParameters,
    capabilities: ["parallel_tools", "prompt_cache"],
    upstreamNames: {
      anthropic: "claude-opus-4-8",
      openrouter: "anthropic/claude-opus-4.8",
      bedrock: "anthropic.claude-opus-4-8",
    },
  },
  {
    id: "claude-sonnet-4-6",
    name: "Claude Sonnet 4.6",
    aliases: ["anthropic/claude-sonnet-4-6"],
    use: "Balanced Claude, for agents.",
    tier: "SAFE",
    contextTokens: 1_000_000,
    maxOutputTokens: 64_000,
    modalities: ["text", "image", "file"],
    strength: 85,
    firstByteMs: 1_300,
    tokensPerSecond: 65,
    fallbacks: ["claude-opus-4-8", "openai/gpt-5.5"],
    parameters: claudeParameters,
    capabilities: ["parallel_tools", "prompt_cache"],
    upstreamNames: {
      anthropic: "claude-sonnet-4-6",
      openrouter: "anthropic/claude-sonnet-4.6",
      bedrock: "anthropic.claude-sonnet-4-6",
    },
  },
  {
    id: "claude-haiku-4-5",
    name: "Claude Haiku 4.5",
    aliases: ["anthropic/claude-haiku-4.5", "anthropic/claude-haiku-4-5"],
    use: "Fast, inexpensive Claude, for agents.",
    tier: "MID_PREMIUM",
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    modalities: ["text", "image", "file"],
    strength: 73,
    firstByteMs: 700,
    tokensPerSecond: 120,
    fallbacks: ["claude-sonnet-4-6", "claude-opus-4-8"],
    parameters: claudeParameters,
    capabilities: ["parallel_tools", "prompt_cache"],
    upstreamNames: {
      anthropic: "claude-haiku-4-5",
      openrouter: "anthropic/claude-haiku-4.5",
      bedrock: "anthropic.claude-haiku-4-5-20251001-v1:0",
    },
  },
];

export const embeddingModels: readonly Omit<CatalogueModel, "prices">[] = [
  {
    id: "titan-embed-text-v2",
    name: "Titan Text Embeddings V2",
    aliases: ["amazon/titan-embed-text-v2", "amazon.titan-embed-text-v2:0"],
    use: "Text embeddings of 1024 dimensions, or 512 or 256 on request.",
    kind: "embed",
    tier: "EMBEDDING",
    availability: "routed",
    contextTokens: 8_192,
    maxOutputTokens: 0,
    modalities: ["text"],
    capabilities: new Set(["embeddings"]),
    hidesReasoning: false,
    supportedParameters: ["dimensions"],
    strength: 50,
    typicalFirstByteMs: 300,
    typicalTokensPerSecond: 1,
    tokensPerByteBound: 1,
    tokensPerAttachmentBound: 0,
    fallbacks: [],
    upstreamNames: { bedrock: "amazon.titan-embed-text-v2:0" },
  },
];
