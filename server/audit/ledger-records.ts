// The ledger's rows as an audit reads them: as they are stored, unchecked, so that a row no writer of ours would have
// written is reported instead of failing the reading. server/storage implements the readers.

import type { HashedEntry } from "../ledger/entry-hash.ts";

export type AuditedEntry = HashedEntry & {
  readonly hash: string;
  /** Of the request's usage row, for debits and refunds; undefined when there is none. */
  readonly usageDebit: bigint | undefined;
  readonly usageEntrySequence: number | undefined;
  readonly usagePriceVersion: string | undefined;
  readonly usageUnbillableReason: string | undefined;
};

export type AuditedAccount = {
  readonly workspaceId: string;
  readonly balance: bigint;
  readonly held: bigint;
  readonly pledged: bigint;
  readonly entrySequence: number;
  readonly chainHead: string;
};

export type AuditedHold = {
  readonly workspaceId: string;
  readonly requestId: string;
  readonly amount: bigint;
  readonly ceiling: bigint;
  /** JSON list of texts. */
  readonly scopes: string;
};

export type AuditedCounter = { readonly scope: string; readonly pledged: bigint };

/** `prices` is JSON: model -> unit -> picodollars as text. */
export type AuditedPriceList = { readonly version: string; readonly prices: string };

export type AuditedUsage = { readonly workspaceId: string; readonly requestId: string };

/** One moment of the ledger: nothing that is written meanwhile is seen. `undefined` stands for every workspace. */
export type LedgerRecords = {
  /** By workspace, then by sequence. */
  entryPages(workspaceId: string | undefined): AsyncIterable<readonly AuditedEntry[]>;
  accounts(workspaceId: string | undefined): Promise<readonly AuditedAccount[]>;
  openHolds(workspaceId: string | undefined): Promise<readonly AuditedHold[]>;
  counters(): Promise<readonly AuditedCounter[]>;
  priceLists(): Promise<readonly AuditedPriceList[]>;
  /** How many usage rows say that they were debited, by workspace. */
  debitedUsage(workspaceId: string | undefined): Promise<ReadonlyMap<string, number>>;
  /** Usage rows that say so and have no such entry, at most `limit`. */
  usageWithoutEntry(workspaceId: string | undefined, limit: number): Promise<readonly AuditedUsage[]>;
};

/** A request's model calls, as stored (storage/model-calls.ts reads them). */
export type AuditedCall = {
  readonly model: string;
  readonly provider: string;
  readonly upstreamModel: string;
  /** Picodollars at retail. */
  readonly cost: bigint;
  /** Undefined when the provider did not say. */
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
};

/** Unix milliseconds, from the first to before the second; undefined is open. */
export type Period = { readonly from: number | undefined; readonly to: number | undefined };

export type CallRecords = {
  /** The model calls of requests that arrived in the period. */
  callPages(period: Period): AsyncIterable<readonly AuditedCall[]>;
};
