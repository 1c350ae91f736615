// The columns of the list of models.

import { Status } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { CapabilityBadges } from "./capability-badges.tsx";
import type { CatalogueModel } from "../../api/catalogue.ts";
import { capabilityNames, tokensInWords, type ModelPrices } from "./catalogue.ts";
import { Price } from "./price-cells.tsx";
import type { SortKey } from "./models-search.ts";

const price = (id: string, title: string, field: keyof ModelPrices, sort?: SortKey): TableColumn<CatalogueModel> => ({
  id,
  title,
  width: "7.25rem",
  align: "right",
  cell: ({ prices }) => <Price usd={prices?.[field]} />,
  text: ({ prices }) => prices?.[field] ?? "",
  ...(sort && { sort }),
});

export const priceColumns: readonly TableColumn<CatalogueModel>[] = [
  price("input", "Input / 1M", "input_per_1m_usd", "input"),
  price("output", "Output / 1M", "output_per_1m_usd", "output"),
  price("cached", "Cached / 1M", "cached_input_per_1m_usd", "cached"),
];

export const writePriceColumn: TableColumn<CatalogueModel> = {
  ...price("written", "Cache write / 1M", "cache_write_per_1m_usd"),
  width: "8.5rem",
};

export const nameColumn: TableColumn<CatalogueModel> = {
  id: "name",
  title: "Model",
  width: "11.5rem",
  fixed: true,
  sort: "name",
  cell: ({ name }) => <span title={name}>{name}</span>,
  text: ({ name }) => name,
};

export const idColumn: TableColumn<CatalogueModel> = {
  id: "id",
  title: "Id",
  width: "15.5rem",
  cell: ({ id }) => <span className="figures text-muted">{id}</span>,
  text: ({ id }) => id,
};

export const contextColumn: TableColumn<CatalogueModel> = {
  id: "context",
  title: "Context",
  width: "6.25rem",
  align: "right",
  sort: "context",
  cell: ({ context_tokens }) => <span className="figures">{tokensInWords(context_tokens)}</span>,
  text: ({ context_tokens }) => String(context_tokens),
};

/** Figures beyond prices; the last ones until they are asked for hidden. */
export const factColumns: readonly TableColumn<CatalogueModel>[] = [
  {
    id: "limit",
    title: "Most output",
    width: "7rem",
    align: "right",
    sort: "limit",
    hidden: true,
    cell: ({ max_output_tokens: most }) => <span className="figures">{most === null ? "–" : tokensInWords(most)}</span>,
    text: ({ max_output_tokens: most }) => String(most ?? ""),
  },
  {
    id: "strength",
    title: "Strength",
    width: "6rem",
    align: "right",
    sort: "strength",
    hidden: true,
    cell: ({ strength, kind }) => <span className="figures">{kind === "embed" ? "–" : strength}</span>,
    text: ({ strength, kind }) => (kind === "embed" ? "" : String(strength)),
  },
  {
    id: "speed",
    title: "Tokens / s",
    width: "6.5rem",
    align: "right",
    sort: "speed",
    hidden: true,
    cell: (model) => <span className="figures">{model.typical_tokens_per_second}</span>,
    text: (model) => String(model.typical_tokens_per_second),
  },
  {
    id: "capabilities",
    title: "Can do",
    width: "minmax(11rem, 1fr)",
    cell: (model) => <CapabilityBadges model={model} most={2} />,
    text: ({ capabilities }) => capabilities.map((one) => capabilityNames[one]).join(", "),
  },
  {
    id: "lanes",
    title: "Lanes",
    width: "minmax(10rem, 1fr)",
    hidden: true,
    cell: ({ lanes }) => lanes.map(({ lane }) => lane).join(", "),
    text: ({ lanes }) => lanes.map(({ lane }) => lane).join(", "),
  },
  {
    id: "providers",
    title: "Served by",
    width: "minmax(8rem, 1fr)",
    hidden: true,
    cell: ({ providers }) =>
      providers.length === 0 ? (
        <Status tone="plain">Nobody</Status>
      ) : (
        providers.map(({ provider }) => provider).join(", ")
      ),
    text: ({ providers }) => providers.map(({ provider }) => provider).join(", "),
  },
];
