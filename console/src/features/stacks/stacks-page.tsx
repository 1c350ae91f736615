// The stacks of a workspace: the managed ones and its own, where each is used and what runs under it.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { useItem } from "../../api/item.ts";
import { useList, type ListState } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { useCommands } from "../../app/commands.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { SearchInput } from "../../ui/search-input.tsx";
import { Select } from "../../ui/select.tsx";
import { CreateStackDialog } from "./create-stack-dialog.tsx";
import type { StacksSearch } from "./routes.ts";
import { stackColumns } from "./stack-columns.tsx";
import type { StackHeadline, StackTraffic } from "./stacks-api.ts";

const kinds = [
  { value: "", label: "All stacks" },
  { value: "managed", label: "Managed" },
  { value: "custom", label: "Your own" },
] as const;

export function StacksPage() {
  const { path, id, may } = useWorkspace();
  const { q, kind, dialog, from } = useSearch({ from: "/signed-in/w/$workspaceId/stacks" });
  const navigate = useNavigate({ from: "/w/$workspaceId/stacks" });
  const change = useCallback(
    (search: StacksSearch) => void navigate({ search: (before) => ({ ...before, ...search }), replace: true }),
    [navigate],
  );
  const stacks = useList<StackHeadline>(`${path}/stacks`, { limit: 200 });
  const traffic = useItem<StackTraffic>(`${path}/stack-traffic`);
  const columns = useMemo(() => stackColumns(traffic.item), [traffic.item]);
  const shown = useMatching(stacks, q, kind);
  const open = (): void => change({ dialog: "new" });
  const mayBuild = may("build");
  useCommands(mayBuild ? [{ title: "Create a stack", group: "Stacks", keys: "c", run: open }] : []);
  return (
    <>
      <PageHeader
        title="Stacks"
        description="Policies that decide which model answers, what it may cost, and how its answer is checked."
        actions={
          mayBuild && (
            <Button look="primary" onClick={open}>
              Create a stack
            </Button>
          )
        }
      />
      <DataTable
        name="stacks"
        label="Stacks"
        columns={columns}
        list={shown}
        rowId={(stack) => stack.id}
        rowLink={(stack) => ({
          to: "/w/$workspaceId/stacks/$stack",
          params: { workspaceId: id, stack: stack.slug },
        })}
        filters={
          <>
            <SearchInput label="Search stacks" value={q} onValue={(text) => change({ q: text })} />
            <Select
              aria-label="Kind"
              value={kind ?? ""}
              choices={kinds}
              onValue={(value) => change({ kind: value === "" ? undefined : value })}
            />
          </>
        }
        empty={<EmptyState title="No stack matches">Change the search or the kind.</EmptyState>}
      />
      {dialog === "new" && mayBuild && (
        <CreateStackDialog
          from={from}
          stacks={stacks.items ?? []}
          onClose={() => change({ dialog: undefined, from: undefined })}
        />
      )}
    </>
  );
}

/** One's own first: they are what is worked on. */
function useMatching(list: ListState<StackHeadline>, q = "", kind: StacksSearch["kind"]): ListState<StackHeadline> {
  return useMemo(() => {
    const words = q.toLowerCase();
    const items = list.items
      ?.filter((stack) => kind === undefined || stack.kind === kind)
      .filter(({ name, slug }) => `${name} ${slug}`.toLowerCase().includes(words))
      .toSorted((left, right) => Number(left.kind === "managed") - Number(right.kind === "managed"));
    return { ...list, items };
  }, [list, q, kind]);
}
