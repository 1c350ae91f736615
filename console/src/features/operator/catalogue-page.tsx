// Which catalogue and which prices count, and every price list that debits were computed with.

import type { ShownCatalogueVersions } from "../../../../server/contracts/control-operator.ts";
import { useItem } from "../../api/item.ts";
import { listOf } from "../../api/list.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Figure } from "../../ui/key-value.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Card, Section } from "../../ui/section.tsx";
import { PageSkeleton } from "../../ui/skeleton.tsx";
import { Badge } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";

type PriceList = ShownCatalogueVersions["price_lists"][number];

const columnsFor = (current: string): readonly TableColumn<PriceList>[] => [
  {
    id: "version",
    title: "Version",
    fixed: true,
    width: "minmax(12rem, 1fr)",
    cell: ({ version }) => (
      <span className="flex items-center gap-2">
        <span className="figures">{version}</span>
        {version === current && <Badge tone="good">Now</Badge>}
      </span>
    ),
    text: ({ version }) => version,
  },
  {
    id: "models",
    title: "Priced models",
    align: "right",
    width: "9rem",
    cell: ({ model_count: count }) => <span className="figures">{count}</span>,
    text: ({ model_count: count }) => String(count),
  },
  {
    id: "recorded",
    title: "Recorded",
    width: "16rem",
    cell: ({ recorded_at: at }) => <Time at={at} exact />,
    text: ({ recorded_at: at }) => at,
  },
];

export function CataloguePage() {
  const { item, error, retry } = useItem<ShownCatalogueVersions>("/api/operator/catalogue");
  if (item === undefined && error !== undefined) return <ErrorState error={error} onRetry={retry} />;
  if (item === undefined) return <PageSkeleton />;
  return (
    <>
      <PageHeader title="Catalogue versions" description="What models and prices requests are planned and billed by." />
      <div className="flex flex-col gap-6">
        <Card>
          <div className="grid grid-cols-2 gap-4 sm:grid-cols-3">
            <Figure name="Models and lanes" value={item.version} />
            <Figure name="Prices" value={item.price_version} />
            <Figure name="Models" value={item.model_count} />
          </div>
        </Card>
        <Section title="Price lists" description="Kept for ever, so that every debit can be recomputed." flush>
          <DataTable
            bare
            name="price-lists"
            label="Price lists"
            columns={columnsFor(item.price_version)}
            list={listOf(item.price_lists)}
            rowId={({ version }) => version}
          />
        </Section>
      </div>
    </>
  );
}
