// The catalogue as Anthropic's clients read it: `GET /v1/models` with their header, or below `/anthropic`.

import type { Catalogue, CatalogueModel, Upstream } from "./catalogue.ts";
import { findModel } from "./find-model.ts";
import type { JsonObject } from "../contracts/json.ts";

/** What the API writes for a day of release that nobody knows. */
const unknownRelease = "1970-01-01T00:00:00Z";

/** Every model that can be asked for now, in one page: what some upstream serves, and the virtual ones. */
export function anthropicModels(catalogue: Catalogue, upstreams: readonly Upstream[]): JsonObject {
  const served = catalogue.models.filter((model) => isServed(model, upstreams));
  const virtual = catalogue.lanes.map(({ virtualModel, name }) => modelInfo(virtualModel, name));
  const data = [...served.map(({ id, name }) => modelInfo(id, name)), ...virtual];
  return { data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
}

/** By every name that a request may use; undefined when there is none. */
export function anthropicModel(catalogue: Catalogue, id: string): JsonObject | undefined {
  const lane = catalogue.lanes.find((definition) => definition.virtualModel === id);
  if (lane) return modelInfo(lane.virtualModel, lane.name);
  const model = findModel(catalogue, id);
  return model && modelInfo(model.id, model.name);
}

function isServed(model: CatalogueModel, upstreams: readonly Upstream[]): boolean {
  if (model.kind !== "generate" || model.prices === undefined) return false;
  return upstreams.some((upstream) => upstream.upstreamModel(model) !== undefined);
}

function modelInfo(id: string, name: string): JsonObject {
  return { type: "model", id, display_name: name, created_at: unknownRelease };
}
