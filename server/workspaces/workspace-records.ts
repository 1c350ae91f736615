// What the workspace domain asks of storage. server/storage/workspace-store.ts implements it.

import type { UserId, WorkspaceId } from "../contracts/ids.ts";
import type { Workspace } from "./workspace.ts";

/** Changes to a workspace. An absent property stays; `stackId` given as undefined returns to the managed default, `budget` and `statusReason` end. */
export type WorkspaceChanges = Partial<
  Pick<Workspace, "name" | "slug" | "status" | "statusReason" | "stackId" | "budget">
>;

export type WorkspacePage = {
  readonly before: WorkspaceId | undefined;
  readonly limit: number;
  /** Only workspaces that this user is a member of; undefined: all. */
  readonly memberId: UserId | undefined;
  /** This one alone. */
  readonly only?: WorkspaceId | undefined;
};

export type WorkspaceRecords = {
  /** Stores it; its slug gets a number when it is taken. @returns it as it is stored */
  insert(workspace: Workspace): Promise<Workspace>;
  find(id: WorkspaceId): Promise<Workspace | undefined>;
  findBySlug(slug: string): Promise<Workspace | undefined>;
  /** Newest first, those before `before`, at most `limit`. */
  list(page: WorkspacePage): Promise<Workspace[]>;
  /** False, changing nothing, when the slug is another's. Suspending it ends its development keys. */
  update(id: WorkspaceId, changes: WorkspaceChanges, at: number): Promise<boolean>;
};
