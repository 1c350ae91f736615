// Requests of the past with their traces, for planning them again.

import type { Kysely } from "kysely";
import type { ReplayedRequest, ReplayRecords, ReplayScope } from "../traces/replayed-request.ts";
import type { Tables } from "./database.ts";
import { readStored } from "./trace-store.ts";
import { usageFactsOf, usageOf, type UsageColumns } from "./usage-rows.ts";

/** Most requests looked at for those of one key or stack, which no index gathers. */
const mostLookedAt = 20_000;

export function replayStore(query: Kysely<Tables>): ReplayRecords {
  return {
    async list(workspaceId, scope, limit) {
      const rows = await newest(query, workspaceId, scope, limit);
      if (rows.length === 0) return [];
      const traces = await query
        .selectFrom("route_traces")
        .select(["request_id", "trace"])
        .where("workspace_id", "=", workspaceId)
        .where("request_id", "<=", rows[0]?.request_id ?? "")
        .where("request_id", ">=", rows.at(-1)?.request_id ?? "")
        .where(
          "request_id",
          "in",
          rows.map((row) => row.request_id),
        )
        .execute();
      const texts = new Map(traces.map(({ request_id, trace }) => [request_id, trace]));
      return rows.map((row) => requestFrom(row, texts.get(row.request_id)));
    },
  };
}

function newest(
  query: Kysely<Tables>,
  workspaceId: string,
  { keyId, stackSlug, since, until }: ReplayScope,
  limit: number,
): Promise<UsageColumns[]> {
  let looked = query.selectFrom("usage_rows").selectAll().where("workspace_id", "=", workspaceId);
  if (since !== undefined) looked = looked.where("request_id", ">=", firstIdAt(since));
  if (until !== undefined) looked = looked.where("request_id", "<", firstIdAt(until));
  const recent = looked.orderBy("request_id", "desc");
  if (keyId === undefined && stackSlug === undefined) return recent.limit(limit).execute();
  let chosen = query.selectFrom(recent.limit(mostLookedAt).as("recent")).selectAll();
  if (keyId !== undefined) chosen = chosen.where("key_id", "=", keyId);
  if (stackSlug !== undefined) chosen = chosen.where("stack_slug", "=", stackSlug);
  return chosen.orderBy("request_id", "desc").limit(limit).execute();
}

/** Request ids begin with their time: the least one of a millisecond. */
export function firstIdAt(unixMs: number): string {
  return `req_${Math.max(0, Math.floor(unixMs)).toString(16).padStart(12, "0")}`;
}

function requestFrom(row: UsageColumns, trace: string | undefined): ReplayedRequest {
  return { ...usageFactsOf(row), usage: usageOf(row), stored: readStored(trace) };
}
