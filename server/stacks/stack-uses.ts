// Where stacks are used: as whose own, and by how many requests. server/storage/stack-uses-store.ts implements it.

import type { StackId, WorkspaceId } from "../contracts/ids.ts";
import type { Picodollars } from "../money/picodollars.ts";

export type UsingKey = {
  readonly id: string;
  readonly name: string;
  /** Public. */
  readonly prefix: string;
  readonly mode: "live" | "test";
};

export type SlugTraffic = {
  readonly slug: string;
  readonly requests: number;
  /** Of those: answered with an error. */
  readonly refused: number;
  readonly debit: Picodollars;
  /** Unix milliseconds. */
  readonly lastAt: number;
};

export type StackUseRecords = {
  /** How many keys that are not revoked have a stack as their own; stacks without one are missing. */
  keyCounts(workspaceId: WorkspaceId): Promise<ReadonlyMap<StackId, number>>;
  /** Newest first, at most `limit`. */
  keysWith(workspaceId: WorkspaceId, id: StackId, limit: number): Promise<UsingKey[]>;
  /** Requests since a moment, by the slug they ran under. Counts a bounded number of them, the newest. */
  traffic(
    workspaceId: WorkspaceId,
    since: number,
  ): Promise<{ readonly slugs: readonly SlugTraffic[]; readonly complete: boolean }>;
};
