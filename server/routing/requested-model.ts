// What the `model` field means: a virtual model's lane, or one concrete model.

import type { Catalogue } from "../catalogue/catalogue.ts";
import { findModel } from "../catalogue/find-model.ts";
import type { RequestedModel } from "./plan.ts";

const virtualPrefix = "astrolabe/";

/** Virtual ids with or without `astrolabe/`, and whatever names a concrete model; case-sensitive, undefined when unknown. */
export function resolveRequestedModel(id: string, catalogue: Catalogue): RequestedModel | undefined {
  const short = id.startsWith(virtualPrefix) ? id.slice(virtualPrefix.length) : id;
  const definition = catalogue.lanes.find(({ lane }) => lane === short);
  if (definition) return { kind: "virtual", lane: definition.lane };
  const model = findModel(catalogue, id);
  return model && { kind: "pinned", model };
}
