// Deletes what a request left behind once its retention ends: texts and responses, whose rows are alike in that.

import type { Kysely } from "kysely";
import type { Tables } from "./database.ts";

const prunedAtOnce = 500;

/** Deletes a bounded number of rows past their retention, the oldest first. @param nowMs whole */
export async function pruneExpired(
  query: Kysely<Tables>,
  table: "stored_texts" | "stored_responses",
  nowMs: number,
): Promise<void> {
  const expired = await query
    .selectFrom(table)
    .select(["workspace_id", "request_id"])
    .where("expires_at", "<=", nowMs)
    .orderBy("expires_at")
    .limit(prunedAtOnce)
    .execute();
  for (const { workspace_id, request_id } of expired) {
    await query
      .deleteFrom(table)
      .where("workspace_id", "=", workspace_id)
      .where("request_id", "=", request_id)
      .execute();
  }
}
