// Everybody who has an account here: make operators, end sessions, shut people out.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import type { ShownUser } from "../../../../server/contracts/control-operator.ts";
import { useList } from "../../api/list.ts";
import { useMe } from "../../api/me.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { SearchInput } from "../../ui/search-input.tsx";
import { DisableUserDialog, UserActDialog } from "./user-dialogs.tsx";
import { userColumns, type UserAct } from "./user-columns.tsx";

export function UsersPage() {
  const { q } = useSearch({ from: "/signed-in/operator/users" });
  const navigate = useNavigate({ from: "/operator/users" });
  const onQuery = useCallback(
    (next: string | undefined) => void navigate({ search: next === undefined ? {} : { q: next }, replace: true }),
    [navigate],
  );
  const me = useMe();
  const list = useList<ShownUser>("/api/operator/users", { search: q });
  const [act, setAct] = useState<UserAct>();
  const columns = useMemo(() => userColumns(me.id, setAct), [me.id]);
  const close = (): void => setAct(undefined);
  return (
    <>
      <PageHeader title="Users" description="Everybody who has an account on this server." />
      <DataTable
        name="users"
        label="Users"
        columns={columns}
        list={list}
        rowId={({ id }) => id}
        filters={<SearchInput label="Name, e-mail or id" value={q} onValue={onQuery} />}
        empty={<EmptyState title="No user matches" />}
      />
      {act?.kind === "disable" && <DisableUserDialog user={act.user} onClose={close} />}
      {act !== undefined && act.kind !== "disable" && <UserActDialog act={act.kind} user={act.user} onClose={close} />}
    </>
  );
}
