// The whole audit log.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { PageHeader } from "../../ui/page-header.tsx";
import { SearchInput } from "../../ui/search-input.tsx";
import { AuditTable, type AuditFilters } from "../audit/audit-table.tsx";

export function AuditLogPage() {
  const { actor, action, workspace } = useSearch({ from: "/signed-in/operator/audit-log" });
  const navigate = useNavigate({ from: "/operator/audit-log" });
  const change = useCallback(
    (filters: AuditFilters) => void navigate({ search: (before) => ({ ...before, ...filters }), replace: true }),
    [navigate],
  );
  const onWorkspace = useCallback((id: string | undefined) => change({ workspace: id }), [change]);
  return (
    <>
      <PageHeader
        title="Audit log"
        description="Who did what, when and from where, in every workspace and on the server. Nothing here changes or leaves."
      />
      <AuditTable
        path="/api/operator/audit-events"
        filters={{ actor, action, workspace }}
        onFilters={change}
        everywhere
        moreFilters={<SearchInput label="Workspace id" value={workspace} onValue={onWorkspace} />}
      />
    </>
  );
}
