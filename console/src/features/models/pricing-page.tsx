// Prices for everybody: the calculator, then every model's prices.

import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { compact } from "../../app/search.ts";
import { Combobox } from "../../ui/combobox.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Field } from "../../ui/field.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { SearchInput } from "../../ui/search-input.tsx";
import { Section } from "../../ui/section.tsx";
import { listOf } from "../../api/list.ts";
import { useCatalogue, type CatalogueModel } from "../../api/catalogue.ts";
import { CostCalculator } from "./cost-calculator.tsx";
import { findModels, naturalOrder } from "./find-models.ts";
import { useCatalogueHome } from "./home.ts";
import { idColumn, nameColumn, priceColumns, writePriceColumn } from "./model-columns.tsx";
import { sortKeys, type ModelsSearch } from "./models-search.ts";

const columns = [nameColumn, ...priceColumns, writePriceColumn, { ...idColumn, width: "minmax(15.5rem, 1fr)" }];

export function PricingPage() {
  const home = useCatalogueHome();
  const search: ModelsSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const setSearch = (next: ModelsSearch): void => void navigate({ to: ".", search: compact(next), replace: true });
  const { item: catalogue, error, retry } = useCatalogue();
  const { q, sort, order } = search;
  const found = useMemo(
    () =>
      catalogue && findModels(catalogue.data, { q, sort, order, show: "all" }).filter(({ prices }) => prices !== null),
    [catalogue, q, sort, order],
  );
  return (
    <div className="mx-auto flex max-w-[72rem] flex-col gap-6 [&>header]:mb-0">
      <PageHeader
        title="Prices"
        trail={<Link {...home.list()}>Models</Link>}
        description="USD per million tokens. A request is debited exactly what it used, to the picodollar; before it runs, its worst case is held."
      />
      {catalogue && <Calculator models={catalogue.data.filter(({ prices }) => prices !== null)} />}
      <DataTable
        name="prices"
        label="Prices"
        columns={columns}
        list={listOf(found, { error, retry })}
        rowId={({ id }) => id}
        rowLink={({ id }) => home.model(id)}
        sort={{ by: sort ?? "name", descending: (order ?? naturalOrder(sort)) === "down" }}
        onSort={({ by, descending }) => {
          const next = sortKeys.find((key) => key === by);
          setSearch({ ...search, sort: next, order: next === sort ? (descending ? "down" : "up") : undefined });
        }}
        filters={<SearchInput label="Search models" value={q} onValue={(next) => setSearch({ ...search, q: next })} />}
      />
    </div>
  );
}

function Calculator({ models }: { readonly models: readonly CatalogueModel[] }) {
  const [id, setId] = useState(models[0]?.id);
  const chosen = models.find((model) => model.id === id);
  return (
    <Section title="What would it cost?">
      <div className="flex flex-col gap-4">
        <Field label="Model" className="max-w-md">
          <Combobox
            value={id}
            placeholder="Find a model"
            choices={models.map((model) => ({ value: model.id, label: model.name, detail: model.vendor }))}
            onValue={setId}
          />
        </Field>
        {chosen && <CostCalculator models={[chosen]} />}
      </div>
    </Section>
  );
}
