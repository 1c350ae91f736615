// What memberships ask of storage. server/storage/member-store.ts implements it.

import type { UserId, WorkspaceId } from "../contracts/ids.ts";
import type { MemberRole } from "./workspace.ts";

export type MemberRecords = {
  /** Undefined when the user is no member, or there is no such workspace. */
  roleOf(workspaceId: WorkspaceId, userId: UserId): Promise<MemberRole | undefined>;
};
