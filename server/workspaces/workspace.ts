// Workspaces: the unit that owns keys, stacks, credits and traces.

import type { Budget } from "../contracts/budget.ts";
import type { StackId, UserId, WorkspaceId } from "../contracts/ids.ts";

export const workspaceStatuses = ["active", "suspended", "access_pending"] as const;
export type WorkspaceStatus = (typeof workspaceStatuses)[number];

export type Workspace = {
  readonly id: WorkspaceId;
  readonly name: string;
  /** Its name in paths, unique in the installation. */
  readonly slug: string;
  readonly status: WorkspaceStatus;
  /** Why it is suspended, for its members to read; undefined otherwise. */
  readonly statusReason: string | undefined;
  /** The stack for keys without one of their own; undefined means the managed default. */
  readonly stackId: StackId | undefined;
  /** What all its requests together may cost; undefined means no limit. */
  readonly budget: Budget | undefined;
  /** Unix milliseconds. */
  readonly createdAt: number;
};

export const memberRoles = ["owner", "admin", "developer", "billing", "viewer"] as const;
export type MemberRole = (typeof memberRoles)[number];
/** Those who may make keys. */
export const builderRoles: readonly MemberRole[] = ["owner", "admin", "developer"];

export type User = { readonly id: UserId; readonly email: string; readonly name: string; readonly createdAt: number };
