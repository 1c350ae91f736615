// The ledger: every entry with its exact amount and the balance after it, filtered in the address, exported as filtered.

import { Download } from "lucide-react";
import { useMemo } from "react";
import { apiUrl } from "../../api/fetch-api.ts";
import { useItem } from "../../api/item.ts";
import { useList } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button, ButtonAnchor } from "../../ui/button.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Money } from "../../ui/money.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import type { LedgerEntry, LedgerTotals } from "./billing.ts";
import { ledgerColumns } from "./ledger-columns.tsx";
import { LedgerFilters } from "./ledger-filters.tsx";
import { ledgerQuery } from "./ledger-query.ts";
import type { BillingSearch } from "./routes.ts";

export type LedgerTabProps = {
  readonly search: BillingSearch;
  readonly onChange: (changes: BillingSearch) => void;
};

const noFilter: BillingSearch = {
  kind: undefined,
  key: undefined,
  request: undefined,
  memo: undefined,
  from: undefined,
  to: undefined,
};

export function LedgerTab({ search, onChange }: LedgerTabProps) {
  const { path, id } = useWorkspace();
  const query = ledgerQuery(search);
  const entries = useList<LedgerEntry>(`${path}/ledger-entries`, query);
  const columns = useMemo(() => ledgerColumns(path, id), [path, id]);
  const isFiltered = Object.keys(query).length > 0;
  return (
    <div className="flex flex-col gap-4 pt-2">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <Totals query={query} />
        <div className="flex gap-2">
          {(["csv", "jsonl"] as const).map((format) => (
            <ButtonAnchor
              key={format}
              href={apiUrl(`${path}/ledger-entries.${format}`, query)}
              download
              icon={<Download aria-hidden />}
            >
              {format === "csv" ? "Export CSV" : "Export JSON lines"}
            </ButtonAnchor>
          ))}
        </div>
      </div>
      <DataTable
        name="ledger"
        label="Ledger entries"
        columns={columns}
        list={entries}
        rowId={({ id: entryId }) => entryId}
        filters={<LedgerFilters search={search} onChange={onChange} />}
        empty={
          isFiltered ? (
            <EmptyState
              title="No entry matches"
              action={<Button onClick={() => onChange(noFilter)}>Show all entries</Button>}
            />
          ) : (
            <EmptyState title="No entries yet">
              Credits and what requests cost will stand here, to the last digit.
            </EmptyState>
          )
        }
      />
    </div>
  );
}

/** What the entries of the filter come to. */
function Totals({ query }: { readonly query: ReturnType<typeof ledgerQuery> }) {
  const { path } = useWorkspace();
  const { item, error } = useItem<LedgerTotals>(`${path}/ledger-entries/totals`, query);
  if (error !== undefined) return <p className="text-sm text-faint">The sums could not be read.</p>;
  if (item === undefined) return <Skeleton className="h-10 w-64" />;
  return (
    <dl aria-label="Totals" className="flex flex-wrap gap-x-6 gap-y-2">
      <Total
        name={item.entries === 1 ? "1 entry" : `${item.entries.toLocaleString("en")} entries`}
        usd={item.net_usd}
      />
      {item.kinds.length > 1 &&
        item.kinds.map(({ kind, amount_usd: usd }) => <Total key={kind} name={kindNames[kind]} usd={usd} />)}
    </dl>
  );
}

const kindNames: Readonly<Record<LedgerEntry["kind"], string>> = {
  credit: "Credits",
  debit: "Debits",
  refund: "Refunds",
  adjustment: "Adjustments",
};

function Total({ name, usd }: { readonly name: string; readonly usd: string }) {
  return (
    <div>
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="font-medium">
        <Money usd={usd} exact />
      </dd>
    </div>
  );
}
