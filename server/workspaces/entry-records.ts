// A workspace's ledger as its people read it: filtered, in pages, with totals. server/storage/entry-store.ts implements it.

import type { KeyId, RequestId, WorkspaceId } from "../contracts/ids.ts";
import type { Counterpart, Entry, EntryKind } from "../ledger/operations.ts";
import type { Picodollars } from "../money/picodollars.ts";

/** A ledger entry without its lines: those belong to the request's trace. */
export type ReadEntry = Omit<Entry, "lines">;

/** Every condition that is given holds; undefined asks for nothing. */
export type EntryFilter = {
  readonly kinds: readonly EntryKind[] | undefined;
  readonly counterpart: Counterpart | undefined;
  /** Unix milliseconds, from the first to before the second. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly keyId: KeyId | undefined;
  readonly requestId: RequestId | undefined;
  /** A part of the memo, in any case. */
  readonly text: string | undefined;
};

/** Entries above `above`, up to and including `upTo`. */
export type SequenceRange = { readonly above: number; readonly upTo: number };

export type KindTotal = { readonly kind: EntryKind; readonly entries: number; readonly amount: Picodollars };

export type EntryRecords = {
  /** The number of the last entry; zero before the first. */
  lastSequence(workspaceId: WorkspaceId): Promise<number>;
  /** One entry's moment and balance; undefined when there is none of this number. */
  at(workspaceId: WorkspaceId, sequence: number): Promise<Pick<Entry, "createdAt" | "balanceAfter"> | undefined>;
  /** The numbers of a request's debit and of what was given back of it. */
  sequencesOf(workspaceId: WorkspaceId, requestId: RequestId): Promise<readonly number[]>;
  /** Newest first. */
  list(workspaceId: WorkspaceId, filter: EntryFilter, range: SequenceRange, limit: number): Promise<ReadEntry[]>;
  totals(workspaceId: WorkspaceId, filter: EntryFilter, range: SequenceRange): Promise<KindTotal[]>;
  /** The lines of debits as they are stored, oldest first, with what the entry came to. */
  lines(
    workspaceId: WorkspaceId,
    range: SequenceRange,
  ): Promise<readonly { readonly lines: string; readonly amount: Picodollars }[]>;
};
