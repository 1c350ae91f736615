// What the workspace domain asks of storage. server/storage/workspace-store.ts implements it.

import type { WorkspaceId } from "../contracts/ids.ts";
import type { Workspace } from "./workspace.ts";

/** Changes to a workspace. An absent property stays; `stackId` given as undefined returns to the managed default, `budget` ends. */
export type WorkspaceChanges = Partial<Pick<Workspace, "name" | "status" | "stackId" | "budget">>;

export type WorkspaceRecords = {
  insert(workspace: Workspace): Promise<void>;
  find(id: WorkspaceId): Promise<Workspace | undefined>;
  /** Newest first, those before `before`, at most `limit`. */
  list(page: { readonly before: WorkspaceId | undefined; readonly limit: number }): Promise<Workspace[]>;
  update(id: WorkspaceId, changes: WorkspaceChanges): Promise<void>;
};
