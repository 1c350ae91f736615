// What an agent's calls to the gateway were and cost, by revision, with the way to each of them.

import { Link } from "@tanstack/react-router";
import { useItem } from "../../api/item.ts";
import { listOf } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Figure } from "../../ui/key-value.tsx";
import { Money } from "../../ui/money.tsx";
import { Card, Section } from "../../ui/section.tsx";
import { PageSkeleton } from "../../ui/skeleton.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { deploymentPath, type Deployment, type DeploymentUsage } from "./deployment.ts";

const refreshMs = 10_000;

export function UsageTab({ deployment }: { readonly deployment: Deployment }) {
  const { item, error, retry } = useItem<DeploymentUsage>(`${deploymentPath(deployment.id)}/usage`, {}, { refreshMs });
  if (!deployment.uses_gateway) {
    return (
      <EmptyState title="This agent has no gateway key">
        Declare a model with <code className="text-sm">provider: gateway</code> in astropods.yml, push and redeploy.
      </EmptyState>
    );
  }
  if (item === undefined) return error ? <ErrorState error={error} onRetry={retry} /> : <PageSkeleton />;
  return (
    <div className="flex flex-col gap-4">
      <Card className="grid grid-cols-2 gap-4 md:grid-cols-4">
        <Figure name="Cost, 30 days" value={<Money usd={item.cost_usd} />} note="debited" />
        <Figure name="Requests" value={item.requests.toLocaleString("en")} note={`${item.failed} failed`} />
        <Figure name="Input tokens" value={item.input_tokens.toLocaleString("en")} />
        <Figure name="Output tokens" value={item.output_tokens.toLocaleString("en")} />
      </Card>
      <Section title="By revision" actions={<Ways deployment={deployment.id} />} flush>
        <DataTable
          name="revision-usage"
          label="Usage by revision"
          columns={columns}
          list={listOf(item.by_revision)}
          rowId={({ revision }) => String(revision)}
          empty={<EmptyState title="No calls yet">They are counted here within seconds.</EmptyState>}
          bare
        />
      </Section>
    </div>
  );
}

function Ways({ deployment }: { readonly deployment: string }) {
  const { id: workspaceId } = useWorkspace();
  const params = { workspaceId };
  return (
    <p className="flex gap-4 text-sm text-brass">
      <Link to="/w/$workspaceId/traces" params={params} search={{ deployment }} className="hover:underline">
        Every request as a trace
      </Link>
      <Link to="/w/$workspaceId/usage" params={params} search={{ deployment }} className="hover:underline">
        Usage over time
      </Link>
    </p>
  );
}

const columns: readonly TableColumn<DeploymentUsage["by_revision"][number]>[] = [
  {
    id: "revision",
    title: "Revision",
    fixed: true,
    width: "minmax(5rem, 1fr)",
    cell: ({ revision }) => <span className="figures">{revision}</span>,
    text: ({ revision }) => String(revision),
  },
  {
    id: "requests",
    title: "Requests",
    align: "right",
    width: "minmax(5rem, 1fr)",
    cell: ({ requests }) => <span className="figures">{requests.toLocaleString("en")}</span>,
    text: ({ requests }) => String(requests),
  },
  {
    id: "cost",
    title: "Cost",
    align: "right",
    width: "minmax(7rem, 1fr)",
    cell: ({ cost_usd: usd }) => <Money usd={usd} exact />,
    text: ({ cost_usd: usd }) => usd,
  },
];
