// The catalogue as clients see it: the bodies of GET /v1/models, GET /v1/models/{id} and GET /v1/lanes.

import type { Catalogue, CatalogueModel, LaneDefinition, Upstream } from "./catalogue.ts";
import { findModel } from "./find-model.ts";
import type { JsonObject } from "../contracts/json.ts";
import type { UnitPrices } from "../money/charge.ts";
import { formatPerMillion, type Picodollars } from "../money/picodollars.ts";

export type ModelsView = "virtual" | "raw";

/** The body of `GET /v1/models`: virtual models and those for agents by default, every concrete model for `raw`. */
export function publicModels(
  catalogue: Catalogue,
  upstreams: readonly Upstream[],
  view: ModelsView = "virtual",
): JsonObject {
  if (view === "virtual") {
    const agentModels = catalogue.models.filter(({ forAgents }) => forAgents === true).map(agentModel);
    return { object: "list", data: catalogue.lanes.map((lane) => virtualModel(lane)), agent_models: agentModels };
  }
  const idsOf = (availability: CatalogueModel["availability"]) =>
    catalogue.models.filter((model) => model.availability === availability).map((model) => model.id);
  return {
    object: "list",
    data: catalogue.models.map((model) => rawModel(model, catalogue, upstreams)),
    buckets: { defaults: idsOf("routed"), raw_only: idsOf("listed"), experimental: idsOf("preview") },
  };
}

/** The body of `GET /v1/models/{id}`, for virtual ids, concrete ids and aliases; undefined when there is none. */
export function publicModel(catalogue: Catalogue, upstreams: readonly Upstream[], id: string): JsonObject | undefined {
  const lane = catalogue.lanes.find((definition) => definition.virtualModel === id || definition.lane === id);
  if (lane) return virtualModel(lane);
  const model = findModel(catalogue, id);
  return model && rawModel(model, catalogue, upstreams);
}

/** The body of `GET /v1/lanes`. */
export function publicLanes(catalogue: Catalogue): JsonObject {
  return { object: "list", data: catalogue.lanes.map((definition) => publicLane(definition, catalogue)) };
}

function virtualModel(definition: LaneDefinition): JsonObject {
  return {
    id: definition.virtualModel,
    object: "model",
    created: 0,
    owned_by: "astrolabe",
    type: "virtual",
    lane: definition.lane,
    name: definition.name,
    description: definition.description,
    candidates: [...definition.defaultCandidates],
  };
}

/** What an agent needs to choose: the name to ask for, and what the model is for. */
function agentModel({ id, name, use, kind }: CatalogueModel): JsonObject {
  return {
    id,
    object: "model",
    created: 0,
    owned_by: "astrolabe",
    type: typeWord[kind],
    name,
    ...(use === undefined ? {} : { description: use }),
  };
}

const typeWord = { generate: "generation", embed: "embedding" } as const;
const availabilityStatus = { routed: "default", listed: "raw_only", preview: "experimental" } as const;

function rawModel(model: CatalogueModel, catalogue: Catalogue, upstreams: readonly Upstream[]): JsonObject {
  return {
    id: model.id,
    object: "model",
    created: 0,
    owned_by: model.id.includes("/") ? model.id.slice(0, model.id.indexOf("/")) : "astrolabe",
    type: typeWord[model.kind],
    key: model.aliases[0] ?? model.id,
    aliases: [...model.aliases],
    name: model.name,
    ...(model.use === undefined ? {} : { description: model.use, use: model.use }),
    tier: model.tier,
    active_default: model.availability === "routed",
    raw_only: model.availability === "listed",
    preview: model.availability === "preview",
    experimental: model.availability === "preview",
    availability_status: availabilityStatus[model.availability],
    available: model.prices !== undefined && upstreams.some((upstream) => upstream.upstreamModel(model) !== undefined),
    ...(model.prices === undefined ? {} : { pricing: publicPricing(model.prices) }),
    context_window: model.contextTokens,
    max_output_tokens: model.maxOutputTokens,
    ...(model.dimensions === undefined ? {} : { dimensions: [...model.dimensions] }),
    modalities: [...model.modalities],
    capabilities: [...model.capabilities],
    supported_parameters: [...model.supportedParameters],
    tool_ready: model.capabilities.has("tools"),
    long_context: model.capabilities.has("long_context"),
    lane_tags: lanesOf(model, catalogue),
    role_tags: [model.tier.toLowerCase()],
  };
}

function lanesOf(model: CatalogueModel, catalogue: Catalogue): string[] {
  return catalogue.lanes
    .filter((definition) =>
      [definition.defaultCandidates, definition.fallbackCandidates, definition.previewCandidates].some((ids) =>
        ids.includes(model.id),
      ),
    )
    .map((definition) => definition.lane);
}

/** Decimal USD per million tokens; a unit that is not sold is absent. */
function publicPricing(prices: UnitPrices): JsonObject {
  const named: [string, Picodollars | undefined][] = [
    ["input_per_1m_usd", prices.input_token],
    ["output_per_1m_usd", prices.output_token],
    ["cached_input_per_1m_usd", prices.cached_input_token],
    ["cache_write_per_1m_usd", prices.cache_write_token],
  ];
  return Object.fromEntries(
    named.flatMap(([name, price]) => (price === undefined ? [] : [[name, formatPerMillion(price)]])),
  );
}

function publicLane(definition: LaneDefinition, catalogue: Catalogue): JsonObject {
  const preview = definition.previewCandidates.length > 0;
  const listed = (ids: readonly string[]) => ids.map((id) => laneMember(id, catalogue));
  return {
    id: `lane_${definition.lane.replaceAll("-", "_")}`,
    object: "lane",
    lane: definition.lane,
    virtual_model: definition.virtualModel,
    name: definition.name,
    description: definition.description,
    experimental_supported: preview,
    preview_allowed: preview,
    default_candidates: listed(definition.defaultCandidates),
    fallback_candidates: listed(definition.fallbackCandidates),
    experimental_candidates: listed(definition.previewCandidates).map((member) => ({ ...member, experimental: true })),
    trigger_rules: [...definition.triggerRules],
  };
}

function laneMember(id: string, catalogue: Catalogue): JsonObject {
  const model = catalogue.find(id);
  return {
    key: model?.aliases[0] ?? id,
    id,
    name: model?.name ?? id,
    preview: model?.availability === "preview",
  };
}
