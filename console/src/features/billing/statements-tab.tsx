// A month in sums, to look at and to download.

import { Download } from "lucide-react";
import { useState } from "react";
import { apiUrl } from "../../api/fetch-api.ts";
import { useItem } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { listOf } from "../../api/list.ts";
import { ButtonAnchor } from "../../ui/button.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Field } from "../../ui/field.tsx";
import { Money } from "../../ui/money.tsx";
import { KeyValue } from "../../ui/key-value.tsx";
import { Section } from "../../ui/section.tsx";
import { Select } from "../../ui/select.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import type { Statement } from "./billing.ts";

const monthsOffered = 24;

export function StatementsTab() {
  const { path } = useWorkspace();
  const [months] = useState(() => lastMonths(new Date()));
  const [month, setMonth] = useState(months[0] ?? "");
  const statement = useItem<Statement>(`${path}/billing/statements/${month}`);
  const address = `${path}/billing/statements/${month}`;
  return (
    <div className="flex flex-col gap-4 pt-2">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <Field label="Month (UTC)" className="w-48">
          <Select
            value={month}
            choices={months.map((value) => ({ value, label: monthName(value) }))}
            onValue={setMonth}
          />
        </Field>
        <div className="flex gap-2">
          <ButtonAnchor href={apiUrl(`${address}/pdf`)} download icon={<Download aria-hidden />}>
            PDF
          </ButtonAnchor>
          <ButtonAnchor href={apiUrl(`${address}/csv`)} download icon={<Download aria-hidden />}>
            CSV
          </ButtonAnchor>
        </div>
      </div>
      {statement.item !== undefined && <Sums statement={statement.item} />}
      {statement.item === undefined &&
        (statement.error === undefined ? (
          <Skeleton className="h-64" />
        ) : (
          <ErrorState error={statement.error} onRetry={statement.retry} />
        ))}
    </div>
  );
}

function Sums({ statement }: { readonly statement: Statement }) {
  const money = (usd: string) => <Money usd={usd} exact />;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Section title="Balance">
        <KeyValue
          facts={[
            { name: "At the beginning", value: money(statement.opening_balance_usd) },
            { name: "Credits", value: money(statement.credits_usd) },
            { name: "Usage", value: money(statement.debits_usd) },
            { name: "Given back for requests", value: money(statement.refunds_usd) },
            { name: "Adjustments, refunds and disputes", value: money(statement.adjustments_usd) },
            { name: "At the end, or now", value: <strong>{money(statement.closing_balance_usd)}</strong> },
          ]}
        />
      </Section>
      <Section title="Usage by model" flush>
        <DataTable
          bare
          name="statement-models"
          label="Usage by model"
          columns={modelColumns}
          list={listOf(statement.models)}
          rowId={({ model }) => model}
          empty={<EmptyState title="Nothing was used in this month" />}
        />
      </Section>
    </div>
  );
}

const modelColumns: readonly TableColumn<Statement["models"][number]>[] = [
  { id: "model", title: "Model", fixed: true, cell: ({ model }) => <span className="figures">{model}</span> },
  {
    id: "requests",
    title: "Requests",
    align: "right",
    width: "6rem",
    cell: ({ requests }) => <span className="figures">{requests.toLocaleString("en")}</span>,
  },
  {
    id: "amount",
    title: "Debited",
    align: "right",
    width: "10rem",
    cell: ({ amount_usd: usd }) => <Money usd={usd} exact />,
  },
];

/** `YYYY-MM`, this one first. */
function lastMonths(now: Date): string[] {
  return Array.from({ length: monthsOffered }, (_, index) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - index, 1)).toISOString().slice(0, 7),
  );
}

function monthName(month: string): string {
  return new Date(`${month}-01T00:00:00Z`).toLocaleDateString("en", {
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
}
