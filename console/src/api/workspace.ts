// The workspace in the address: its id, the reader's role in it, and the path of its part of the API.

import { useParams } from "@tanstack/react-router";
import { roleMay, useMe, type MyWorkspace, type Permission } from "./me.ts";

export type CurrentWorkspace = MyWorkspace & {
  /** `/api/workspaces/<id>` */
  readonly path: string;
  readonly may: (permission: Permission) => boolean;
};

/** Inside pages below `/w/$workspaceId` only. Operators may do everything in every workspace. */
export function useWorkspace(): CurrentWorkspace {
  const { workspaceId = "" } = useParams({ strict: false });
  const me = useMe();
  const mine = me.workspaces.find(({ id }) => id === workspaceId);
  const workspace = mine ?? { id: workspaceId, name: workspaceId, status: "active" as const, role: "viewer" as const };
  return {
    ...workspace,
    path: `/api/workspaces/${encodeURIComponent(workspaceId)}`,
    may: (permission) => me.is_operator || roleMay(workspace.role, permission),
  };
}
