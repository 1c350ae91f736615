// The vault: what deployments can be given by name. A secret's value can be written and never read.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { useMemo, useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange, useItem } from "../../api/item.ts";
import { listOf } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/class-names.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { Badge } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { accountPath, type Variable, type Variables } from "./blueprint.ts";
import { VariableDialog } from "./variable-dialog.tsx";

type Act = { readonly verb: "change" | "delete"; readonly variable: Variable };

export function VariablesTab() {
  const { id: workspaceId, may } = useWorkspace();
  const { dialog } = useSearch({ from: "/signed-in/w/$workspaceId/agents" });
  const navigate = useNavigate({ from: "/w/$workspaceId/agents" });
  const path = `${accountPath(workspaceId)}/variables`;
  const { item, ...state } = useItem<Variables>(path);
  const [act, setAct] = useState<Act>();
  const mayAct = may("build");
  const columns = useMemo(() => variableColumns(mayAct ? setAct : undefined), [mayAct]);
  const open = (wanted: "new" | undefined): void =>
    void navigate({ search: { tab: "variables", ...(wanted && { dialog: wanted }) }, replace: true });
  const add = mayAct && (
    <Button look="primary" onClick={() => open("new")}>
      Add a value
    </Button>
  );
  const close = (): void => setAct(undefined);
  return (
    <>
      <DataTable
        name="variables"
        label="Secrets and variables"
        columns={columns}
        list={listOf(item?.variables, state)}
        rowId={({ name }) => name}
        filters={add}
        empty={
          <EmptyState title="Nothing is kept yet">
            Keep a provider's key here, and deploy with{" "}
            <code className="text-sm">--var OPENAI_API_KEY=@OPENAI_API_KEY</code>.
          </EmptyState>
        }
      />
      {dialog === "new" && mayAct && <VariableDialog path={path} onClose={() => open(undefined)} />}
      {act?.verb === "change" && <VariableDialog path={path} variable={act.variable} onClose={close} />}
      {act?.verb === "delete" && <DeleteDialog path={path} variable={act.variable} onClose={close} />}
    </>
  );
}

function variableColumns(onAct: ((act: Act) => void) | undefined): readonly TableColumn<Variable>[] {
  return [
    {
      id: "name",
      title: "Name",
      fixed: true,
      width: "minmax(12rem, 1fr)",
      cell: ({ name, secret }) => (
        <span className="flex items-center gap-2">
          <span className="figures truncate" title={name}>
            {name}
          </span>
          {secret && <Badge>Secret</Badge>}
        </span>
      ),
      text: ({ name }) => name,
    },
    {
      id: "value",
      title: "Value",
      width: "minmax(10rem, 1fr)",
      cell: ({ value }) =>
        value === undefined ? <span className="text-faint">Hidden</span> : <OneLine text={value} figures />,
    },
    {
      id: "description",
      title: "Description",
      width: "minmax(10rem, 1fr)",
      cell: ({ description }) => <OneLine text={description || "–"} />,
      text: ({ description }) => description,
    },
    {
      id: "used",
      title: "Used by",
      width: "minmax(8rem, 0.8fr)",
      cell: ({ used_by: users }) => <OneLine text={users.map(({ name }) => name).join(", ") || "–"} />,
      text: ({ used_by: users }) => users.map(({ name }) => name).join(" "),
    },
    {
      id: "changed",
      title: "Changed",
      width: "8rem",
      cell: ({ updated_at: at }) => <Time at={at} />,
      text: ({ updated_at: at }) => at,
    },
    ...(onAct === undefined ? [] : [actsColumn(onAct)]),
  ];
}

/** Long texts do not widen their column. */
function OneLine({ text, figures = false }: { readonly text: string; readonly figures?: boolean }) {
  return (
    <span className={cx("block w-0 min-w-full truncate", figures && "figures")} title={text}>
      {text}
    </span>
  );
}

function actsColumn(onAct: (act: Act) => void): TableColumn<Variable> {
  return {
    id: "acts",
    title: "",
    fixed: true,
    width: "3rem",
    align: "right",
    cell: (variable) => (
      <Menu trigger={<IconButton label={`Acts on ${variable.name}`} size="small" icon={<Ellipsis aria-hidden />} />}>
        <MenuItem onSelect={() => onAct({ verb: "change", variable })}>Change</MenuItem>
        <MenuItem danger onSelect={() => onAct({ verb: "delete", variable })}>
          Delete
        </MenuItem>
      </Menu>
    ),
  };
}

type DeleteDialogProps = { readonly path: string; readonly variable: Variable; readonly onClose: () => void };

function DeleteDialog({ path, variable, onClose }: DeleteDialogProps) {
  const remove = useChange(
    () => fetchApi<unknown>("DELETE", `${path}/${encodeURIComponent(variable.name)}`, { body: {} }),
    [path],
    () => {
      toast.done(`${variable.name} is deleted.`);
      onClose();
    },
  );
  const users = variable.used_by.map(({ name }) => name).join(", ");
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Delete ${variable.name}?`}
      verb="Delete it"
      onConfirm={() => remove.mutate(undefined)}
      pending={remove.isPending}
      problem={remove.problem}
    >
      <p>
        {users === ""
          ? "No deployment refers to it."
          : `${users} refers to it: what runs goes on, and its next revision fails until the value is there again.`}
      </p>
    </ConfirmDialog>
  );
}
