// A model's prices in every price list that the server has run with.

import { listOf } from "../../api/list.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Badge } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";
import type { ModelDetail, ModelPrices } from "./catalogue.ts";
import { Price } from "./price-cells.tsx";

type PriceEntry = ModelDetail["price_history"][number] & { readonly current: boolean };

const price = (id: string, title: string, field: keyof ModelPrices): TableColumn<PriceEntry> => ({
  id,
  title,
  width: "8rem",
  align: "right",
  cell: ({ prices }) => <Price usd={prices?.[field]} />,
  text: ({ prices }) => prices?.[field] ?? "",
});

const columns: readonly TableColumn<PriceEntry>[] = [
  {
    id: "version",
    title: "Price list",
    width: "minmax(10rem, 1fr)",
    cell: ({ price_version, current }) => (
      <span className="inline-flex items-center gap-2">
        <span className="figures">{price_version}</span>
        {current && <Badge tone="brass">in force</Badge>}
      </span>
    ),
  },
  {
    id: "since",
    title: "First used here",
    width: "minmax(10rem, 1fr)",
    cell: ({ recorded_at }) => <Time at={recorded_at} />,
  },
  price("input", "Input / 1M", "input_per_1m_usd"),
  price("output", "Output / 1M", "output_per_1m_usd"),
  price("cached", "Cached / 1M", "cached_input_per_1m_usd"),
  price("written", "Cache write / 1M", "cache_write_per_1m_usd"),
];

export function PriceHistory({ model }: { readonly model: ModelDetail }) {
  const entries = model.price_history.map((entry) => ({
    ...entry,
    current: entry.price_version === model.price_version,
  }));
  return (
    <DataTable
      name="price-history"
      label="Price history"
      columns={columns}
      list={listOf(entries)}
      rowId={({ price_version }) => price_version}
      bare
    />
  );
}
