// What the address of the model list says: words searched, filters, order, and which models are to be compared.

import { choiceAt, compact, numberAt, textAt, textsAt, type RawSearch } from "../../app/search.ts";
import type { Capability, LaneName, Modality } from "./catalogue.ts";

export const sortKeys = ["name", "input", "output", "cached", "context", "limit", "strength", "speed"] as const;
export type SortKey = (typeof sortKeys)[number];

export type ModelsSearch = {
  readonly q?: string;
  readonly capability?: readonly Capability[];
  readonly modality?: readonly Modality[];
  readonly provider?: string;
  readonly lane?: LaneName;
  readonly kind?: "generate" | "embed";
  /** Most USD per million input tokens. */
  readonly price?: string;
  /** Least tokens of context. */
  readonly context?: number;
  /** `all` shows models that nobody serves here, too. */
  readonly show?: "all";
  readonly sort?: SortKey;
  readonly order?: "up" | "down";
  /** Models chosen to be compared, by id. */
  readonly compare?: readonly string[];
};

export const mostCompared = 4;

const capabilities: readonly Capability[] = [
  "tools",
  "parallel_tools",
  "structured_outputs",
  "vision",
  "files",
  "audio",
  "reasoning",
  "long_context",
  "embeddings",
  "prompt_cache",
];
const modalities: readonly Modality[] = ["text", "image", "file", "audio", "video"];
const lanes: readonly LaneName[] = ["auto", "coding", "research", "vision", "strict-json", "cheap", "safe"];

export function readModelsSearch(raw: RawSearch): ModelsSearch {
  return compact({
    q: textAt(raw, "q"),
    capability: capabilities.filter((one) => textsAt(raw, "capability").includes(one)),
    modality: modalities.filter((one) => textsAt(raw, "modality").includes(one)),
    provider: textAt(raw, "provider"),
    lane: choiceAt(raw, "lane", lanes),
    kind: choiceAt(raw, "kind", ["generate", "embed"]),
    price: priceAt(raw, "price"),
    context: numberAt(raw, "context"),
    show: choiceAt(raw, "show", ["all"]),
    sort: choiceAt(raw, "sort", sortKeys),
    order: choiceAt(raw, "order", ["up", "down"]),
    compare: comparedAt(raw, "compare"),
  });
}

/** Each once, at most as many as fit side by side. */
export function comparedAt(raw: RawSearch, name: string): string[] {
  return [...new Set(textsAt(raw, name))].slice(0, mostCompared);
}

/** Decimal USD with at most six decimals; undefined otherwise. */
function priceAt(raw: RawSearch, name: string): string | undefined {
  const text = textAt(raw, name) ?? "";
  return /^\d{1,7}(?:\.\d{1,6})?$/.test(text) ? text : undefined;
}

/** The filters alone, as a count: how many narrow the list. */
export function filterCount(search: ModelsSearch): number {
  const single = [search.provider, search.lane, search.kind, search.price, search.context, search.show];
  return (
    single.filter((one) => one !== undefined).length + (search.capability?.length ?? 0) + (search.modality?.length ?? 0)
  );
}
