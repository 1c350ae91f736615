// Every request of a workspace as it comes in, refused ones included.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { Pause, Play } from "lucide-react";
import { useCallback, useMemo } from "react";
import type { TraceHeadline } from "../../../../server/contracts/control-activity.ts";
import { useCommands } from "../../app/commands.ts";
import { compact } from "../../app/search.ts";
import { useList } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Status } from "../../ui/status.tsx";
import { useNow } from "../../ui/time.tsx";
import { traceColumns } from "./trace-columns.tsx";
import { TraceFilters } from "./trace-filters.tsx";
import { filterCount, queryOf, type TracesSearch } from "./traces-search.ts";

const refreshMs = 2_000;
const minuteMs = 60_000;

export function TracesPage() {
  const { id: workspaceId, path } = useWorkspace();
  const search: TracesSearch = useSearch({ from: "/signed-in/w/$workspaceId/traces" });
  const navigate = useNavigate({ from: "/w/$workspaceId/traces" });
  const change = useCallback(
    (next: TracesSearch) => void navigate({ search: compact(next), replace: true }),
    [navigate],
  );
  const live = search.live !== "off";
  const minute = Math.floor(useNow() / minuteMs) * minuteMs;
  const query = useMemo(() => queryOf(search, minute), [search, minute]);
  const traces = useList<TraceHeadline>(`${path}/traces`, query, live ? { refreshMs } : {});
  const toggle = (): void => change({ ...search, live: live ? "off" : undefined });
  useCommands([{ title: live ? "Pause the list" : "Resume the list", group: "Traces", keys: "l", run: toggle }]);
  const filtered = filterCount(search) > 0;
  return (
    <>
      <PageHeader
        title="Traces"
        description="Every request: what was asked, who could have answered, who did, and what it cost."
        mark={<Status tone={live ? "good" : "plain"}>{live ? "Live" : "Paused"}</Status>}
        actions={
          <Button onClick={toggle} icon={live ? <Pause aria-hidden /> : <Play aria-hidden />}>
            {live ? "Pause" : "Resume"}
          </Button>
        }
      />
      <TraceFilters search={search} onSearch={change} />
      <DataTable
        name="traces"
        label="Traces"
        columns={traceColumns}
        list={traces}
        rowId={({ request_id: id }) => id}
        rowLink={({ request_id: requestId }) => ({
          to: "/w/$workspaceId/traces/$requestId",
          params: { workspaceId, requestId },
        })}
        filters={<span className="text-sm text-muted">{traces.items && countInWords(traces)}</span>}
        empty={
          filtered ? (
            traces.hasMore ? (
              <EmptyState title="Searching further back" />
            ) : (
              <EmptyState
                title="No request matches"
                action={<Button onClick={() => change({ live: search.live })}>Show all requests</Button>}
              />
            )
          ) : (
            <EmptyState title="No requests yet">The first one appears here as it is answered.</EmptyState>
          )
        }
      />
    </>
  );
}

function countInWords({ items = [], hasMore }: { readonly items?: readonly unknown[]; readonly hasMore: boolean }) {
  const count = items.length === 1 ? "1 request" : `${items.length} requests`;
  return hasMore ? `${count}, and more` : count;
}
