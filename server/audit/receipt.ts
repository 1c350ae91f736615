// A receipt: what one request was charged and why, with its place in the chain. Whoever keeps it can hold the ledger to it.

import type { RequestId, WorkspaceId } from "../contracts/ids.ts";
import type { EntryLine } from "../ledger/operations.ts";
import type { UsageRow } from "../ledger/request-record.ts";
import { formatUsd, type Picodollars } from "../money/picodollars.ts";

/** The debit of a request. */
export type ReceiptEntry = {
  readonly sequence: number;
  readonly id: string;
  readonly hash: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly lines: readonly EntryLine[];
  readonly uncollected: Picodollars;
};

export type ReceiptFacts = {
  readonly usage: Omit<UsageRow, "usage" | "entrySequence">;
  /** Undefined when nothing was debited. */
  readonly entry: ReceiptEntry | undefined;
};

export type ReceiptRecords = {
  /** Undefined for unknown requests, those of other workspaces, and those that still run. */
  find(workspaceId: WorkspaceId, requestId: RequestId): Promise<ReceiptFacts | undefined>;
};

/** What is signed, with `iss` as JSON Web Tokens have it. Amounts are decimal USD with twelve places, times ISO 8601. */
export type Receipt = ReturnType<typeof receiptOf>;

/** @param issuer the server's public address */
export function receiptOf({ usage, entry }: ReceiptFacts, issuer: string) {
  return {
    object: "receipt" as const,
    iss: issuer,
    request_id: usage.requestId,
    workspace: usage.workspaceId,
    key_id: usage.keyId,
    created_at: isoTime(usage.createdAt),
    requested_model: usage.requestedModel,
    model: usage.model ?? null,
    provider: usage.provider ?? null,
    status: usage.unbillableReason === undefined ? ("billed" as const) : ("unbillable" as const),
    reason: usage.unbillableReason ?? null,
    price_version: usage.priceVersion,
    lines: (entry?.lines ?? []).map((line) => ({
      model: line.model,
      provider: line.provider,
      unit: line.unit,
      count: line.count,
      unit_price_usd: formatUsd(line.unitPrice),
      amount_usd: formatUsd(line.amount),
    })),
    debit_usd: formatUsd(usage.debit),
    uncollected_usd: entry ? formatUsd(entry.uncollected) : "0.000000000000",
    entry: entry
      ? { sequence: entry.sequence, id: entry.id, hash: entry.hash, created_at: isoTime(entry.createdAt) }
      : null,
  };
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
