// How kept responses are found again. A response belongs to its workspace and to its mode: live and test keys have
// nothing in common. For anybody else it does not exist.

import type { RequestId, WorkspaceId } from "../contracts/ids.ts";

export type ResponseMode = "live" | "test";

export type ResponseOwner = { readonly workspaceId: WorkspaceId; readonly mode: ResponseMode };

export type ResponseRow = {
  /** The request that it answered. */
  readonly requestId: RequestId;
  /** The response that it continues; undefined: it begins a conversation. */
  readonly previous: RequestId | undefined;
  readonly sealed: Uint8Array;
};

export type ResponseRecords = {
  /**
   * The response and those it continues, the newest first, until one is missing, expired or `most` are found; empty when
   * there is no such response. @param nowMs whole Unix milliseconds
   */
  chain(owner: ResponseOwner, requestId: RequestId, most: number, nowMs: number): Promise<ResponseRow[]>;
  /** Whether there was one to delete. @param nowMs whole Unix milliseconds */
  delete(owner: ResponseOwner, requestId: RequestId, nowMs: number): Promise<boolean>;
};
