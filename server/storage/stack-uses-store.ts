// Where stacks are used, out of keys and usage rows.

import { sql, type Kysely } from "kysely";
import { asId, type StackId } from "../contracts/ids.ts";
import { picodollars } from "../money/picodollars.ts";
import type { StackUseRecords } from "../stacks/stack-uses.ts";
import type { Tables } from "./database.ts";
import { wordOf } from "./read-column.ts";
import { firstIdAt } from "./replay-store.ts";

/** Most requests counted at once: more would make others wait. */
const mostCounted = 20_000;

export function stackUsesStore(query: Kysely<Tables>): StackUseRecords {
  const keysOf = (workspaceId: string) =>
    query.selectFrom("api_keys").where("workspace_id", "=", workspaceId).where("revoked_at", "is", null);
  return {
    async keyCounts(workspaceId) {
      const rows = await keysOf(workspaceId)
        .where("stack_id", "is not", null)
        .select((select) => ["stack_id", select.fn.countAll().as("count")])
        .groupBy("stack_id")
        .execute();
      return new Map(rows.map(({ stack_id, count }) => [asId<StackId>(stack_id ?? ""), Number(count)]));
    },
    async keysWith(workspaceId, id, limit) {
      const rows = await keysOf(workspaceId)
        .where("stack_id", "=", id)
        .select(["id", "name", "mode", "prefix"])
        .orderBy("id", "desc")
        .limit(limit)
        .execute();
      return rows.map(({ id: keyId, name, mode, prefix }) => {
        return { id: keyId, name, prefix, mode: wordOf(["live", "test"], mode) };
      });
    },
    async traffic(workspaceId, since) {
      const counted = query
        .selectFrom("usage_rows")
        .select(["stack_slug", "http_status", "debit", "created_at"])
        .where("workspace_id", "=", workspaceId)
        .where("request_id", ">=", firstIdAt(since))
        .orderBy("request_id", "desc")
        .limit(mostCounted);
      const rows = await query
        .selectFrom(counted.as("counted"))
        .select((select) => [
          "stack_slug",
          select.fn.countAll().as("requests"),
          select.fn.sum(sql`CASE WHEN http_status >= 400 THEN 1 ELSE 0 END`).as("refused"),
          select.fn.sum("debit").as("debit"),
          select.fn.max("created_at").as("last_at"),
        ])
        .groupBy("stack_slug")
        .execute();
      const total = rows.reduce((sum, { requests }) => sum + Number(requests), 0);
      const slugs = rows.flatMap(({ stack_slug: slug, requests, refused, debit, last_at }) => {
        if (slug === null) return [];
        const amount = picodollars(BigInt(debit));
        return [{ slug, requests: Number(requests), refused: Number(refused), debit: amount, lastAt: Number(last_at) }];
      });
      return { slugs, complete: total < mostCounted };
    },
  };
}
