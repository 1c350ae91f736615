// What a workspace can look back on: ledger entries, usage and traces, as the control plane lists them.
// server/storage/activity-store.ts implements it.

import type { RequestId, WorkspaceId } from "../contracts/ids.ts";
import type { Entry } from "../ledger/operations.ts";
import type { UsageRow } from "../ledger/request-record.ts";
import type { CreditRecords } from "./grant-credit.ts";

/** A ledger entry without its lines: those belong to the request's trace. */
export type EntryHeadline = Omit<Entry, "lines">;

export type TokenCounts = {
  readonly input: number | undefined;
  readonly cachedInput: number | undefined;
  readonly cacheWrite: number | undefined;
  readonly output: number | undefined;
  readonly reasoning: number | undefined;
};

/** One request's usage. A token count is undefined when the provider did not say. */
export type UsageHeadline = Omit<UsageRow, "usage" | "workspaceId" | "entrySequence"> & {
  readonly tokens: TokenCounts;
};

export type TraceHeadline = Pick<UsageRow, "requestId" | "createdAt"> & {
  /** Unix milliseconds after which the trace is deleted. */
  readonly expiresAt: number;
  /** Undefined when the usage row is gone. */
  readonly usage:
    Pick<UsageRow, "keyId" | "requestedModel" | "model" | "provider" | "httpStatus" | "debit"> | undefined;
};

export type ActivityRecords = CreditRecords & {
  /** Newest first, those with a sequence below `before`. */
  listEntries(
    workspaceId: WorkspaceId,
    page: { readonly before: number | undefined; readonly limit: number },
  ): Promise<EntryHeadline[]>;
  /** Newest first, those before this request. */
  listUsage(workspaceId: WorkspaceId, page: RequestPage): Promise<UsageHeadline[]>;
  /** Newest first, those before this request. */
  listTraces(workspaceId: WorkspaceId, page: RequestPage): Promise<TraceHeadline[]>;
};

export type RequestPage = { readonly before: RequestId | undefined; readonly limit: number };
