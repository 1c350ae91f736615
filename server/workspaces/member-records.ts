// What memberships ask of storage. server/storage/member-store.ts implements it.

import type { UserId, WorkspaceId } from "../contracts/ids.ts";
import type { MemberRole, Workspace } from "./workspace.ts";

export type Member = {
  readonly userId: UserId;
  readonly email: string;
  readonly name: string;
  readonly role: MemberRole;
  /** Unix milliseconds. */
  readonly joinedAt: number;
};

/** `last_owner`: refused, since the workspace would be left without an owner. */
export type MemberChange = "done" | "missing" | "last_owner";

export type MemberRecords = {
  /** Undefined when the user is no member, or there is no such workspace. */
  roleOf(workspaceId: WorkspaceId, userId: UserId): Promise<MemberRole | undefined>;
  find(workspaceId: WorkspaceId, userId: UserId): Promise<Member | undefined>;
  /** By the users' ids, those after `after`, at most `limit`. */
  list(
    workspaceId: WorkspaceId,
    page: { readonly after: UserId | undefined; readonly limit: number },
  ): Promise<Member[]>;
  hasEmail(workspaceId: WorkspaceId, email: string): Promise<boolean>;
  /**
   * Together with every other change to the workspace's members, in some order. Whoever may make no keys any more loses
   * their development key. @param at Unix milliseconds
   */
  setRole(workspaceId: WorkspaceId, userId: UserId, role: MemberRole, at: number): Promise<MemberChange>;
  remove(workspaceId: WorkspaceId, userId: UserId, at: number): Promise<MemberChange>;
  /** How many workspaces the user owns. */
  countOwned(userId: UserId): Promise<number>;
  /**
   * Stores a workspace together with its owner; gives it as it is stored, since a slug that is taken gets a number.
   * @returns undefined, storing nothing, when its slug is taken and has to be that one.
   */
  found(
    workspace: Workspace,
    ownerId: UserId,
    options: { readonly exactSlug: boolean },
  ): Promise<Workspace | undefined>;
  /** The same for somebody who is a member of none; false, storing nothing, when they are of one. */
  foundFirst(workspace: Workspace, ownerId: UserId): Promise<boolean>;
};
