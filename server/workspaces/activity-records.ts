// What a workspace can look back on: ledger entries, and the headline of a request.
// server/storage/activity-store.ts implements it.

import type { WorkspaceId } from "../contracts/ids.ts";
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

export type ActivityRecords = CreditRecords & {
  /** Newest first, those with a sequence below `before`. */
  listEntries(
    workspaceId: WorkspaceId,
    page: { readonly before: number | undefined; readonly limit: number },
  ): Promise<EntryHeadline[]>;
};
