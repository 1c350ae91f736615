// Models of the catalogue as the control API shows them.

import type { z } from "zod";
import type { Catalogue, CatalogueModel, LaneDefinition, Upstream } from "../../catalogue/catalogue.ts";
import type { catalogueModelSchema, modelPricesSchema } from "../../contracts/control-catalogue.ts";
import type { UnitPrices } from "../../money/charge.ts";
import { formatPerMillion, type Picodollars } from "../../money/picodollars.ts";

type ShownModel = z.input<typeof catalogueModelSchema>;
type ShownPrices = z.input<typeof modelPricesSchema>;

export function describeModel(model: CatalogueModel, catalogue: Catalogue, upstreams: readonly Upstream[]): ShownModel {
  const providers = providersOf(model, upstreams);
  return {
    object: "catalogue_model",
    id: model.id,
    name: model.name,
    aliases: [...model.aliases],
    vendor: vendorOf(model),
    use: model.use ?? null,
    kind: model.kind,
    tier: model.tier,
    availability: model.availability,
    available: model.prices !== undefined && providers.length > 0,
    context_tokens: model.contextTokens,
    max_output_tokens: model.kind === "embed" ? null : model.maxOutputTokens,
    modalities: [...model.modalities],
    capabilities: [...model.capabilities],
    supported_parameters: [...model.supportedParameters],
    prices: model.prices === undefined ? null : describePrices(model.prices),
    providers,
    lanes: lanesOf(model, catalogue),
    fallbacks: [...model.fallbacks],
    strength: model.strength,
    typical_first_byte_ms: model.typicalFirstByteMs,
    typical_tokens_per_second: model.typicalTokensPerSecond,
  };
}

/** Null when the prices lack the one for input, without which nothing is sold. */
export function describePrices(prices: UnitPrices): ShownPrices | null {
  if (prices.input_token === undefined) return null;
  const optional = (price: Picodollars | undefined) => (price === undefined ? null : formatPerMillion(price));
  return {
    input_per_1m_usd: formatPerMillion(prices.input_token),
    output_per_1m_usd: optional(prices.output_token),
    cached_input_per_1m_usd: optional(prices.cached_input_token),
    cache_write_per_1m_usd: optional(prices.cache_write_token),
  };
}

function providersOf(model: CatalogueModel, upstreams: readonly Upstream[]): ShownModel["providers"] {
  return upstreams.flatMap((upstream) => {
    const name = upstream.upstreamModel(model);
    if (name === undefined) return [];
    const { provider, dataPolicy, dataPolicyPerRequest, region } = upstream;
    return [
      {
        provider,
        upstream_model: name,
        data_policy: dataPolicy,
        data_policy_per_request: dataPolicyPerRequest,
        region: region ?? null,
      },
    ];
  });
}

function lanesOf({ id }: CatalogueModel, catalogue: Catalogue): ShownModel["lanes"] {
  return catalogue.lanes.flatMap((definition) => {
    const role = roleIn(definition, id);
    return role === undefined ? [] : [{ lane: definition.lane, virtual_model: definition.virtualModel, role }];
  });
}

function roleIn(lane: LaneDefinition, id: string): ShownModel["lanes"][number]["role"] | undefined {
  if (lane.defaultCandidates.includes(id)) return "default";
  if (lane.fallbackCandidates.includes(id)) return "fallback";
  return lane.previewCandidates.includes(id) ? "preview" : undefined;
}

/** Of models known by their bare names: Claude and Titan. */
const bareVendors: readonly (readonly [start: string, vendor: string])[] = [
  ["claude-", "anthropic"],
  ["titan-", "amazon"],
];

function vendorOf({ id }: CatalogueModel): string {
  const slash = id.indexOf("/");
  if (slash > 0) return id.slice(0, slash);
  return bareVendors.find(([start]) => id.startsWith(start))?.[1] ?? "other";
}
