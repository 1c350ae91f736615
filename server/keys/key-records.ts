// What the key domain asks of storage. server/storage/key-store.ts implements it.

import type { KeyId, WorkspaceId } from "../contracts/ids.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import type { ApiKey } from "./api-key.ts";

/** A key as the request path needs it: with the workspace that pays. */
export type AuthenticatedKey = { readonly key: ApiKey; readonly workspace: Workspace };

/** Changes to a key. An absent property stays as it is; one given as undefined removes the limit or assignment. */
export type KeyChanges = Partial<
  Pick<ApiKey, "name" | "stackId" | "rateLimitPerMinute" | "spendLimit" | "budget" | "allowedModels" | "expiresAt">
>;

export type KeyRecords = {
  insert(key: ApiKey, secretHash: string): Promise<void>;
  findByHash(secretHash: string): Promise<AuthenticatedKey | undefined>;
  find(workspaceId: WorkspaceId, id: KeyId): Promise<ApiKey | undefined>;
  /** Newest first, those before `before`, at most `limit`. */
  list(
    workspaceId: WorkspaceId,
    page: { readonly before: KeyId | undefined; readonly limit: number },
  ): Promise<ApiKey[]>;
  update(workspaceId: WorkspaceId, id: KeyId, changes: KeyChanges): Promise<void>;
  /** Keeps the first moment when the key is revoked already. */
  revoke(workspaceId: WorkspaceId, id: KeyId, at: number): Promise<void>;
};
