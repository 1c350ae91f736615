// The providers that this server can ask, what they promise, and how they have done lately.

import type { ShownProvider } from "../../../../server/contracts/control-operator.ts";
import { listOf, useList } from "../../api/list.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Section } from "../../ui/section.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Status } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";

type Route = ShownProvider["routes"][number];

const refreshMs = 10_000;
const policyWords: Readonly<Record<ShownProvider["data_policy"], string>> = {
  any: "no promise about data",
  no_training: "does not train on data",
  zero_retention: "keeps no data",
};

const columns: readonly TableColumn<Route>[] = [
  {
    id: "model",
    title: "Model",
    fixed: true,
    width: "minmax(14rem, 1.5fr)",
    cell: ({ model }) => <span className="figures truncate">{model}</span>,
    text: ({ model }) => model,
  },
  {
    id: "available",
    title: "State",
    width: "8rem",
    cell: ({ available }) => <Status tone={available ? "good" : "bad"}>{available ? "Open" : "Shut for now"}</Status>,
    text: ({ available }) => (available ? "open" : "shut"),
  },
  {
    id: "calls",
    title: "Calls, last hour",
    align: "right",
    width: "8.5rem",
    cell: ({ calls }) => <span className="figures">{calls}</span>,
    text: ({ calls }) => String(calls),
  },
  {
    id: "success",
    title: "Answered",
    align: "right",
    width: "7rem",
    cell: ({ success_rate: rate }) => (
      <span className="figures">{rate === null ? "–" : `${(rate * 100).toFixed(1)} %`}</span>
    ),
    text: ({ success_rate: rate }) => String(rate ?? ""),
  },
  {
    id: "first-byte",
    title: "First byte",
    align: "right",
    width: "7rem",
    cell: ({ first_byte_ms: ms }) => <span className="figures">{ms === null ? "–" : `${ms} ms`}</span>,
    text: ({ first_byte_ms: ms }) => String(ms ?? ""),
  },
  {
    id: "failure",
    title: "Last failure",
    width: "minmax(11rem, 1fr)",
    cell: ({ last_failure: failure }) =>
      failure === null ? (
        <span className="text-faint">None</span>
      ) : (
        <span>
          {failure.kind.replaceAll("_", " ")}, <Time at={failure.at} />
        </span>
      ),
    text: ({ last_failure: failure }) => (failure === null ? "" : `${failure.kind} ${failure.at}`),
  },
];

export function ProvidersPage() {
  const { items, error, retry } = useList<ShownProvider>("/api/operator/providers", {}, { refreshMs });
  return (
    <>
      <PageHeader
        title="Providers"
        description="As the process that answered has seen them since it started; each process has its own view."
      />
      {items === undefined && error !== undefined ? (
        <ErrorState error={error} onRetry={retry} />
      ) : items === undefined ? (
        <Skeleton className="h-48 w-full" />
      ) : (
        <div className="flex flex-col gap-6">
          {items.map((provider) => (
            <ProviderSection key={provider.id} provider={provider} />
          ))}
        </div>
      )}
    </>
  );
}

function ProviderSection({ provider }: { readonly provider: ShownProvider }) {
  const { id, usable, routes, model_count: models, protocols, region, data_policy: policy } = provider;
  const facts = [`${models} models`, policyWords[policy], region ?? "region not stated", protocols.join(", ")];
  return (
    <Section
      title={id}
      description={facts.filter((fact) => fact !== "").join(" · ")}
      actions={<Status tone={usable ? "good" : "bad"}>{usable ? "Usable" : "Down"}</Status>}
      flush
    >
      <DataTable
        bare
        name={`provider-${id}`}
        label={`Routes to ${id}`}
        columns={columns}
        list={listOf(routes)}
        rowId={({ model }) => model}
        empty={
          <EmptyState title="Not asked yet">
            {id === "sandbox"
              ? "The sandbox is not measured: its failures are staged."
              : "Figures come with the first request."}
          </EmptyState>
        }
      />
    </Section>
  );
}
