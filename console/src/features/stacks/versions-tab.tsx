// The versions of a stack: who published what and when, what differs between any two, and the way back.

import { useMemo, useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useList } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Field } from "../../ui/field.tsx";
import { Section } from "../../ui/section.tsx";
import { Select } from "../../ui/select.tsx";
import { Status } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { DifferenceView } from "./difference-view.tsx";
import type { StackSearch } from "./routes.ts";
import type { Stack, StackVersionHeadline } from "./stacks-api.ts";

export type VersionsTabProps = {
  readonly stack: Stack;
  readonly search: StackSearch;
  readonly onSearch: (search: StackSearch) => void;
  readonly mayEdit: boolean;
};

export function VersionsTab({ stack, search, onSearch, mayEdit }: VersionsTabProps) {
  const { path } = useWorkspace();
  const versions = useList<StackVersionHeadline>(`${path}/stacks/${stack.slug}/versions`);
  const [wanted, setWanted] = useState<number>();
  const columns = useMemo(
    () => versionColumns(stack.active_version, mayEdit ? setWanted : undefined),
    [stack.active_version, mayEdit],
  );
  const numbers = versions.items?.map(({ version }) => String(version)) ?? [];
  return (
    <div className="flex flex-col gap-4">
      <DataTable
        name="stack-versions"
        label="Versions"
        columns={columns}
        list={versions}
        rowId={({ version }) => String(version)}
        isMarked={({ version }) => version === stack.active_version}
        empty={<EmptyState title="Nothing is published yet">Publish the draft, and it becomes version 1.</EmptyState>}
      />
      {numbers.length > 0 && <Comparison {...{ stack, search, onSearch, numbers }} />}
      {wanted !== undefined && <ActivateDialog stack={stack} version={wanted} onClose={() => setWanted(undefined)} />}
    </div>
  );
}

function versionColumns(
  active: number | null,
  onActivate: ((version: number) => void) | undefined,
): readonly TableColumn<StackVersionHeadline>[] {
  return [
    {
      id: "version",
      title: "Version",
      width: "10rem",
      fixed: true,
      cell: ({ version }) => (
        <span className="flex items-center gap-3">
          <span className="figures">{version}</span>
          {version === active && <Status tone="good">Serves</Status>}
        </span>
      ),
      text: ({ version }) => String(version),
    },
    {
      id: "note",
      title: "Note",
      width: "minmax(12rem, 2fr)",
      cell: ({ note }) => (note === "" ? <span className="text-faint">–</span> : note),
      text: ({ note }) => note,
    },
    {
      id: "by",
      title: "Published by",
      width: "minmax(10rem, 1fr)",
      cell: ({ published_by: by }) => by ?? <span className="text-faint">Unknown</span>,
      text: ({ published_by: by }) => by ?? "",
    },
    {
      id: "at",
      title: "Published",
      width: "9rem",
      cell: ({ published_at: at }) => <Time at={at} />,
      text: ({ published_at: at }) => at,
    },
    {
      id: "activate",
      title: "",
      width: "8rem",
      align: "right",
      cell: ({ version }) =>
        onActivate !== undefined &&
        version !== active && (
          <Button size="small" onClick={() => onActivate(version)}>
            {active !== null && version < active ? "Roll back" : "Activate"}
          </Button>
        ),
    },
  ];
}

type ComparisonProps = Pick<VersionsTabProps, "stack" | "search" | "onSearch"> & {
  readonly numbers: readonly string[];
};

function Comparison({ stack, search, onSearch, numbers }: ComparisonProps) {
  const newest = numbers[0] ?? "draft";
  const before = search.before ?? (stack.active_version === null ? newest : "active");
  const after = search.after ?? "draft";
  const choices = [
    { value: "draft", label: "The draft" },
    ...(stack.active_version === null
      ? []
      : [{ value: "active", label: `The active version (${stack.active_version})` }]),
    ...numbers.map((number) => ({ value: number, label: `Version ${number}` })),
  ];
  return (
    <Section title="Compare">
      <div className="mb-4 grid gap-3 sm:grid-cols-2 lg:max-w-2xl">
        <Field label="Before">
          <Select value={before} choices={choices} onValue={(value) => onSearch({ before: value })} />
        </Field>
        <Field label="After">
          <Select value={after} choices={choices} onValue={(value) => onSearch({ after: value })} />
        </Field>
      </div>
      <DifferenceView slug={stack.slug} from={before} to={after} />
    </Section>
  );
}

type ActivateDialogProps = { readonly stack: Stack; readonly version: number; readonly onClose: () => void };

function ActivateDialog({ stack, version, onClose }: ActivateDialogProps) {
  const { path } = useWorkspace();
  const isBack = stack.active_version !== null && version < stack.active_version;
  const activate = useChange(
    () => fetchApi<Stack>("POST", `${path}/stacks/${stack.slug}/versions/${version}/activate`),
    [`${path}/stacks`],
    () => {
      toast.done(`Version ${version} serves from now on. The draft is as it was.`);
      onClose();
    },
  );
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={isBack ? `Roll back to version ${version}?` : `Activate version ${version}?`}
      verb={isBack ? "Roll back" : "Activate"}
      danger={false}
      onConfirm={() => activate.mutate(undefined)}
      pending={activate.isPending}
      problem={activate.problem}
    >
      <p className="mb-3">New requests follow it within a second. The draft stays as it is.</p>
      {stack.active_version !== null && <DifferenceView slug={stack.slug} from="active" to={String(version)} />}
    </ConfirmDialog>
  );
}
