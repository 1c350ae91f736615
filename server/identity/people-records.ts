// What identity asks of storage beside the tables of its library.

import type { UserId } from "../contracts/ids.ts";
import type { MemberRole, WorkspaceStatus } from "../workspaces/workspace.ts";

export type Person = {
  readonly id: UserId;
  readonly email: string;
  readonly name: string;
  readonly emailVerified: boolean;
  readonly isOperator: boolean;
  readonly twoFactorEnabled: boolean;
  readonly hasPassword: boolean;
  /** Unix milliseconds. */
  readonly createdAt: number;
};

export type OpenSession = {
  readonly id: string;
  /** As the browser or program names itself; empty when it does not. */
  readonly userAgent: string;
  /** Where it was opened from; empty when unknown. */
  readonly address: string;
  /** Unix milliseconds, like the others. */
  readonly createdAt: number;
  /** When it was last prolonged: within a day of its last use. */
  readonly refreshedAt: number;
  readonly expiresAt: number;
};

export type Membership = {
  readonly workspaceId: string;
  readonly name: string;
  readonly slug: string;
  readonly status: WorkspaceStatus;
  readonly role: MemberRole;
};

/** Each method is one transaction. */
export type PeopleRecords = {
  find(id: UserId): Promise<Person | undefined>;
  findByEmail(email: string): Promise<{ readonly id: UserId } | undefined>;
  /** Workspaces of a person, oldest first; at most 500. */
  memberships(id: UserId): Promise<readonly Membership[]>;
  /** Sessions that have not ended, newest first; at most 100. */
  sessions(id: UserId, now: number): Promise<readonly OpenSession[]>;
  /** False when the person has no such session. */
  endSession(id: UserId, sessionId: string): Promise<boolean>;
  /** Ends all sessions but one; gives how many. */
  endOtherSessions(id: UserId, keep: string): Promise<number>;
  /** Passwords, identities at providers and passkeys of a person, together. */
  countWaysIn(id: UserId): Promise<number>;
  /**
   * Names of workspaces of which this person is the only owner, and which somebody else, a key that works or credits
   * depend on.
   */
  soleOwnerOf(id: UserId): Promise<readonly string[]>;
  /** Takes the person out of every workspace; one that nobody is left in is suspended. @param at Unix milliseconds */
  leaveAll(id: UserId, at: number): Promise<void>;
  /** Deletes a bounded part of what has ended. */
  prune(now: number): Promise<void>;
};
