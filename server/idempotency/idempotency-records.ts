// What claims need stored: one row per key of the last day. Storage implements it.

import type { RequestId, WorkspaceId } from "../contracts/ids.ts";

/** A request that holds a key, or wants it. Times are whole Unix milliseconds. */
export type KeyClaim = {
  /** Keyed hash of the API key's id and the header's value. */
  readonly keyHash: string;
  /** Keyed hash of the protocol and the body. */
  readonly bodyHash: string;
  readonly workspaceId: WorkspaceId;
  readonly requestId: RequestId;
  /** Until then the request counts as running even without an open hold. */
  readonly leaseUntil: number;
  /** After this the key is free again. */
  readonly expiresAt: number;
};

/** A key as it is found. */
export type FoundClaim = KeyClaim & {
  /** Sealed (sealed-reply.ts); undefined while there is none. */
  readonly answer: Uint8Array | undefined;
  /** Whether the request could still be debited. */
  readonly holdOpen: boolean;
};

/** Every change is durable when it resolves. */
export type IdempotencyRecords = {
  find(keyHash: string): Promise<FoundClaim | undefined>;
  /** False when the key has a row already. */
  insert(claim: KeyClaim): Promise<boolean>;
  /** Replaces what was found, unless it has changed since or its hold is open; false then. */
  takeOver(found: FoundClaim, claim: KeyClaim): Promise<boolean>;
  /** Extends the lease of a request without an answer; false when it no longer has the key. */
  renew(claim: Pick<KeyClaim, "keyHash" | "requestId">, leaseUntil: number): Promise<boolean>;
  /** Frees the key of a request that ended without an answer to keep. */
  release(claim: Pick<KeyClaim, "keyHash" | "requestId">): Promise<void>;
  /** Deletes at most `limit` rows that have expired and are not running; returns how many. */
  prune(nowMs: number, limit: number): Promise<number>;
};
