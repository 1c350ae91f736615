// Variables of an account's vault as records, and what the vault asks of storage. server/storage/variable-store.ts
// implements it.

import type { WorkspaceId } from "../contracts/ids.ts";

export type StoredVariable = {
  readonly workspaceId: WorkspaceId;
  readonly name: string;
  /** Whether its value can only be written. */
  readonly secret: boolean;
  /** The value, encrypted, of plain variables too. */
  readonly sealed: string;
  readonly description: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** By their address, as they were called then. */
  readonly updatedBy: string;
};

/** What is written; an undefined description stays as it was, or is empty. */
export type VariableWrite = Omit<StoredVariable, "createdAt" | "updatedAt" | "description"> & {
  readonly description: string | undefined;
  readonly at: number;
};

export type VariableChanges = {
  readonly sealed?: string;
  readonly secret?: boolean;
  readonly description?: string;
};

export type VariableRecords = {
  /** By name; all of them, since their number is bounded, or those of these names. */
  list(workspaceId: WorkspaceId, names?: readonly string[]): Promise<StoredVariable[]>;
  find(workspaceId: WorkspaceId, name: string): Promise<StoredVariable | undefined>;
  /**
   * Writes them one by one in one transaction.
   * @returns what happened to each: `kept` when it was there and `overwrite` is false, `full` when there are `most` already.
   */
  write(
    variables: readonly VariableWrite[],
    options: { readonly overwrite: boolean; readonly most: number },
  ): Promise<readonly ("written" | "kept" | "full")[]>;
  /** False when there is none of that name. */
  update(
    workspaceId: WorkspaceId,
    name: string,
    changes: VariableChanges & { readonly by: string; readonly at: number },
  ): Promise<boolean>;
  remove(workspaceId: WorkspaceId, name: string): Promise<boolean>;
};
