// Finds and adds up usage rows: those of the last minutes themselves, older ones by the blocks they are packed in.

import type { Kysely } from "kysely";
import { asId, type RequestId } from "../contracts/ids.ts";
import type { UsageRecords } from "../workspaces/usage-records.ts";
import type { OpenDatabase, Tables } from "./database.ts";
import { findUsage } from "./usage-blocks/find-usage.ts";
import { readNames } from "./usage-blocks/read-names.ts";
import { readSeries } from "./usage-blocks/read-series.ts";

export function usageStore(query: Kysely<Tables>, engine: OpenDatabase["engine"]): UsageRecords {
  return {
    find: (workspaceId, filter, page) => findUsage({ query, engine, workspaceId, filter }, page),
    series: (workspaceId, series) => readSeries(query, workspaceId, series),
    names: (workspaceId, sinceMs) => readNames(query, workspaceId, sinceMs),
    async traceExpiries(workspaceId, requestIds) {
      if (requestIds.length === 0) return new Map();
      const rows = await query
        .selectFrom("route_traces")
        .select(["request_id", "expires_at"])
        .where("workspace_id", "=", workspaceId)
        .where("request_id", "in", requestIds)
        .execute();
      return new Map(rows.map((row) => [asId<RequestId>(row.request_id), Number(row.expires_at)]));
    },
  };
}
