// Which workspace is open, and the others.

import { useNavigate } from "@tanstack/react-router";
import { Check, ChevronsUpDown, Plus } from "lucide-react";
import { useMe } from "../api/me.ts";
import { useWorkspaceOf } from "../api/workspace.ts";
import { cx } from "../ui/class-names.ts";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "../ui/menu.tsx";
import { Mark } from "./mark.tsx";
import { useWorkspaceId } from "./places.ts";

export function WorkspaceSwitcher({ onLeave }: { readonly onLeave: (() => void) | undefined }) {
  const { workspaces } = useMe();
  const workspaceId = useWorkspaceId();
  const navigate = useNavigate();
  const { name } = useWorkspaceOf(workspaceId ?? "");
  const shown = name === "" ? "Astrolabe" : name;
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className="flex h-10 items-center gap-2 rounded-md px-2 text-left hover:bg-raised"
          aria-label={`Workspace: ${shown}. Switch`}
        >
          <Mark />
          <span className="min-w-0 flex-1 truncate text-base font-semibold">{shown}</span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-faint" />
        </button>
      }
    >
      <MenuLabel>Workspaces</MenuLabel>
      {workspaces.map(({ id, name, role }) => (
        <MenuItem
          key={id}
          icon={<Check aria-hidden className={cx("!text-brass", id !== workspaceId && "invisible")} />}
          onSelect={() => {
            onLeave?.();
            void navigate({ to: "/w/$workspaceId", params: { workspaceId: id } });
          }}
        >
          <span className="min-w-0 flex-1 truncate">{name}</span>
          <span className="text-xs text-faint">{role}</span>
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem
        icon={<Plus aria-hidden />}
        onSelect={() => {
          onLeave?.();
          void navigate({ to: "/workspaces/new" });
        }}
      >
        New workspace
      </MenuItem>
    </Menu>
  );
}
