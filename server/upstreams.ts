// Configured upstreams become providers and routes: one pool of real ones, one of the sandbox alone.

import type { CatalogueModel, Upstream } from "./catalogue/catalogue.ts";
import { azureOpenAiId } from "./config-azure-openai.ts";
import { geminiId, type UpstreamConfig } from "./config.ts";
import { entryOf } from "./contracts/json.ts";
import {
  atAzure,
  chatCompletionsDialect,
  chatCompletionsDialectFor,
  embeddingsDialect,
  extendAzureBody,
  extendOpenAiBody,
  extendOpenRouterBody,
} from "./providers/openai-compatible/index.ts";
import {
  anthropicVersion,
  extendAnthropicBody,
  messagesCountRoute,
  messagesDialect,
} from "./providers/anthropic/index.ts";
import { bedrockProvider } from "./providers/bedrock/index.ts";
import { httpProvider } from "./providers/http-provider/http-provider.ts";
import { responsesDialect } from "./providers/openai-compatible/responses/index.ts";
import {
  extendGeminiBody,
  geminiCountRoute,
  geminiDialect,
  geminiEmbeddingsDialect,
} from "./providers/gemini/index.ts";
import type { ProtocolName } from "./protocols/protocol.ts";
import type { Provider } from "./providers/provider.ts";
import type { UpstreamPool } from "./request/services.ts";

/** How earlier reasoning is sent back in chat: OpenRouter has a field of its own, most others follow DeepSeek. */
function dialectsOf(id: string) {
  return {
    responses: responsesDialect,
    "chat-completions": chatCompletionsDialectFor(id === "openrouter" ? "reasoning" : "reasoning_content"),
    embeddings: embeddingsDialect,
    messages: messagesDialect,
  } as const;
}

const bodyExtensions: { readonly [id: string]: typeof extendOpenRouterBody } = {
  openrouter: extendOpenRouterBody,
  openai: extendOpenAiBody,
  anthropic: extendAnthropicBody,
};

/** The pool of configured upstreams; without any, the sandbox serves everything. */
export function livePool(configs: readonly UpstreamConfig[], sandbox: UpstreamPool): UpstreamPool {
  if (configs.length === 0) return sandbox;
  return {
    upstreams: configs.map(routeOf),
    providers: new Map(
      configs.map((config) => [config.id, (entryOf(vendorProviders, config.id) ?? providerOf)(config)]),
    ),
  };
}

export function sandboxPool(provider: Provider): UpstreamPool {
  const upstream: Upstream = {
    provider: provider.id,
    dataPolicy: "zero_retention",
    dataPolicyPerRequest: true,
    region: "local",
    upstreamModel: (model) => model.id,
  };
  return { upstreams: [upstream], providers: new Map([[provider.id, provider]]) };
}

function providerOf(config: UpstreamConfig): Provider {
  const { id, baseUrl, bedrock } = config;
  if (bedrock !== undefined) return bedrockProvider({ id, endpoint: baseUrl, ...bedrock });
  const dialects = dialectsOf(config.id);
  const extendBody = entryOf(bodyExtensions, config.id);
  return httpProvider({
    id: config.id,
    baseUrl: config.baseUrl,
    apiKey: config.apiKey,
    speaks: config.protocols,
    dialects: config.protocols.map((protocol) => dialects[protocol]),
    ...(extendBody ? { extendBody } : {}),
    ...(config.id === "anthropic" ? anthropicOptions : {}),
    ...(config.id === "openrouter" ? { passes: passesAtOpenRouter } : {}),
  });
}

const anthropicOptions = {
  keyHeader: "x-api-key",
  countTokens: messagesCountRoute,
  defaultHeaders: { "anthropic-version": anthropicVersion },
} as const;

/** OpenRouter answers Messages for every model, but what it promises for Claude it makes up for the others; we do not. */
function passesAtOpenRouter(protocol: ProtocolName, upstreamModel: string): boolean {
  return protocol !== "messages" || upstreamModel.startsWith("anthropic/");
}

function geminiProvider({ id, baseUrl, apiKey }: UpstreamConfig): Provider {
  return httpProvider({
    id,
    baseUrl,
    apiKey,
    keyHeader: "x-goog-api-key",
    speaks: [],
    dialects: [geminiDialect, geminiEmbeddingsDialect],
    countTokens: geminiCountRoute,
    extendBody: extendGeminiBody,
  });
}

/** As OpenAI, which refuses reasoning in messages. */
function azureProvider({ id, baseUrl, apiKey, protocols, apiVersion }: UpstreamConfig): Provider {
  const dialects = { ...dialectsOf(id), "chat-completions": chatCompletionsDialect };
  return httpProvider({
    id,
    baseUrl,
    apiKey,
    keyHeader: "api-key",
    speaks: protocols,
    dialects: protocols.map((protocol) => atAzure(dialects[protocol], apiVersion)),
    extendBody: extendAzureBody,
  });
}

/** Vendors that are asked in a way of their own. */
const vendorProviders: { readonly [id: string]: (config: UpstreamConfig) => Provider } = {
  [geminiId]: geminiProvider,
  [azureOpenAiId]: azureProvider,
};

function routeOf(config: UpstreamConfig): Upstream {
  return {
    provider: config.id,
    dataPolicy: config.dataPolicy,
    dataPolicyPerRequest: config.id === "openrouter",
    region: config.region,
    upstreamModel: (model) => upstreamModel(config, model),
  };
}

/** The operator's own table decides where there is one; otherwise the names the catalogue knows. */
function upstreamModel({ id, models, bedrock }: UpstreamConfig, model: CatalogueModel): string | undefined {
  if (models) return models.get(model.id);
  const known = entryOf(model.upstreamNames, id);
  // Amazon's own embeddings are in the region itself; Claude is behind profiles.
  const profile = known?.startsWith("anthropic.") ? bedrock?.inferenceProfile : undefined;
  return profile === undefined ? known : `${profile}.${known}`;
}

/** What the start says of an upstream: its name, and of Bedrock what switched it on. */
export function upstreamLine({ id, bedrock }: UpstreamConfig): string {
  if (bedrock === undefined) return id;
  const { region, inferenceProfile, switchedOnBy } = bedrock;
  const profile = inferenceProfile === undefined ? "no inference profile" : `inference profiles ${inferenceProfile}.*`;
  return `${id} (${region}, ${profile}; named by ${switchedOnBy})`;
}
