// What is written down about one request when it ends: usage row, model calls and trace, in the settling transaction.

import type { KeyId, RequestId, WorkspaceId } from "../contracts/ids.ts";
import type { Usage } from "../conversation/usage.ts";
import type { Picodollars } from "../money/picodollars.ts";
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
  /** Undefined: billed. */
  readonly unbillableReason: string | undefined;
  readonly httpStatus: number;
  /** Summed over billed attempts. */
  readonly usage: Usage;
  readonly hold: Picodollars;
  readonly debit: Picodollars;
  /** Number of the debit's ledger entry; undefined when there is none. */
  readonly entrySequence: number | undefined;
  readonly priceVersion: string;
  readonly firstByteMs: number | undefined;
  readonly totalMs: number;
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
  /** The route trace as JSON text; undefined when the stack keeps none. */
  readonly trace: { readonly json: string; readonly expiresAt: number } | undefined;
};

/** The record once the outcome of its operation is known; called inside the transaction, so it must not wait or throw. */
export type RecordFor = (result: OperationResult | undefined) => RequestRecord;
