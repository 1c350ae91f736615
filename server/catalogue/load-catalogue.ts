// Builds the catalogue out of its data files once at start: expanded, checked, indexed and frozen. Data that
// contradicts itself stops the start instead of surfacing as a wrong charge later.

import type { Catalogue, CatalogueModel, LaneDefinition } from "./catalogue.ts";
import { lanes as shippedLanes } from "./data/lanes.ts";
import { expandRow } from "./data/model-row.ts";
import { embeddingModels, gatewayModels } from "./data/models-gateway.ts";
import { listedModels } from "./data/models-listed.ts";
import { previewModels } from "./data/models-preview.ts";
import { routedModels } from "./data/models-routed.ts";
import { prices as shippedPrices, priceVersion, type PriceRow } from "./data/prices.ts";
import { lanes as laneNames, type Lane } from "../contracts/policy.ts";
import { pricePerUnit, type Picodollars } from "../money/picodollars.ts";
import type { UnitPrices } from "../money/charge.ts";

const catalogueVersion = "2026-11-22";

/** What a catalogue is built from; the shipped data by default. */
export type CatalogueSource = {
  readonly version: string;
  readonly priceVersion: string;
  readonly models: readonly Omit<CatalogueModel, "prices">[];
  readonly prices: { readonly [modelId: string]: PriceRow };
  readonly lanes: readonly LaneDefinition[];
};

export const shippedSource: CatalogueSource = {
  version: catalogueVersion,
  priceVersion,
  models: [
    ...routedModels.map((row) => expandRow(row, "routed")),
    ...listedModels.map((row) => expandRow(row, "listed")),
    ...previewModels.map((row) => expandRow(row, "preview")),
    ...gatewayModels.map((row) => expandRow(row, "listed")),
    ...embeddingModels,
  ],
  prices: shippedPrices,
  lanes: shippedLanes,
};

/**
 * The frozen catalogue. A model without a price row stays, unpriced, and is never served.
 * @throws Error when two models share a name, a price is malformed or names no model, a lane or fallback names none, or a lane is missing.
 */
export function loadCatalogue(source: CatalogueSource = shippedSource): Catalogue {
  const models = source.models.map((model) =>
    Object.freeze({ ...model, prices: unitPrices(model, source.prices[model.id]) }),
  );
  const byName = indexByName(models);
  const known = new Set(models.map((model) => model.id));
  for (const id of Object.keys(source.prices)) requireKnown(known, id, "the price list");
  for (const model of models) {
    for (const id of model.fallbacks) requireKnown(known, id, `the fallback list of ${model.id}`);
  }
  const byLane = indexByLane(source.lanes, known);
  return Object.freeze({
    version: source.version,
    priceVersion: source.priceVersion,
    models: Object.freeze(models),
    lanes: Object.freeze([...byLane.values()]),
    find: (id: string) => byName.get(id),
    lane: (lane: Lane) => laneOrThrow(byLane, lane),
  });
}

/** Generating models sell input and output, embedding models input only; cache units are optional and need the input. */
function unitPrices(model: Omit<CatalogueModel, "prices">, row: PriceRow | undefined): UnitPrices | undefined {
  if (row === undefined) return undefined;
  if (model.kind === "generate" && row.output === undefined) throw new Error(`${model.id} has no output price`);
  if (model.kind === "embed" && row.output !== undefined) throw new Error(`${model.id} embeds and has an output price`);
  const price = (text: string): Picodollars => {
    const perUnit = pricePerUnit(text);
    if (perUnit === undefined) throw new Error(`${model.id} has the malformed price ${text}`);
    return perUnit;
  };
  return Object.freeze({
    input_token: price(row.input),
    ...(row.output === undefined ? {} : { output_token: price(row.output) }),
    ...(row.cachedInput === undefined ? {} : { cached_input_token: price(row.cachedInput) }),
    ...(row.cacheWrite === undefined ? {} : { cache_write_token: price(row.cacheWrite) }),
  });
}

function indexByName(models: readonly CatalogueModel[]): ReadonlyMap<string, CatalogueModel> {
  const byName = new Map<string, CatalogueModel>();
  for (const model of models) {
    for (const name of [model.id, ...model.aliases]) {
      const holder = byName.get(name);
      if (holder) throw new Error(`${holder.id} and ${model.id} are both called ${name}`);
      byName.set(name, model);
    }
  }
  return byName;
}

function indexByLane(lanes: readonly LaneDefinition[], known: ReadonlySet<string>): ReadonlyMap<Lane, LaneDefinition> {
  const byLane = new Map<Lane, LaneDefinition>();
  for (const definition of lanes) {
    if (byLane.has(definition.lane)) throw new Error(`lane ${definition.lane} is defined twice`);
    const named = [...definition.defaultCandidates, ...definition.fallbackCandidates, ...definition.previewCandidates];
    for (const id of named) requireKnown(known, id, `lane ${definition.lane}`);
    byLane.set(definition.lane, Object.freeze(definition));
  }
  for (const lane of laneNames) if (!byLane.has(lane)) throw new Error(`lane ${lane} has no definition`);
  return byLane;
}

function requireKnown(known: ReadonlySet<string>, id: string, where: string): void {
  if (!known.has(id)) throw new Error(`${where} names ${id}, which is not a model of the catalogue`);
}

function laneOrThrow(byLane: ReadonlyMap<Lane, LaneDefinition>, lane: Lane): LaneDefinition {
  const definition = byLane.get(lane);
  if (!definition) throw new Error(`lane ${lane} is not in the catalogue`);
  return definition;
}
