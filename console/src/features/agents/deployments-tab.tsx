// What is deployed in the workspace, and how it is.

import { serverAddress } from "../../api/base.ts";
import { useItem } from "../../api/item.ts";
import { listOf } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { CodeBlock } from "../../ui/code-block.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Id } from "../../ui/id.tsx";
import { Status } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";
import {
  deploymentsPath,
  hasFailedNewest,
  isMoving,
  statusTones,
  statusWords,
  type Deployments,
  type DeploymentSummary,
} from "./deployment.ts";

const movingMs = 2_000;
const restingMs = 15_000;

export function DeploymentsTab() {
  const { id: workspaceId } = useWorkspace();
  const query = { account: workspaceId };
  const moving = useItem<Deployments>(deploymentsPath, query).item?.deployments.some(({ status }) => isMoving(status));
  const { item, ...state } = useItem<Deployments>(deploymentsPath, query, { refreshMs: moving ? movingMs : restingMs });
  return (
    <DataTable
      name="deployments"
      label="Deployments"
      columns={columns}
      list={listOf(item?.deployments, state)}
      rowId={({ id }) => id}
      rowLink={({ id }) => ({ to: "/w/$workspaceId/agents/$deployment", params: { workspaceId, deployment: id } })}
      empty={
        <EmptyState title="No agent is deployed yet">
          <p className="mb-3">Write one, push it, deploy it:</p>
          <div className="text-left">
            <CodeBlock label="From nothing to an agent" samples={[{ language: "Terminal", code: firstLines }]} />
          </div>
        </EmptyState>
      }
    />
  );
}

const firstLines = [
  `ast login --server ${serverAddress}`,
  "ast create my-agent && cd my-agent",
  "ast push",
  "ast deploy my-agent --wait",
].join("\n");

const columns: readonly TableColumn<DeploymentSummary>[] = [
  {
    id: "name",
    title: "Name",
    fixed: true,
    width: "minmax(11rem, 1.4fr)",
    cell: ({ display_name: name }) => (
      <span className="truncate font-medium" title={name}>
        {name}
      </span>
    ),
    text: ({ display_name: name }) => name,
  },
  {
    id: "status",
    title: "Status",
    width: "13rem",
    cell: (deployment) => (
      <span className="flex gap-x-3 whitespace-nowrap">
        <Status tone={statusTones[deployment.status]}>{statusWords[deployment.status]}</Status>
        {hasFailedNewest(deployment) && <Status tone="bad">Newest failed</Status>}
      </span>
    ),
    text: (deployment) => (hasFailedNewest(deployment) ? `${deployment.status}, newest failed` : deployment.status),
  },
  {
    id: "blueprint",
    title: "Blueprint",
    width: "minmax(8rem, 1fr)",
    cell: ({ name }) => name,
    text: ({ name }) => name,
  },
  {
    id: "revision",
    title: "Revision",
    width: "8rem",
    cell: ({ revision, serving_revision: serving }) => (
      <span>
        <span className="figures">{serving ?? revision}</span>
        {serving !== null && serving !== revision && (
          <span className="text-faint">
            {" "}
            · newest <span className="figures">{revision}</span>
          </span>
        )}
      </span>
    ),
    text: ({ revision, serving_revision: serving }) => String(serving ?? revision),
  },
  {
    id: "build",
    title: "Build",
    width: "8rem",
    cell: ({ build_id: build }) => <span className="figures">{build}</span>,
    text: ({ build_id: build }) => build,
  },
  {
    id: "id",
    title: "Id",
    hidden: true,
    width: "13rem",
    cell: ({ id }) => <Id id={id} of="deployment" />,
    text: ({ id }) => id,
  },
  {
    id: "updated",
    title: "Changed",
    width: "8rem",
    cell: ({ updated_at: at }) => <Time at={at} />,
    text: ({ updated_at: at }) => at,
  },
  {
    id: "created",
    title: "Created",
    hidden: true,
    width: "8rem",
    cell: ({ created_at: at }) => <Time at={at} />,
    text: ({ created_at: at }) => at,
  },
];
