// What access review asks of storage. server/storage/access-request-store.ts implements it.

import type { AccessRequestId, UserId, WorkspaceId } from "../contracts/ids.ts";

export const accessRequestStatuses = ["pending", "approved", "declined"] as const;
export type AccessRequestStatus = (typeof accessRequestStatuses)[number];

/** What somebody says of themselves who wants to use the server. */
export type AccessRequestAnswers = {
  readonly name: string;
  readonly company: string;
  readonly use: string;
  readonly monthlyVolume: string;
};

export type AccessRequest = AccessRequestAnswers & {
  readonly id: AccessRequestId;
  readonly workspaceId: WorkspaceId;
  readonly requestedBy: UserId;
  /** Where the decision is told. */
  readonly email: string;
  readonly status: AccessRequestStatus;
  /** The operator's, for the person to read; empty without one. */
  readonly note: string;
  /** A user's id, or `operator` for the token. */
  readonly decidedBy: string | undefined;
  /** Unix milliseconds, as `createdAt` is. */
  readonly decidedAt: number | undefined;
  readonly createdAt: number;
};

export type AccessDecision = Pick<AccessRequest, "note"> & {
  readonly status: "approved" | "declined";
  readonly decidedBy: string;
  readonly decidedAt: number;
};

export type AccessRequestRecords = {
  /** False, storing nothing, when one is pending already. */
  insert(request: AccessRequest): Promise<boolean>;
  find(id: AccessRequestId): Promise<AccessRequest | undefined>;
  latest(workspaceId: WorkspaceId): Promise<AccessRequest | undefined>;
  /** Newest first. */
  list(page: {
    readonly before: AccessRequestId | undefined;
    readonly limit: number;
    readonly status: AccessRequestStatus | undefined;
  }): Promise<AccessRequest[]>;
  /**
   * Decides a pending request; approval opens the workspace in the same transaction, if it still waits. False when the
   * request was decided already.
   */
  decide(id: AccessRequestId, decision: AccessDecision): Promise<boolean>;
};
