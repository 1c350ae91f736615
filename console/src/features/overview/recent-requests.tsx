// The newest requests of the workspace, each leading to its trace.

import type { ListState } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Money } from "../../ui/money.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { duration } from "../../ui/time-format.ts";
import { Time } from "../../ui/time.tsx";
import type { Request } from "./facts.ts";
import { tracePath } from "./trace-link.tsx";

/** Registered by the pages of traces. */
const tracesPage: string = "/w/$workspaceId/traces";

const columns: readonly TableColumn<Request>[] = [
  { id: "time", title: "Time", width: "8rem", cell: ({ created_at: at }) => <Time at={at} /> },
  {
    id: "status",
    title: "Status",
    width: "6rem",
    cell: ({ status }) => (
      <Status tone={status < 400 ? "good" : "bad"}>
        <span className="figures">{status}</span>
      </Status>
    ),
  },
  {
    id: "model",
    title: "Model",
    width: "minmax(12rem, 2fr)",
    cell: ({ model, requested_model: asked }) => <span className="figures">{model ?? asked}</span>,
  },
  { id: "key", title: "Key", cell: ({ key_name: name, key_id: id }) => name ?? id },
  { id: "stack", title: "Stack", cell: ({ stack }) => stack ?? "–" },
  {
    id: "took",
    title: "Took",
    width: "6rem",
    align: "right",
    cell: ({ total_ms: ms }) => <span className="figures">{duration(ms)}</span>,
  },
  { id: "cost", title: "Cost", width: "8rem", align: "right", cell: ({ debit_usd: usd }) => <Money usd={usd} /> },
];

export function RecentRequests({ requests }: { readonly requests: ListState<Request> }) {
  const { id } = useWorkspace();
  // The first page says it all; the rest is on the page of traces.
  const list = { ...requests, hasMore: false };
  return (
    <Section
      title="Recent requests"
      flush
      actions={
        <ButtonLink to={tracesPage} params={{ workspaceId: id }} look="quiet" size="small">
          Show all
        </ButtonLink>
      }
    >
      <DataTable
        name="recent-requests"
        label="Recent requests"
        bare
        columns={columns}
        list={list}
        rowId={({ request_id: requestId }) => requestId}
        rowLink={({ request_id: requestId }) => tracePath(id, requestId)}
      />
    </Section>
  );
}
