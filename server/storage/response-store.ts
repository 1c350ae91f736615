// Kept responses on any engine. They are written by the ledger's transaction, with the settlement of their request.

import { sql, type Kysely } from "kysely";
import { asId, type RequestId } from "../contracts/ids.ts";
import type { ResponseRecords } from "../stored-responses/response-records.ts";
import type { Tables } from "./database.ts";

type ChainRow = { readonly request_id: string; readonly previous_id: string | null; readonly turn: Uint8Array };

export function responseStore(query: Kysely<Tables>): ResponseRecords {
  return {
    find: ({ workspaceId, mode }, requestId, nowMs) =>
      query
        .selectFrom("stored_responses")
        .select(["turn", "rest"])
        .where("workspace_id", "=", workspaceId)
        .where("request_id", "=", requestId)
        .where("mode", "=", mode)
        .where("expires_at", ">", nowMs)
        .executeTakeFirst(),
    async chain({ workspaceId, mode }, requestId, most, nowMs) {
      const { rows } = await sql<ChainRow>`
        WITH RECURSIVE chain AS (
          SELECT request_id, previous_id, 1 AS place FROM stored_responses
          WHERE workspace_id = ${workspaceId} AND request_id = ${requestId} AND mode = ${mode} AND expires_at > ${nowMs}
          UNION ALL
          SELECT earlier.request_id, earlier.previous_id, chain.place + 1
          FROM chain JOIN stored_responses AS earlier ON earlier.request_id = chain.previous_id
          WHERE earlier.workspace_id = ${workspaceId} AND earlier.mode = ${mode} AND earlier.expires_at > ${nowMs}
            AND chain.place < ${most}
        )
        SELECT chain.request_id, chain.previous_id, stored_responses.turn
        FROM chain JOIN stored_responses ON stored_responses.request_id = chain.request_id
        WHERE stored_responses.workspace_id = ${workspaceId}
        ORDER BY chain.place`.execute(query);
      return rows.map((row) => ({
        requestId: asId<RequestId>(row.request_id),
        previous: row.previous_id === null ? undefined : asId<RequestId>(row.previous_id),
        turn: row.turn,
      }));
    },
    async delete({ workspaceId, mode }, requestId, nowMs) {
      const deleted = await query
        .deleteFrom("stored_responses")
        .where("workspace_id", "=", workspaceId)
        .where("request_id", "=", requestId)
        .where("mode", "=", mode)
        .returning("expires_at")
        .executeTakeFirst();
      return deleted !== undefined && Number(deleted.expires_at) > nowMs;
    },
  };
}
