// The blueprints that were pushed to the workspace.

import { useItem } from "../../api/item.ts";
import { listOf } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Badge } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";
import { blueprintsPath, type Blueprint, type Blueprints } from "./blueprint.ts";

export function BlueprintsTab() {
  const { id: workspaceId } = useWorkspace();
  const { item, ...state } = useItem<Blueprints>(blueprintsPath(workspaceId));
  return (
    <DataTable
      name="blueprints"
      label="Blueprints"
      columns={columns}
      list={listOf(item?.agents, state)}
      rowId={({ name }) => name}
      rowLink={({ name }) => ({
        to: "/w/$workspaceId/agents/blueprints/$blueprint",
        params: { workspaceId, blueprint: name },
      })}
      empty={
        <EmptyState title="No blueprint yet">
          <code className="text-sm">ast push</code> in a folder with an astropods.yml makes one.
        </EmptyState>
      }
    />
  );
}

const columns: readonly TableColumn<Blueprint>[] = [
  {
    id: "name",
    title: "Name",
    fixed: true,
    width: "minmax(11rem, 1.4fr)",
    cell: ({ name, visibility }) => (
      <span className="flex items-center gap-2">
        <span className="truncate font-medium">{name}</span>
        {visibility === "public" && <Badge tone="brass">Public</Badge>}
      </span>
    ),
    text: ({ name }) => name,
  },
  {
    id: "build",
    title: "Newest build",
    width: "9rem",
    cell: ({ versions }) => <span className="figures">{versions[0]?.build_id ?? "–"}</span>,
    text: ({ versions }) => versions[0]?.build_id ?? "",
  },
  {
    id: "pushed",
    title: "Pushed",
    width: "8rem",
    cell: ({ versions }) => <Time at={versions[0]?.published_at} never="Never" />,
    text: ({ versions }) => versions[0]?.published_at ?? "",
  },
  {
    id: "deployments",
    title: "Deployments",
    align: "right",
    width: "8rem",
    cell: ({ metrics }) => <span className="figures">{metrics.deploy_count}</span>,
    text: ({ metrics }) => String(metrics.deploy_count),
  },
];
