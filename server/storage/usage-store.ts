// Finds and adds up usage rows. The rows of the last minutes are read themselves; older ones through their sums, which
// also tell a search which hours it can leave out.

import type { Kysely } from "kysely";
import { asId, type RequestId } from "../contracts/ids.ts";
import type { UsageRecords } from "../workspaces/usage-records.ts";
import type { OpenDatabase, Tables } from "./database.ts";
import { findUsage } from "./usage-sums/find-usage.ts";
import { readSeries } from "./usage-sums/read-series.ts";

export function usageStore(query: Kysely<Tables>, engine: OpenDatabase["engine"]): UsageRecords {
  return {
    find: (workspaceId, filter, page) => findUsage({ query, engine, workspaceId, filter }, page),
    series: (workspaceId, series) => readSeries(query, workspaceId, series),
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
