// Those who ask for access, and the decision.

import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { ShownAccessRequest } from "../../../../server/contracts/control-members.ts";
import { useList } from "../../api/list.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Select } from "../../ui/select.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";
import { RequestStatus } from "./access-request-facts.tsx";
import { DecideDialog } from "./decide-dialog.tsx";

export function AccessRequestsPage() {
  const { status = "pending" } = useSearch({ from: "/signed-in/operator/access-requests" });
  const navigate = useNavigate({ from: "/operator/access-requests" });
  const list = useList<ShownAccessRequest>("/api/operator/access-requests", {
    status: status === "all" ? undefined : status,
  });
  const [shown, setShown] = useState<ShownAccessRequest>();
  const columns = useMemo(() => requestColumns(setShown), []);
  return (
    <>
      <PageHeader
        title="Access requests"
        description={
          <>
            New workspaces wait here where access review is on. Turn it on or off in the{" "}
            <Link to="/operator/settings" className="underline hover:text-ink">
              instance settings
            </Link>
            .
          </>
        }
      />
      <DataTable
        name="access-requests"
        label="Access requests"
        columns={columns}
        list={list}
        rowId={({ id }) => id}
        filters={
          <Select
            aria-label="Status"
            className="w-40"
            value={status}
            choices={[
              { value: "pending", label: "Pending" },
              { value: "approved", label: "Approved" },
              { value: "declined", label: "Declined" },
              { value: "all", label: "All" },
            ]}
            onValue={(next) => void navigate({ search: { status: next }, replace: true })}
          />
        }
        empty={<EmptyState title={status === "pending" ? "Nobody waits" : "No request matches"} />}
      />
      {shown !== undefined && <DecideDialog request={shown} onClose={() => setShown(undefined)} />}
    </>
  );
}

function requestColumns(onShow: (request: ShownAccessRequest) => void): readonly TableColumn<ShownAccessRequest>[] {
  return [
    {
      id: "name",
      title: "Who",
      fixed: true,
      width: "17rem",
      cell: ({ name, email }) => (
        <span className="truncate" title={email}>
          <span className="font-medium">{name}</span> <span className="text-muted">{email}</span>
        </span>
      ),
      text: ({ name, email }) => `${name} <${email}>`,
    },
    {
      id: "company",
      title: "Company",
      width: "minmax(9rem, 1fr)",
      cell: ({ company }) => <span className="truncate">{company}</span>,
      text: ({ company }) => company,
    },
    {
      id: "use",
      title: "Use",
      width: "16rem",
      cell: ({ use }) => (
        <span className="truncate" title={use}>
          {use}
        </span>
      ),
      text: ({ use }) => use,
    },
    {
      id: "volume",
      title: "Monthly volume",
      width: "11rem",
      cell: ({ expected_monthly_volume: volume }) => <span className="truncate">{volume}</span>,
      text: ({ expected_monthly_volume: volume }) => volume,
    },
    {
      id: "status",
      title: "Status",
      width: "7.5rem",
      cell: ({ status }) => <RequestStatus status={status} />,
      text: ({ status }) => status,
    },
    {
      id: "created",
      title: "Sent",
      width: "7.5rem",
      cell: ({ created_at: at }) => <Time at={at} />,
      text: ({ created_at: at }) => at,
    },
    {
      id: "acts",
      title: "",
      fixed: true,
      width: "6rem",
      align: "right",
      cell: (request) => (
        <Button size="small" onClick={() => onShow(request)}>
          {request.status === "pending" ? "Decide" : "Show"}
        </Button>
      ),
    },
  ];
}
