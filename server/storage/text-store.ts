// The encrypted texts of stacks that store prompts or answers.

import type { Kysely } from "kysely";
import type { RequestId, WorkspaceId } from "../contracts/ids.ts";
import type { Tables } from "./database.ts";

const prunedAtOnce = 500;

/** The sealed text of a request; undefined when none is kept. */
export async function findSealedText(
  query: Kysely<Tables>,
  workspaceId: WorkspaceId,
  requestId: RequestId,
): Promise<Uint8Array | undefined> {
  const row = await query
    .selectFrom("stored_texts")
    .select("sealed")
    .where("workspace_id", "=", workspaceId)
    .where("request_id", "=", requestId)
    .executeTakeFirst();
  return row?.sealed;
}

/** Deletes a bounded number of texts past their retention, the oldest first. @param nowMs whole */
export async function pruneTexts(query: Kysely<Tables>, nowMs: number): Promise<void> {
  const expired = await query
    .selectFrom("stored_texts")
    .select(["workspace_id", "request_id"])
    .where("expires_at", "<=", nowMs)
    .orderBy("expires_at")
    .limit(prunedAtOnce)
    .execute();
  for (const { workspace_id, request_id } of expired) {
    await query
      .deleteFrom("stored_texts")
      .where("workspace_id", "=", workspace_id)
      .where("request_id", "=", request_id)
      .execute();
  }
}
