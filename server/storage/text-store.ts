// The encrypted texts of stacks that store prompts or answers.

import type { Kysely } from "kysely";
import type { RequestId, WorkspaceId } from "../contracts/ids.ts";
import type { Tables } from "./database.ts";

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
