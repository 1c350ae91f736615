// The part of the audit log that belongs to one workspace.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { useWorkspace } from "../../api/workspace.ts";
import { AuditTable, type AuditFilters } from "./audit-table.tsx";

export function WorkspaceAudit() {
  const { path } = useWorkspace();
  const { actor, action } = useSearch({ from: "/signed-in/w/$workspaceId/settings" });
  const navigate = useNavigate({ from: "/w/$workspaceId/settings" });
  const change = useCallback(
    ({ workspace: _workspace, ...filters }: AuditFilters) =>
      void navigate({ search: (before) => ({ ...before, ...filters }), replace: true }),
    [navigate],
  );
  return <AuditTable path={`${path}/audit-events`} filters={{ actor, action }} onFilters={change} />;
}
