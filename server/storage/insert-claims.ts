// Claims of idempotency keys that arrive together are written together: each statement is a durable commit of its own,
// and requests with a key should not pay one each.

import type { Kysely } from "kysely";
import type { KeyClaim } from "../idempotency/idempotency-records.ts";
import type { Tables } from "./database.ts";

/** Most rows of one statement; databases bound its parameters. */
const mostTogether = 200;

type Waiting = {
  readonly claim: KeyClaim;
  readonly resolve: (inserted: boolean) => void;
  readonly reject: (error: unknown) => void;
};

/** Inserts a claim; false when its key has a row already, or another claim of the same moment got it. */
export function claimInserter(query: Kysely<Tables>): (claim: KeyClaim) => Promise<boolean> {
  const waiting: Waiting[] = [];
  let running = false;
  const drain = async (): Promise<void> => {
    while (waiting.length > 0) await insertTogether(query, waiting.splice(0, mostTogether));
    running = false;
  };
  return (claim) =>
    new Promise((resolve, reject) => {
      waiting.push({ claim, resolve, reject });
      if (running) return;
      running = true;
      setImmediate(() => void drain());
    });
}

async function insertTogether(query: Kysely<Tables>, batch: readonly Waiting[]): Promise<void> {
  try {
    // In one order everywhere, so that two processes never wait for each other's rows.
    const claims = batch.map(({ claim }) => claim).sort((one, other) => (one.keyHash < other.keyHash ? -1 : 1));
    const rows = claims.map((claim) => ({ key_hash: claim.keyHash, ...claimColumns(claim) }));
    const inserted = await query
      .insertInto("idempotent_requests")
      .values(rows)
      .onConflict((conflict) => conflict.column("key_hash").doNothing())
      .returning("request_id")
      .execute();
    const winners = new Set(inserted.map((row) => row.request_id));
    for (const { claim, resolve } of batch) resolve(winners.has(claim.requestId));
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}

/** A claim's columns, its key apart. */
export function claimColumns(claim: KeyClaim) {
  return {
    workspace_id: claim.workspaceId,
    body_hash: claim.bodyHash,
    request_id: claim.requestId,
    lease_until: claim.leaseUntil,
    answer: null,
    expires_at: claim.expiresAt,
  };
}
