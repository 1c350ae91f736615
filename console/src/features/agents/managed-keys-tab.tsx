// The keys that agents call the gateway with: one per person who develops, one per deployment.

import { Link } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { useMemo, useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange, useItem } from "../../api/item.ts";
import { listOf } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { Status, type Tone } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { accountPath, type ManagedKey, type ManagedKeys } from "./blueprint.ts";
import { RotateManagedKeyDialog } from "./rotate-managed-key-dialog.tsx";

type Act = { readonly verb: "rotate" | "revoke"; readonly managed: ManagedKey };

export function ManagedKeysTab() {
  const { id: workspaceId, may } = useWorkspace();
  const path = `${accountPath(workspaceId)}/ai-gateway-keys`;
  const { item, ...state } = useItem<ManagedKeys>(path);
  const [act, setAct] = useState<Act>();
  const mayAct = may("build");
  const columns = useMemo(() => keyColumns(workspaceId, mayAct ? setAct : undefined), [workspaceId, mayAct]);
  return (
    <>
      <DataTable
        name="managed-keys"
        label="Gateway keys of agents"
        columns={columns}
        list={listOf(item?.keys, state)}
        rowId={({ key_id: id }) => id}
        empty={
          <EmptyState title="No agent has a key yet">
            <code className="text-sm">ast dev</code> makes one for you, and each deployment gets one of its own.
          </EmptyState>
        }
      />
      {act?.verb === "rotate" && (
        <RotateManagedKeyDialog path={path} managed={act.managed} onClose={() => setAct(undefined)} />
      )}
      {act?.verb === "revoke" && <RevokeDialog path={path} managed={act.managed} onClose={() => setAct(undefined)} />}
    </>
  );
}

const tones: Readonly<Record<ManagedKey["status"], Tone>> = { active: "good", expired: "plain", revoked: "bad" };
const words: Readonly<Record<ManagedKey["status"], string>> = {
  active: "Active",
  expired: "Expired",
  revoked: "Revoked",
};

function keyColumns(workspaceId: string, onAct: ((act: Act) => void) | undefined): readonly TableColumn<ManagedKey>[] {
  return [
    {
      id: "holder",
      title: "Held by",
      fixed: true,
      width: "minmax(12rem, 1.4fr)",
      cell: ({ deployment, user, name }) =>
        deployment === null ? (
          <span className="truncate">{user?.email ?? name}</span>
        ) : (
          <Link
            to="/w/$workspaceId/agents/$deployment"
            params={{ workspaceId, deployment: deployment.id }}
            className="truncate font-medium hover:underline"
          >
            {deployment.name}
          </Link>
        ),
      text: ({ deployment, user, name }) => deployment?.name ?? user?.email ?? name,
    },
    {
      id: "kind",
      title: "Kind",
      width: "8rem",
      cell: ({ kind }) => (kind === "deployment" ? "Deployment" : "Development"),
      text: ({ kind }) => kind,
    },
    {
      id: "prefix",
      title: "Key",
      width: "14rem",
      cell: ({ prefix }) => <span className="figures">{prefix}…</span>,
      text: ({ prefix }) => prefix,
    },
    {
      id: "status",
      title: "Status",
      width: "7rem",
      cell: ({ status }) => <Status tone={tones[status]}>{words[status]}</Status>,
      text: ({ status }) => status,
    },
    {
      id: "used",
      title: "Last used",
      width: "8rem",
      cell: ({ last_used_at: at }) => <Time at={at} never="Never" />,
      text: ({ last_used_at: at }) => at ?? "",
    },
    {
      id: "expires",
      title: "Ends",
      width: "10rem",
      cell: ({ expires_at: at }) => <Time at={at} never="When undeployed" />,
      text: ({ expires_at: at }) => at ?? "",
    },
    ...(onAct === undefined ? [] : [actsColumn(onAct)]),
  ];
}

function actsColumn(onAct: (act: Act) => void): TableColumn<ManagedKey> {
  return {
    id: "acts",
    title: "",
    fixed: true,
    width: "3rem",
    align: "right",
    cell: (managed) =>
      managed.status === "active" && (
        <Menu trigger={<IconButton label={`Acts on ${managed.name}`} size="small" icon={<Ellipsis aria-hidden />} />}>
          <MenuItem onSelect={() => onAct({ verb: "rotate", managed })}>Rotate</MenuItem>
          <MenuItem danger onSelect={() => onAct({ verb: "revoke", managed })}>
            Revoke
          </MenuItem>
        </Menu>
      ),
  };
}

type DialogProps = { readonly path: string; readonly managed: ManagedKey; readonly onClose: () => void };

function RevokeDialog({ path, managed, onClose }: DialogProps) {
  const revoke = useChange(
    () => fetchApi<unknown>("DELETE", `${path}/${managed.key_id}`, { body: {} }),
    [path, "/api/v1/deployments"],
    () => {
      toast.done("The key is revoked.");
      onClose();
    },
  );
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Revoke the gateway key of “${managed.name}”?`}
      verb="Revoke the key"
      onConfirm={() => revoke.mutate(undefined)}
      pending={revoke.isPending}
      problem={revoke.problem}
    >
      <p>
        {managed.kind === "deployment"
          ? "The agent runs on, and its calls to the gateway are refused with 401 until it is redeployed."
          : "Agents that run with it are refused with 401. The next ast dev gets a new key."}
      </p>
    </ConfirmDialog>
  );
}
