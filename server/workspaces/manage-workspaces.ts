// Making, listing and changing workspaces.

import { GatewayError } from "../contracts/errors.ts";
import { newId, type WorkspaceId } from "../contracts/ids.ts";
import type { WorkspaceChanges, WorkspaceRecords } from "./workspace-records.ts";
import type { Workspace } from "./workspace.ts";

export type WorkspaceServices = {
  readonly records: WorkspaceRecords;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Called after every committed change. */
  readonly changed: () => void;
};

/** A new, active workspace without keys or credits. */
export async function createWorkspace(services: WorkspaceServices, name: string): Promise<Workspace> {
  const workspace: Workspace = {
    id: newId("ws"),
    name,
    status: "active",
    statusReason: undefined,
    stackId: undefined,
    budget: undefined,
    createdAt: services.now(),
  };
  await services.records.insert(workspace);
  return workspace;
}

/** @throws GatewayError not_found */
export async function getWorkspace(services: WorkspaceServices, id: WorkspaceId): Promise<Workspace> {
  const workspace = await services.records.find(id);
  if (workspace === undefined) throw new GatewayError("not_found", `There is no workspace ${id}.`);
  return workspace;
}

/**
 * Renames a workspace, changes its status, its stack or its budget. The caller has checked that the stack can be used. A
 * suspended workspace's keys answer 403 from the next request on.
 * @throws GatewayError not_found
 */
export async function updateWorkspace(
  services: WorkspaceServices,
  id: WorkspaceId,
  changes: WorkspaceChanges,
): Promise<Workspace> {
  await getWorkspace(services, id);
  await services.records.update(id, changes);
  services.changed();
  return getWorkspace(services, id);
}
