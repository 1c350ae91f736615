// A workspace's requests as they are looked up and added up: lists under a filter, and series over time.
// server/storage/usage-store.ts implements it.

import type { KeyId, RequestId, WorkspaceId } from "../contracts/ids.ts";
import type { Picodollars } from "../money/picodollars.ts";
import type { UsageHeadline } from "./activity-records.ts";

/** What sums are kept for: any of these narrows lists and series alike. Absent fields take everything. */
export type SummedFilter = {
  /** Unix milliseconds of arrival, from inclusive and to exclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly keyId?: KeyId | undefined;
  /** Any of these; none of them matches nothing. */
  readonly keyIds?: readonly KeyId[] | undefined;
  readonly model?: string | undefined;
  readonly provider?: string | undefined;
  readonly stack?: string | undefined;
  readonly category?: string | undefined;
};

export type UsageFilter = SummedFilter & {
  readonly requestedModel?: string | undefined;
  /** Least and most HTTP status. */
  readonly status?: readonly [number, number] | undefined;
  readonly billed?: boolean | undefined;
  readonly unbillableReason?: string | undefined;
  readonly leastDebit?: Picodollars | undefined;
  readonly leastMs?: number | undefined;
};

export type FoundUsage = {
  /** Newest first. */
  readonly rows: readonly UsageHeadline[];
  /** Where to search on; undefined: there is nothing further. A search that takes long stops before its limit. */
  readonly next: RequestId | undefined;
};

export const groupings = ["model", "key", "stack", "category", "provider"] as const;
export type Grouping = (typeof groupings)[number];
export const intervals = ["hour", "day", "month"] as const;
export type Interval = (typeof intervals)[number];
export const rankings = ["cost", "requests", "tokens", "savings", "errors"] as const;
export type Ranking = (typeof rankings)[number];

/** Sums over requests. Amounts are picodollars. */
export type UsageSums = {
  readonly requests: number;
  /** Answered with a status of 400 or more. */
  readonly errors: number;
  readonly unbilled: number;
  readonly debit: Picodollars;
  readonly savings: Picodollars;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  /** Answers by how long they took, in the ranges that `latency.ts` names. */
  readonly took: readonly number[];
};

export type SeriesQuery = {
  readonly filter: SummedFilter & { readonly from: number; readonly to: number };
  readonly interval: Interval;
  readonly groupBy: Grouping | undefined;
  readonly rankBy: Ranking;
  /** Groups named by themselves; what remains is one group more. */
  readonly top: number;
};

/** Undefined `name`: requests that have none, or all requests where nothing is grouped. */
export type SeriesGroup = { readonly kind: "named" | "rest"; readonly name: string | undefined };

export type Series = {
  /** The largest first, the rest last. */
  readonly groups: readonly (SeriesGroup & { readonly sums: UsageSums })[];
  /** In the order of time, intervals without requests left out. `group` is a place in `groups`. */
  readonly points: readonly { readonly startsAt: number; readonly group: number; readonly sums: UsageSums }[];
  readonly total: UsageSums;
};

export type UsageRecords = {
  /** One page of the requests that match, newest first, those before `before`. */
  find(
    workspaceId: WorkspaceId,
    filter: UsageFilter,
    page: { readonly before: RequestId | undefined; readonly limit: number },
  ): Promise<FoundUsage>;
  /** When the traces of these requests are deleted, in Unix milliseconds; those without a trace are missing. */
  traceExpiries(workspaceId: WorkspaceId, requestIds: readonly RequestId[]): Promise<ReadonlyMap<RequestId, number>>;
  /** Every name that requests since then have, by what it names; those of the last minutes are among them. */
  names(workspaceId: WorkspaceId, sinceMs: number): Promise<ReadonlyMap<Grouping, readonly string[]>>;
  /** `filter` begins and ends with an interval. */
  series(workspaceId: WorkspaceId, query: SeriesQuery): Promise<Series>;
};
