// Making, listing and changing workspaces.

import { GatewayError } from "../contracts/errors.ts";
import { newId, type WorkspaceId } from "../contracts/ids.ts";
import type { WorkspaceChanges, WorkspaceRecords } from "./workspace-records.ts";
import { slugFromName, slugProblem } from "./slug.ts";
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
    slug: slugFromName(name),
    status: "active",
    statusReason: undefined,
    stackId: undefined,
    budget: undefined,
    createdAt: services.now(),
  };
  return services.records.insert(workspace);
}

/** @throws GatewayError not_found */
export async function getWorkspace(services: WorkspaceServices, id: WorkspaceId): Promise<Workspace> {
  const workspace = await services.records.find(id);
  if (workspace === undefined) throw new GatewayError("not_found", `There is no workspace ${id}.`);
  return workspace;
}

/**
 * Renames a workspace, changes its slug, its status, its stack or its budget. The caller has checked that the stack can be used. A
 * suspended workspace's keys answer 403 from the next request on.
 * @throws GatewayError not_found; invalid_request for a slug that cannot be one, conflict for one that is taken
 */
export async function updateWorkspace(
  services: WorkspaceServices,
  id: WorkspaceId,
  changes: WorkspaceChanges,
): Promise<Workspace> {
  await getWorkspace(services, id);
  const problem = changes.slug === undefined ? undefined : slugProblem(changes.slug);
  if (problem !== undefined) throw new GatewayError("invalid_request", problem, { param: "slug" });
  if (!(await services.records.update(id, changes, services.now()))) {
    throw new GatewayError("conflict", `Another workspace has the slug ${changes.slug}.`, {
      hint: "Choose another one.",
    });
  }
  services.changed();
  return getWorkspace(services, id);
}
