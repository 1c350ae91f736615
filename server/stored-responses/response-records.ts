// How kept responses are found again. A response belongs to its workspace and to its mode: live and test keys have
// nothing in common. For anybody else it does not exist.

import type { RequestId, WorkspaceId } from "../contracts/ids.ts";

export type ResponseMode = "live" | "test";

export type ResponseOwner = { readonly workspaceId: WorkspaceId; readonly mode: ResponseMode };

export type TurnRow = {
  /** The request that the response answered. */
  readonly requestId: RequestId;
  /** The response that it continues; undefined: it begins a conversation. */
  readonly previous: RequestId | undefined;
  /** Sealed: what was said and answered. */
  readonly turn: Uint8Array;
};

export type ResponseRecords = {
  /** A response's sealed parts; undefined when there is none. @param nowMs whole Unix milliseconds */
  find(
    owner: ResponseOwner,
    requestId: RequestId,
    nowMs: number,
  ): Promise<{ readonly turn: Uint8Array; readonly rest: Uint8Array } | undefined>;
  /**
   * The turns of the response and of those it continues, the newest first, until one is missing, expired or `most` are
   * found; empty when there is no such response. @param nowMs whole Unix milliseconds
   */
  chain(owner: ResponseOwner, requestId: RequestId, most: number, nowMs: number): Promise<TurnRow[]>;
  /** Whether there was one to delete. @param nowMs whole Unix milliseconds */
  delete(owner: ResponseOwner, requestId: RequestId, nowMs: number): Promise<boolean>;
};
