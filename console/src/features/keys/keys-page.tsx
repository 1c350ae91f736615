// The API keys of a workspace: who may call, under which stack, within which limits.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { useCommands } from "../../app/commands.ts";
import { useList } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { SearchInput } from "../../ui/search-input.tsx";
import { Select } from "../../ui/select.tsx";
import { CreateKeyDialog } from "./create-key-dialog.tsx";
import { EditKeyDialog } from "./edit-key-dialog.tsx";
import { keyColumns, type KeyAct } from "./key-columns.tsx";
import { useKeyUsage } from "./key-usage.ts";
import type { ApiKey } from "./key.ts";
import { RenewPlaygroundDialog } from "./renew-playground-dialog.tsx";
import { RevokeKeyDialog } from "./revoke-key-dialog.tsx";
import { RotateKeyDialog } from "./rotate-key-dialog.tsx";
import type { KeysSearch } from "./routes.ts";

type Act = { readonly kind: KeyAct; readonly key: ApiKey };

export function KeysPage() {
  const { path, may } = useWorkspace();
  const { q, status, mode, stack, dialog } = useSearch({ from: "/signed-in/w/$workspaceId/keys" });
  const navigate = useNavigate({ from: "/w/$workspaceId/keys" });
  const change = useCallback(
    (search: KeysSearch) => void navigate({ search: (before) => ({ ...before, ...search }), replace: true }),
    [navigate],
  );
  const keys = useList<ApiKey>(`${path}/keys`, { search: q, status, mode, stack });
  const usage = useKeyUsage(path);
  const [act, setAct] = useState<Act>();
  const mayBuild = may("build");
  const mayRenew = may("administer");
  const columns = useMemo(
    () => keyColumns(usage, mayBuild ? (kind, key) => setAct({ kind, key }) : undefined, mayRenew),
    [usage, mayBuild, mayRenew],
  );
  const open = (): void => change({ dialog: "new" });
  const closeAct = (): void => setAct(undefined);
  useCommands(mayBuild ? [{ title: "Create a key", group: "Keys", keys: "c", run: open }] : []);
  const create = mayBuild && (
    <Button look="primary" onClick={open}>
      Create a key
    </Button>
  );
  const filtered = [q, status, mode, stack].some((filter) => filter !== undefined);
  return (
    <>
      <PageHeader
        title="Keys"
        description="What your programs send to be let in. A secret is shown once."
        actions={create}
      />
      <DataTable
        name="keys"
        label="API keys"
        columns={columns}
        list={keys}
        rowId={({ id }) => id}
        filters={<KeyFilters search={{ q, status, mode, stack }} onChange={change} />}
        empty={
          filtered ? (
            <EmptyState
              title="No key matches"
              action={
                <Button onClick={() => change({ q: undefined, status: undefined, mode: undefined, stack: undefined })}>
                  Show all keys
                </Button>
              }
            />
          ) : (
            <EmptyState title="No keys yet" action={create}>
              Create one for each program, so that each can be limited and revoked by itself.
            </EmptyState>
          )
        }
      />
      <CreateKeyDialog open={dialog === "new" && mayBuild} onClose={() => change({ dialog: undefined })} />
      {act?.kind === "edit" && <EditKeyDialog apiKey={act.key} onClose={closeAct} />}
      {act?.kind === "rotate" && <RotateKeyDialog apiKey={act.key} onClose={closeAct} />}
      {act?.kind === "renew" && <RenewPlaygroundDialog apiKey={act.key} onClose={closeAct} />}
      {act?.kind === "revoke" && <RevokeKeyDialog apiKey={act.key} onClose={closeAct} />}
    </>
  );
}

type KeyFiltersProps = { readonly search: KeysSearch; readonly onChange: (search: KeysSearch) => void };

function KeyFilters({ search, onChange }: KeyFiltersProps) {
  const { path } = useWorkspace();
  const stacks = useList<StackChoice>(`${path}/stacks`, { limit: 200 });
  const onQuery = useCallback((q: string | undefined) => onChange({ q: q && withoutSecret(q) }), [onChange]);
  return (
    <>
      <SearchInput label="Search keys" value={search.q} onValue={onQuery} />
      <Select
        aria-label="Status"
        className="w-36 max-sm:flex-1"
        value={search.status ?? "all"}
        choices={[
          { value: "all", label: "Any status" },
          { value: "active", label: "Active" },
          { value: "expired", label: "Expired" },
          { value: "revoked", label: "Revoked" },
        ]}
        onValue={(status) => onChange({ status: status === "all" ? undefined : status })}
      />
      <Select
        aria-label="Mode"
        className="w-36 max-sm:flex-1"
        value={search.mode ?? "all"}
        choices={[
          { value: "all", label: "Live and test" },
          { value: "live", label: "Live" },
          { value: "test", label: "Test" },
        ]}
        onValue={(mode) => onChange({ mode: mode === "all" ? undefined : mode })}
      />
      <Select
        aria-label="Stack"
        className="w-44 max-sm:flex-1"
        value={search.stack ?? ""}
        choices={[
          { value: "", label: "Any stack" },
          ...(stacks.items ?? []).map(({ slug, name }) => ({ value: slug, label: name })),
        ]}
        onValue={(stack) => onChange({ stack: stack === "" ? undefined : stack })}
      />
    </>
  );
}

type StackChoice = { readonly slug: string; readonly name: string };

/** A whole secret that is pasted to find its key never gets into the address: its public beginning finds it too. */
function withoutSecret(text: string): string {
  return text.replace(/(astrolabe_(?:live|test)_\w{8})\w+/, "$1");
}
