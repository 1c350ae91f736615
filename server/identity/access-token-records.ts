// What access tokens ask of storage. server/storage/identity/access-token-store.ts implements it.

import type { AccessTokenId, UserId } from "../contracts/ids.ts";
import type { AccessToken, ListedAccessToken } from "./access-token.ts";

export type OwnedAccessToken = {
  readonly token: AccessToken;
  readonly person: {
    readonly email: string;
    readonly name: string;
    /** Whether an operator has shut them out. */
    readonly isDisabled: boolean;
  };
};

/** Each method is one transaction. Times are Unix milliseconds. */
export type AccessTokenRecords = {
  insert(token: AccessToken, tokenHash: string): Promise<void>;
  /** Those that work. */
  count(userId: UserId, now: number): Promise<number>;
  /** Newest first, without revoked ones; at most 200. */
  list(userId: UserId): Promise<readonly ListedAccessToken[]>;
  /** Also a revoked one; undefined when the person has none of this id. */
  find(userId: UserId, id: AccessTokenId): Promise<ListedAccessToken | undefined>;
  findByHash(tokenHash: string): Promise<OwnedAccessToken | undefined>;
  /** Keeps the first moment when it is revoked already. */
  revoke(userId: UserId, id: AccessTokenId, at: number): Promise<void>;
  /** Moves times of last use forward, never back. */
  recordUses(uses: ReadonlyMap<AccessTokenId, number>): Promise<void>;
  /** Deletes a bounded part of those that ended before. */
  prune(endedBefore: number): Promise<void>;
};
