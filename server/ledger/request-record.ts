// What is written down about one request when it ends: usage row, model calls, trace, texts and response, in the settling transaction.

import type { KeyId, RequestId, WorkspaceId } from "../contracts/ids.ts";
import type { Usage } from "../conversation/usage.ts";
import { noMoney, picodollars, type Picodollars } from "../money/picodollars.ts";
import type { OperationResult } from "./operations.ts";

export type UsageRow = {
  readonly requestId: RequestId;
  readonly workspaceId: WorkspaceId;
  readonly keyId: KeyId;
  /** Unix milliseconds at arrival. */
  readonly createdAt: number;
  readonly protocol: string;
  readonly requestedModel: string;
  readonly stackSlug: string | undefined;
  readonly stackVersion: number | undefined;
  readonly model: string | undefined;
  readonly provider: string | undefined;
  /** Why nothing is debited; undefined: to be billed. Settling an expired hold makes it `hold_expired`. */
  readonly unbillableReason: string | undefined;
  readonly httpStatus: number;
  /** Summed over billed attempts. */
  readonly usage: Usage;
  /** What was shown as held, and what was reserved at most. */
  readonly hold: Picodollars;
  readonly ceiling: Picodollars;
  /** Filled in when the settlement is written. */
  readonly debit: Picodollars;
  /** Number of the debit's ledger entry; filled in when the settlement is written, undefined when there is none. */
  readonly entrySequence: number | undefined;
  readonly priceVersion: string;
  readonly firstByteMs: number | undefined;
  readonly totalMs: number;
  /** What kind of request it was taken for; undefined when it was refused before that. */
  readonly category: string | undefined;
  /** What the strongest allowed model was expected to cost; undefined without one to compare with. */
  readonly baseline: Picodollars | undefined;
  /** Baseline minus what the plan's first candidate was expected to cost; may be negative. */
  readonly savings: Picodollars | undefined;
};

export type ModelCallRow = {
  readonly attempt: number;
  readonly model: string;
  readonly provider: string;
  readonly upstreamModel: string;
  readonly outcome: string;
  readonly failure: string | undefined;
  readonly upstreamStatus: number | undefined;
  readonly usage: Usage;
  /** What the attempt's usage costs at retail, debited or not. */
  readonly cost: Picodollars;
  readonly firstByteMs: number | undefined;
  readonly totalMs: number;
};

export type RequestRecord = {
  readonly usage: UsageRow;
  readonly calls: readonly ModelCallRow[];
  /** What only the trace knows, as JSON text (traces/stored-trace.ts); undefined when the stack keeps none. */
  readonly trace: { readonly json: string; readonly expiresAt: number } | undefined;
  /** Prompt and answer, encrypted; undefined unless the stack stores them. */
  readonly text: { readonly sealed: Uint8Array; readonly expiresAt: number } | undefined;
  /** The answer to keep for repeats of the request (its Idempotency-Key); undefined: none. */
  readonly kept: KeptAnswer | undefined;
  /** The response to keep because its caller asked for it; absent: none. */
  readonly response?: ResponseToStore | undefined;
};

export type ResponseToStore = {
  readonly mode: "live" | "test";
  /** The request of the response that this one continues. */
  readonly previous: RequestId | undefined;
  /** Unix milliseconds after which it is forgotten. */
  readonly expiresAt: number;
  /** Makes what is stored from the settlement's outcome, within its transaction; quick and synchronous. */
  readonly sealed: (settled: SettledUsage) => SealedResponse;
};

/** What was said and answered, and the response around the answer; each encrypted. */
export type SealedResponse = { readonly turn: Uint8Array; readonly rest: Uint8Array };

export type KeptAnswer = {
  readonly keyHash: string;
  /** Makes what is stored from the settlement's outcome, within its transaction; quick and synchronous. */
  readonly answer: (settled: SettledUsage) => Uint8Array;
  /** Unix milliseconds after which it is forgotten. */
  readonly expiresAt: number;
};

/** What settling made of a usage row: the debit is what the ledger took, not what was asked for. */
export type SettledUsage = Pick<UsageRow, "debit" | "entrySequence" | "unbillableReason">;

/** The money columns of a usage row, from the outcome of its settlement; undefined: no money was to move. */
export function settledUsage(usage: UsageRow, result: OperationResult | undefined): SettledUsage {
  const nothing = { debit: noMoney, entrySequence: undefined };
  if (result === undefined) return { ...nothing, unbillableReason: usage.unbillableReason };
  if (!result.ok) return { ...nothing, unbillableReason: usage.unbillableReason ?? "hold_expired" };
  const { entry } = result;
  if (!entry) return { ...nothing, unbillableReason: usage.unbillableReason };
  const debit = picodollars(-entry.amount);
  return { debit, entrySequence: entry.sequence, unbillableReason: usage.unbillableReason };
}
