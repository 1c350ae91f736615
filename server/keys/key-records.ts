// What the key domain asks of storage. server/storage/key-store.ts implements it.

import type { KeyId, StackId, WorkspaceId } from "../contracts/ids.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import type { ApiKey, KeyMode } from "./api-key.ts";

/** A key as the request path needs it: with the workspace that pays. */
export type AuthenticatedKey = { readonly key: ApiKey; readonly workspace: Workspace };

/** A key found by a secret. The prefix is that of the secret, also when it is the one before the last rotation. */
export type KeyOfSecret = AuthenticatedKey & {
  /** Unix milliseconds at which the secret ends though the key goes on; undefined: it ends with the key. */
  readonly secretEndsAt: number | undefined;
};

export const keyStatuses = ["active", "expired", "revoked"] as const;
export type KeyStatus = (typeof keyStatuses)[number];

/** Which keys to list; what is undefined does not matter. */
export type KeyFilter = {
  readonly status: KeyStatus | undefined;
  readonly mode: KeyMode | undefined;
  readonly stackId: StackId | undefined;
  /** Part of a name, case ignored, or the start of a prefix. */
  readonly search: string | undefined;
};

export type KeyPage = { readonly before: KeyId | undefined; readonly limit: number };

/** The secret that takes a key's place. */
export type NewSecret = { readonly prefix: string; readonly hash: string };

/** Changes to a key. An absent property stays as it is; one given as undefined removes the limit or assignment. */
export type KeyChanges = Partial<
  Pick<ApiKey, "name" | "stackId" | "rateLimitPerMinute" | "spendLimit" | "budget" | "allowedModels" | "expiresAt">
>;

export type KeyRecords = {
  insert(key: ApiKey, secretHash: string): Promise<void>;
  /** Like `insert`; stores nothing while the workspace has a playground key of this mode that is not revoked. */
  insertPlayground(key: ApiKey, secretHash: string): Promise<void>;
  /** The newest, whatever its status. */
  findPlayground(workspaceId: WorkspaceId, mode: KeyMode): Promise<ApiKey | undefined>;
  findByHash(secretHash: string): Promise<KeyOfSecret | undefined>;
  find(workspaceId: WorkspaceId, id: KeyId): Promise<ApiKey | undefined>;
  /** Newest first, those before `before`, at most `limit`. @param now Unix milliseconds, for what has expired */
  list(workspaceId: WorkspaceId, page: KeyPage, filter: KeyFilter, now: number): Promise<ApiKey[]>;
  update(workspaceId: WorkspaceId, id: KeyId, changes: KeyChanges): Promise<void>;
  /** Keeps the first moment when the key is revoked already. */
  revoke(workspaceId: WorkspaceId, id: KeyId, at: number): Promise<void>;
  /** The secret of now becomes the previous one until `previousEndsAt`; the one before that ends. */
  rotate(
    workspaceId: WorkspaceId,
    id: KeyId,
    secret: NewSecret,
    times: { readonly at: number; readonly previousEndsAt: number },
  ): Promise<void>;
  /** Moves the times of last use of these keys forward, never back. Times are Unix milliseconds. */
  recordUses(uses: ReadonlyMap<KeyId, number>): Promise<void>;
};
