// Which models the address asks for, in its order.

import { picodollarsOf } from "../../ui/money-format.ts";
import type { CatalogueModel } from "../../api/catalogue.ts";
import type { ModelsSearch, SortKey } from "./models-search.ts";

export function findModels(models: readonly CatalogueModel[], search: ModelsSearch): CatalogueModel[] {
  const found = models.filter((model) => matches(model, search));
  const order = search.order ?? naturalOrder(search.sort);
  const sorted = found.toSorted((left, right) => compareBy(search.sort ?? "name", left, right));
  return order === "up" ? sorted : sorted.toReversed();
}

/** What a reader expects first: the cheapest, the largest. */
export function naturalOrder(sort: SortKey | undefined): "up" | "down" {
  return sort === "context" || sort === "limit" || sort === "strength" || sort === "speed" ? "down" : "up";
}

function matches(model: CatalogueModel, search: ModelsSearch): boolean {
  return (
    (search.show === "all" || model.available) &&
    hasWords(model, search.q) &&
    (search.capability ?? []).every((one) => model.capabilities.includes(one)) &&
    (search.modality ?? []).every((one) => model.modalities.includes(one)) &&
    (search.provider === undefined || model.providers.some(({ provider }) => provider === search.provider)) &&
    (search.lane === undefined || model.lanes.some(({ lane }) => lane === search.lane)) &&
    (search.kind === undefined || model.kind === search.kind) &&
    (search.context === undefined || model.context_tokens >= search.context) &&
    isWithinPrice(model, search.price)
  );
}

/** Every word somewhere in the names of the model, its vendor, or what it is good for. */
function hasWords({ id, name, aliases, vendor, use }: CatalogueModel, text = ""): boolean {
  const searched = [id, name, ...aliases, vendor, use ?? ""].join(" ").toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => searched.includes(word));
}

function isWithinPrice({ prices }: CatalogueModel, most: string | undefined): boolean {
  if (most === undefined) return true;
  const price = picodollarsOf(prices?.input_per_1m_usd ?? "");
  const limit = picodollarsOf(most);
  return price !== undefined && limit !== undefined && price <= limit;
}

/** Models without the figure come last when it rises. */
function compareBy(key: SortKey, left: CatalogueModel, right: CatalogueModel): number {
  const byName = left.name.localeCompare(right.name) || left.id.localeCompare(right.id);
  if (key === "name") return byName;
  const [a, b] = [figureOf(key, left), figureOf(key, right)];
  if (a === b) return byName;
  if (a === undefined) return 1;
  return b === undefined || a < b ? -1 : 1;
}

function figureOf(key: Exclude<SortKey, "name">, model: CatalogueModel): bigint | number | undefined {
  switch (key) {
    case "input":
      return picodollarsOf(model.prices?.input_per_1m_usd ?? "");
    case "output":
      return picodollarsOf(model.prices?.output_per_1m_usd ?? "");
    case "cached":
      return picodollarsOf(model.prices?.cached_input_per_1m_usd ?? "");
    case "context":
      return model.context_tokens;
    case "limit":
      return model.max_output_tokens ?? undefined;
    case "strength":
      return model.strength;
    case "speed":
      return model.typical_tokens_per_second;
  }
}
