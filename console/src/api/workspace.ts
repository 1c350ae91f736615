// The workspace in the address: its id, the reader's role in it, and the path of its part of the API.

import { useParams } from "@tanstack/react-router";
import type { z } from "zod";
import type { workspaceSchema } from "../../../server/contracts/control-workspaces.ts";
import { useItem } from "./item.ts";
import { roleMay, useMe, type MyWorkspace, type Permission } from "./me.ts";

type VisitedWorkspace = z.output<typeof workspaceSchema>;

export type CurrentWorkspace = MyWorkspace & {
  /** `/api/workspaces/<id>` */
  readonly path: string;
  readonly may: (permission: Permission) => boolean;
};

/** Inside pages below `/w/$workspaceId` only. Operators may do everything in every workspace. */
export function useWorkspace(): CurrentWorkspace {
  const { workspaceId = "" } = useParams({ strict: false });
  return useWorkspaceOf(workspaceId);
}

/** Any workspace that the reader may see; one without a name when the id is empty. */
export function useWorkspaceOf(workspaceId: string): CurrentWorkspace {
  const me = useMe();
  const mine = me.workspaces.find(({ id }) => id === workspaceId);
  const path = `/api/workspaces/${encodeURIComponent(workspaceId)}`;
  // Operators also visit workspaces that they are no members of.
  const visited = useItem<VisitedWorkspace>(
    path,
    {},
    { enabled: workspaceId !== "" && mine === undefined && me.is_operator },
  ).item;
  const { name = workspaceId, slug = workspaceId, status = "active" } = visited ?? {};
  const workspace = mine ?? { id: workspaceId, name, slug, status, role: "viewer" as const };
  return {
    ...workspace,
    path,
    may: (permission) => me.is_operator || roleMay(workspace.role, permission),
  };
}
