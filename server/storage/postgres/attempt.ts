// A commit whose answer was lost with its connection: what it would have written, by which one can tell later whether
// it was. A batch is one transaction, so any one of its writes proves them all.

import type { ClientBase, QueryConfig } from "pg";
import type { RequestId, WorkspaceId } from "../../contracts/ids.ts";
import type { LedgerChanges, LedgerState } from "../../ledger/batch.ts";
import type { BatchItem } from "../../ledger/group-commit.ts";
import type { Hold, OperationResult } from "../../ledger/operations.ts";
import { beginLocked } from "./load-batch.ts";
import { hasLeft } from "./write-batch.ts";

export type Attempt = {
  /** As `performance.now()` gives it. */
  readonly madeAt: number;
  readonly workspaceIds: readonly WorkspaceId[];
  readonly proof: Proof;
  readonly results: ReadonlyMap<BatchItem, OperationResult | undefined>;
};

type Proof =
  | { readonly kind: "entry"; readonly workspaceId: WorkspaceId; readonly sequence: number; readonly hash: string }
  | { readonly kind: "usage"; readonly workspaceId: WorkspaceId; readonly requestId: RequestId }
  | { readonly kind: "hold"; readonly hold: Hold };

/** Undefined when the batch wrote nothing, so that there is nothing to be in doubt about. */
export function attemptOf(
  batch: readonly BatchItem[],
  { loaded, changes }: { readonly loaded: LedgerState; readonly changes: LedgerChanges },
  results: readonly (OperationResult | undefined)[],
): Attempt | undefined {
  const proof = proofOf(batch, changes, loaded);
  if (!proof) return undefined;
  const workspaceIds = [...loaded.accounts.keys()];
  return {
    madeAt: performance.now(),
    workspaceIds,
    proof,
    results: new Map(batch.map((item, index) => [item, results[index]])),
  };
}

/** An entry's hash and a request's id exist only once, so those prove best. */
function proofOf(batch: readonly BatchItem[], changes: LedgerChanges, loaded: LedgerState): Proof | undefined {
  const [entry] = changes.entries;
  if (entry) return { kind: "entry", workspaceId: entry.workspaceId, sequence: entry.sequence, hash: entry.hash };
  const usage = batch.find(({ record }) => record)?.record?.usage;
  if (usage) return { kind: "usage", workspaceId: usage.workspaceId, requestId: usage.requestId };
  // The absence of a hold says something only where there was one.
  const hold = [...changes.holds.values()].find((one) => !hasLeft(one) || loaded.holds.has(one.requestId));
  return hold && { kind: "hold", hold };
}

/**
 * Whether the attempt was committed. Waits behind the accounts' locks: a server that has not noticed the lost connection
 * may still be at it, and lets go of them when it is done. Leaves no transaction open.
 */
export async function wasCommitted(client: ClientBase, { workspaceIds, proof }: Attempt): Promise<boolean> {
  const [begun, locked] = beginLocked(client, workspaceIds);
  const [, , found] = await Promise.all([begun, locked, isThere(client, proof), client.query("ROLLBACK")]);
  return found;
}

async function isThere(client: ClientBase, proof: Proof): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(questionOf(proof));
  return rows[0]?.found ?? false;
}

function questionOf(proof: Proof): QueryConfig {
  switch (proof.kind) {
    case "entry":
      return {
        text: `SELECT EXISTS (SELECT 1 FROM ledger_entries WHERE workspace_id = $1 AND sequence = $2 AND hash = $3) AS found`,
        values: [proof.workspaceId, proof.sequence, proof.hash],
      };
    case "usage":
      return {
        text: "SELECT EXISTS (SELECT 1 FROM usage_rows WHERE workspace_id = $1 AND request_id = $2) AS found",
        values: [proof.workspaceId, proof.requestId],
      };
    case "hold":
      return hasLeft(proof.hold) ? isGone(proof.hold) : isAsWritten(proof.hold);
  }
}

function isGone({ requestId }: Hold): QueryConfig {
  return { text: "SELECT NOT EXISTS (SELECT 1 FROM holds WHERE request_id = $1) AS found", values: [requestId] };
}

/** A sweep may have expired it since; its figures stay. */
function isAsWritten({ requestId, amount, ceiling, expiresAt, state }: Hold): QueryConfig {
  return {
    text: `SELECT EXISTS (SELECT 1 FROM holds WHERE request_id = $1 AND amount = $2 AND ceiling = $3
      AND expires_at = $4 AND state IN ($5, 'expired')) AS found`,
    values: [requestId, amount, ceiling, expiresAt, state],
  };
}
