// What the `model` field means: a virtual model's lane, or one concrete model.

import type { Catalogue } from "../catalogue/catalogue.ts";
import type { RequestedModel } from "./plan.ts";

const virtualPrefix = "astrolabe/";

/** Virtual ids with or without `astrolabe/`, concrete ids and aliases, case-sensitive; undefined when unknown. */
export function resolveRequestedModel(id: string, catalogue: Catalogue): RequestedModel | undefined {
  const short = id.startsWith(virtualPrefix) ? id.slice(virtualPrefix.length) : id;
  const definition = catalogue.lanes.find(({ lane }) => lane === short);
  if (definition) return { kind: "virtual", lane: definition.lane };
  const model = catalogue.find(id);
  return model && { kind: "pinned", model };
}
