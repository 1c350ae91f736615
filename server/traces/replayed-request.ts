// Requests of the past as they can be planned again: what their trace and usage row recorded.
// server/storage/replay-store.ts finds them.

import type { KeyId, WorkspaceId } from "../contracts/ids.ts";
import type { Usage } from "../conversation/usage.ts";
import type { UsageRow } from "../ledger/request-record.ts";
import type { StoredTrace } from "./stored-trace.ts";

export type ReplayedRequest = Pick<
  UsageRow,
  | "requestId"
  | "keyId"
  | "createdAt"
  | "requestedModel"
  | "stackSlug"
  | "stackVersion"
  | "model"
  | "provider"
  | "unbillableReason"
  | "httpStatus"
  | "debit"
> & {
  readonly usage: Usage;
  /** Undefined when the stack keeps no traces, or this one is past its retention. */
  readonly stored: StoredTrace | undefined;
};

/** Which requests; what is undefined restricts nothing. */
export type ReplayScope = {
  readonly keyId: KeyId | undefined;
  readonly stackSlug: string | undefined;
  /** Unix milliseconds; `since` inclusive, `until` exclusive. */
  readonly since: number | undefined;
  readonly until: number | undefined;
};

export type ReplayRecords = {
  /**
   * The newest requests of a scope, newest first, at most `limit`. Looks at a bounded number of requests: in a large
   * workspace the rarely used may be found in part.
   */
  list(workspaceId: WorkspaceId, scope: ReplayScope, limit: number): Promise<ReplayedRequest[]>;
};
