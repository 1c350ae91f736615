// Idempotency keys in the database, on any engine. Each change is one statement, so that it happens whole or not at all;
// the answer itself is written by the ledger's transaction.

import type { ExpressionBuilder, Kysely } from "kysely";
import { asId, type RequestId, type WorkspaceId } from "../contracts/ids.ts";
import type { FoundClaim, IdempotencyRecords, KeyClaim } from "../idempotency/idempotency-records.ts";
import type { Tables } from "./database.ts";
import { claimColumns, claimInserter } from "./insert-claims.ts";

export function idempotencyStore(query: Kysely<Tables>): IdempotencyRecords {
  return {
    find: (keyHash) => find(query, keyHash),
    insert: claimInserter(query),
    takeOver: (found, claim) => takeOver(query, found, claim),
    async renew({ keyHash, requestId }, leaseUntil) {
      const renewed = await query
        .updateTable("idempotent_requests")
        .set({ lease_until: leaseUntil })
        .where("key_hash", "=", keyHash)
        .where("request_id", "=", requestId)
        .where("answer", "is", null)
        .returning("key_hash")
        .executeTakeFirst();
      return renewed !== undefined;
    },
    async release({ keyHash, requestId }) {
      await query
        .deleteFrom("idempotent_requests")
        .where("key_hash", "=", keyHash)
        .where("request_id", "=", requestId)
        .where("answer", "is", null)
        .execute();
    },
    prune: (nowMs, limit) => prune(query, nowMs, limit),
  };
}

async function find(query: Kysely<Tables>, keyHash: string): Promise<FoundClaim | undefined> {
  const row = await query
    .selectFrom("idempotent_requests")
    .selectAll()
    .select((where) => where.exists(openHold(where)).as("hold_open"))
    .where("key_hash", "=", keyHash)
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    keyHash,
    bodyHash: row.body_hash,
    workspaceId: asId<WorkspaceId>(row.workspace_id),
    requestId: asId<RequestId>(row.request_id),
    leaseUntil: Number(row.lease_until),
    expiresAt: Number(row.expires_at),
    answer: row.answer ?? undefined,
    holdOpen: Boolean(row.hold_open),
  };
}

async function takeOver(query: Kysely<Tables>, found: FoundClaim, claim: KeyClaim): Promise<boolean> {
  const taken = await query
    .updateTable("idempotent_requests")
    .set(claimColumns(claim))
    .where("key_hash", "=", found.keyHash)
    .where("request_id", "=", found.requestId)
    .where("lease_until", "=", found.leaseUntil)
    .where("expires_at", "=", found.expiresAt)
    .where("answer", found.answer ? "is not" : "is", null)
    .where((where) => where.not(where.exists(openHold(where))))
    .returning("key_hash")
    .executeTakeFirst();
  return taken !== undefined;
}

async function prune(query: Kysely<Tables>, nowMs: number, limit: number): Promise<number> {
  const expired = query
    .selectFrom("idempotent_requests")
    .select("key_hash")
    .where("expires_at", "<=", nowMs)
    .where("lease_until", "<=", nowMs)
    .where((where) => where.not(where.exists(openHold(where))))
    .orderBy("expires_at")
    .limit(limit);
  // The second test is for rows that were taken over since the first.
  const deleted = await query
    .deleteFrom("idempotent_requests")
    .where("key_hash", "in", expired)
    .where("expires_at", "<=", nowMs)
    .executeTakeFirst();
  return Number(deleted.numDeletedRows);
}

/** The hold of the row's request while it is open: only then can the request still be debited. */
function openHold(where: ExpressionBuilder<Tables, "idempotent_requests">) {
  return where
    .selectFrom("holds")
    .select("holds.request_id")
    .whereRef("holds.request_id", "=", "idempotent_requests.request_id")
    .where("holds.state", "=", "open");
}
