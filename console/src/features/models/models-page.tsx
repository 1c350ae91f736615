// The models: found by words and filters that live in the address, sorted, chosen to be compared.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { compact } from "../../app/search.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import type { SortOrder, TableColumn } from "../../ui/table-column.ts";
import { listOf } from "../../api/list.ts";
import { useCatalogue, type CatalogueModel } from "../../api/catalogue.ts";
import { CompareBar } from "./compare-bar.tsx";
import { findModels, naturalOrder } from "./find-models.ts";
import { useCatalogueHome } from "./home.ts";
import { contextColumn, factColumns, idColumn, nameColumn, priceColumns } from "./model-columns.tsx";
import { ModelFilters } from "./model-filters.tsx";
import { mostCompared, sortKeys, type ModelsSearch } from "./models-search.ts";

export function ModelsPage() {
  const home = useCatalogueHome();
  const { search, setSearch } = useModelsSearch();
  const { item: catalogue, error, retry } = useCatalogue();
  const found = useMemo(() => catalogue && findModels(catalogue.data, search), [catalogue, search]);
  const columns = useColumns(search, setSearch);
  return (
    <div className="mx-auto max-w-[84rem]">
      <PageHeader
        title="Models"
        description={<Summary total={catalogue?.data.length} version={catalogue?.price_version} />}
        actions={
          home.workspaceId === undefined && (
            <ButtonLink to="/pricing" search={{}}>
              See prices
            </ButtonLink>
          )
        }
      />
      {catalogue?.mode === "sandbox" && (
        <div className="mb-4">
          <Notice>
            No provider is configured: the sandbox answers in the place of every model, at the same prices.
          </Notice>
        </div>
      )}
      {catalogue && <ModelFilters catalogue={catalogue} search={search} onSearch={setSearch} />}
      <DataTable
        name="models"
        label="Models"
        columns={columns}
        list={listOf(found, { error, retry })}
        rowId={({ id }) => id}
        rowLink={({ id }) => home.model(id)}
        sort={sortOrderOf(search)}
        onSort={({ by, descending }) => {
          const sort = sortKeys.find((key) => key === by);
          // The first press of a column shows what readers look for first.
          const first = sort !== search.sort;
          setSearch({ ...search, sort, order: first ? undefined : descending ? "down" : "up" });
        }}
        isMarked={({ id }) => search.compare?.includes(id) ?? false}
        filters={<span className="text-sm text-muted">{found && countInWords(found.length)}</span>}
        empty={
          <EmptyState title="No model matches">
            Take a filter away, or show models that nobody serves here under “All models”.
          </EmptyState>
        }
      />
      <CompareBar chosen={search.compare ?? []} onChosen={(compare) => setSearch({ ...search, compare })} />
    </div>
  );
}

function countInWords(count: number): string {
  return count === 1 ? "1 model" : `${count} models`;
}

function Summary({ total, version }: { readonly total: number | undefined; readonly version: string | undefined }) {
  if (total === undefined) return <>Prices are per million tokens.</>;
  return (
    <>
      {total} models. Prices are per million tokens, from the price list of <span className="figures">{version}</span>.
    </>
  );
}

function useModelsSearch(): { search: ModelsSearch; setSearch: (search: ModelsSearch) => void } {
  const search: ModelsSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const setSearch = useCallback(
    (next: ModelsSearch) => void navigate({ to: ".", search: compact(next), replace: true }),
    [navigate],
  );
  return { search, setSearch };
}

function sortOrderOf({ sort = "name", order }: ModelsSearch): SortOrder {
  return { by: sort, descending: (order ?? naturalOrder(sort)) === "down" };
}

function useColumns(
  search: ModelsSearch,
  setSearch: (search: ModelsSearch) => void,
): readonly TableColumn<CatalogueModel>[] {
  return useMemo(() => {
    const chosen = search.compare ?? [];
    const choose: TableColumn<CatalogueModel> = {
      id: "choose",
      title: "Compare",
      width: "5.5rem",
      fixed: true,
      cell: ({ id, name }) => (
        <input
          type="checkbox"
          className="relative size-4 align-middle accent-brass-strong"
          aria-label={`Compare ${name}`}
          checked={chosen.includes(id)}
          disabled={!chosen.includes(id) && chosen.length >= mostCompared}
          onChange={({ target }) =>
            setSearch({ ...search, compare: target.checked ? [...chosen, id] : chosen.filter((one) => one !== id) })
          }
        />
      ),
    };
    return [nameColumn, ...priceColumns, contextColumn, choose, idColumn, ...factColumns];
  }, [search, setSearch]);
}
