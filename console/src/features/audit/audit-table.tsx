// The audit log as a table: who did what to which thing, when and from where.

import { Download } from "lucide-react";
import { useCallback, type ReactNode } from "react";
import type { ShownAuditEvent } from "../../../../server/contracts/control-audit.ts";
import { apiUrl } from "../../api/fetch-api.ts";
import { useList } from "../../api/list.ts";
import { ButtonAnchor } from "../../ui/button.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { SearchInput } from "../../ui/search-input.tsx";
import { auditColumns, workspaceColumn } from "./audit-columns.tsx";

export type AuditFilters = {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly workspace?: string | undefined;
};

export type AuditTableProps = {
  /** Of the list; its export is beside it. */
  readonly path: string;
  readonly filters: AuditFilters;
  readonly onFilters: (filters: AuditFilters) => void;
  /** Across workspaces: names the one of each event. */
  readonly everywhere?: boolean;
  readonly moreFilters?: ReactNode;
};

const allColumns = [...auditColumns, workspaceColumn];

export function AuditTable({ path, filters, onFilters, everywhere = false, moreFilters }: AuditTableProps) {
  const list = useList<ShownAuditEvent>(path, filters);
  const onActor = useCallback((actor: string | undefined) => onFilters({ actor }), [onFilters]);
  const onAction = useCallback((action: string | undefined) => onFilters({ action }), [onFilters]);
  return (
    <DataTable
      name="audit-log"
      label="Audit log"
      columns={everywhere ? allColumns : auditColumns}
      list={list}
      rowId={({ id }) => id}
      filters={
        <>
          <SearchInput label="E-mail or id of the actor" value={filters.actor} onValue={onActor} />
          <SearchInput label="Action, such as createApiKey" value={filters.action} onValue={onAction} />
          {moreFilters}
          <ButtonAnchor size="small" icon={<Download aria-hidden />} href={apiUrl(`${path}.csv`, filters)} download>
            Export all
          </ButtonAnchor>
        </>
      }
      empty={
        <EmptyState title="No events">
          Everything that is changed from now on is written down here, and stays.
        </EmptyState>
      }
    />
  );
}
