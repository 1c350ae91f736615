// Every workspace of the server: whose it is, how it stands, what it has.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import type { ShownOperatorWorkspace } from "../../../../server/contracts/control-operator.ts";
import { useList } from "../../api/list.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Id } from "../../ui/id.tsx";
import { Money } from "../../ui/money.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { SearchInput } from "../../ui/search-input.tsx";
import { Select } from "../../ui/select.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";
import { workspaceStatuses, type WorkspacesSearch } from "./routes.ts";
import { statusWords, WorkspaceStatus } from "./workspace-status.tsx";

const columns: readonly TableColumn<ShownOperatorWorkspace>[] = [
  {
    id: "name",
    title: "Name",
    fixed: true,
    width: "minmax(11rem, 1fr)",
    cell: ({ name }) => <span className="truncate font-medium">{name}</span>,
    text: ({ name }) => name,
  },
  {
    id: "status",
    title: "Status",
    width: "10rem",
    cell: ({ status }) => <WorkspaceStatus status={status} />,
    text: ({ status }) => status,
  },
  {
    id: "owners",
    title: "Owners",
    width: "14rem",
    cell: ({ owners }) => (
      <span className="truncate text-muted" title={owners.join(", ")}>
        {owners.join(", ") || "–"}
      </span>
    ),
    text: ({ owners }) => owners.join(" "),
  },
  {
    id: "members",
    title: "Members",
    align: "right",
    width: "5.5rem",
    cell: ({ member_count: count }) => <span className="figures">{count}</span>,
    text: ({ member_count: count }) => String(count),
  },
  {
    id: "balance",
    title: "Balance",
    align: "right",
    width: "8rem",
    cell: ({ balance_usd: usd }) => <Money usd={usd} />,
    text: ({ balance_usd: usd }) => usd,
  },
  {
    id: "held",
    title: "Held",
    align: "right",
    width: "8rem",
    cell: ({ held_usd: usd }) => <Money usd={usd} />,
    text: ({ held_usd: usd }) => usd,
  },
  {
    id: "created",
    title: "Made",
    width: "8rem",
    cell: ({ created_at: at }) => <Time at={at} />,
    text: ({ created_at: at }) => at,
  },
  {
    id: "id",
    title: "Id",
    hidden: true,
    width: "13rem",
    cell: ({ id }) => <Id id={id} of="workspace" />,
    text: ({ id }) => id,
  },
];

export function WorkspacesPage() {
  const { q, status } = useSearch({ from: "/signed-in/operator/workspaces" });
  const navigate = useNavigate({ from: "/operator/workspaces" });
  const change = useCallback(
    (search: WorkspacesSearch) => void navigate({ search: (before) => ({ ...before, ...search }), replace: true }),
    [navigate],
  );
  const onQuery = useCallback((next: string | undefined) => change({ q: next }), [change]);
  const list = useList<ShownOperatorWorkspace>("/api/operator/workspaces", { search: q, status });
  return (
    <>
      <PageHeader
        title="Workspaces"
        description="Every workspace of this server."
        actions={<ButtonLink to="/workspaces/new">New workspace</ButtonLink>}
      />
      <DataTable
        name="operator-workspaces"
        label="Workspaces"
        columns={columns}
        list={list}
        rowId={({ id }) => id}
        rowLink={({ id }) => ({ to: "/operator/workspaces/$id", params: { id } })}
        filters={
          <>
            <SearchInput label="Name, e-mail or id" value={q} onValue={onQuery} />
            <Select
              aria-label="Status"
              className="w-44 max-sm:flex-1"
              value={status ?? "all"}
              choices={[
                { value: "all", label: "Any status" },
                ...workspaceStatuses.map((value) => ({ value, label: statusWords[value] })),
              ]}
              onValue={(next) => change({ status: next === "all" ? undefined : next })}
            />
          </>
        }
        empty={<EmptyState title="No workspace matches" />}
      />
    </>
  );
}
