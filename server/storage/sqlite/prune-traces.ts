// Deletes traces past their retention from SQLite, which has no index on expiry: every trace would pay for it, while a
// walk through the table, a piece at a time, finds the same rows.

import type { Kysely } from "kysely";
import type { Tables } from "../database.ts";

const lookedAtOnce = 2_000;

/** Gives what looks at a bounded number of traces and goes on from there the next time. */
export function tracePruner(query: Kysely<Tables>): (nowMs: number) => Promise<void> {
  let prunedTo = { workspaceId: "", requestId: "" };
  return async (nowMs) => {
    const rows = await query
      .selectFrom("route_traces")
      .select(["workspace_id", "request_id", "expires_at"])
      .where((where) =>
        where.or([
          where("workspace_id", ">", prunedTo.workspaceId),
          where.and([where("workspace_id", "=", prunedTo.workspaceId), where("request_id", ">", prunedTo.requestId)]),
        ]),
      )
      .orderBy("workspace_id")
      .orderBy("request_id")
      .limit(lookedAtOnce)
      .execute();
    const last = rows.length < lookedAtOnce ? undefined : rows.at(-1);
    prunedTo = { workspaceId: last?.workspace_id ?? "", requestId: last?.request_id ?? "" };
    for (const row of rows) {
      if (Number(row.expires_at) > nowMs) continue;
      await query
        .deleteFrom("route_traces")
        .where("workspace_id", "=", row.workspace_id)
        .where("request_id", "=", row.request_id)
        .execute();
    }
  };
}
