// What invitations ask of storage. server/storage/invitation-store.ts implements it.

import type { InvitationId, UserId, WorkspaceId } from "../contracts/ids.ts";
import type { MemberRole } from "./workspace.ts";

export type Invitation = {
  readonly id: InvitationId;
  readonly workspaceId: WorkspaceId;
  /** In lower case. */
  readonly email: string;
  readonly role: MemberRole;
  /** A user's id, or `operator` for the token. */
  readonly invitedBy: string;
  /** Unix milliseconds, as all times here. */
  readonly createdAt: number;
  readonly expiresAt: number;
};

/** An invitation as those see it who hold its link. */
export type InvitationPreview = Invitation & {
  readonly workspaceName: string;
  /** Undefined when the operator token invited, or the inviter is gone. */
  readonly inviterName: string | undefined;
};

export type InvitationRecords = {
  /** False, storing nothing, when the address has an open invitation to the workspace. */
  insert(invitation: Invitation, tokenHash: string): Promise<boolean>;
  /** Neither accepted nor revoked; those that are over stay listed until they are revoked. Newest first. */
  listOpen(
    workspaceId: WorkspaceId,
    page: { readonly before: InvitationId | undefined; readonly limit: number },
  ): Promise<Invitation[]>;
  countOpen(workspaceId: WorkspaceId): Promise<number>;
  findOpen(workspaceId: WorkspaceId, id: InvitationId): Promise<Invitation | undefined>;
  /** The link from before ends. False when the invitation is open no longer. */
  renew(id: InvitationId, tokenHash: string, expiresAt: number): Promise<boolean>;
  revoke(id: InvitationId, at: number): Promise<boolean>;
  findByToken(tokenHash: string, now: number): Promise<InvitationPreview | undefined>;
  /** Ends the invitation and adds the member, once; a member from before keeps the role. False: it had ended. */
  accept(invitation: Invitation, userId: UserId, at: number): Promise<boolean>;
  /** Whether an invitation waits for this address, in lower case, anywhere. */
  hasOpen(email: string, now: number): Promise<boolean>;
};
