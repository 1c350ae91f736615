// What operators see of the whole installation, as asked of storage. server/storage/operator-store.ts implements it.

import type { UserId, WorkspaceId } from "../contracts/ids.ts";
import type { Picodollars } from "../money/picodollars.ts";
import type { Workspace, WorkspaceStatus } from "./workspace.ts";

export type WorkspaceOverview = {
  readonly workspace: Workspace;
  readonly balance: Picodollars;
  readonly held: Picodollars;
  readonly memberCount: number;
  /** At most five. */
  readonly ownerEmails: readonly string[];
};

export type PersonOverview = {
  readonly id: UserId;
  readonly email: string;
  readonly name: string;
  readonly isOperator: boolean;
  /** Why they are shut out; undefined: they are not. */
  readonly disabledReason: string | undefined;
  readonly workspaceCount: number;
  /** Unix milliseconds. */
  readonly createdAt: number;
};

type Search<Id> = {
  /** A part of a name or an address, or a whole id; undefined: all. */
  readonly search: string | undefined;
  readonly before: Id | undefined;
  readonly limit: number;
};

export type OperatorRecords = {
  /** Newest first. */
  listWorkspaces(
    page: Search<WorkspaceId> & { readonly status: WorkspaceStatus | undefined },
  ): Promise<WorkspaceOverview[]>;
  findWorkspace(id: WorkspaceId): Promise<WorkspaceOverview | undefined>;
  /** Newest first. */
  listPeople(page: Search<UserId>): Promise<PersonOverview[]>;
  findPerson(id: UserId): Promise<PersonOverview | undefined>;
  setOperator(id: UserId, isOperator: boolean): Promise<void>;
  /** Shuts out and ends every session, in one transaction. */
  disable(id: UserId, reason: string, at: number): Promise<void>;
  enable(id: UserId): Promise<void>;
  /** How many there were. */
  endSessions(id: UserId): Promise<number>;
  operatorEmails(limit: number): Promise<string[]>;
  /** Newest first; all of them, a handful a year. */
  priceLists(): Promise<{ readonly version: string; readonly modelCount: number; readonly recordedAt: number }[]>;
};
