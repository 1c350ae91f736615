// Usage rows read as the rows of blocks.

import { sql, type Kysely } from "kysely";
import { asId, type RequestId } from "../../contracts/ids.ts";
import type { Tables } from "../database.ts";
import { longestBlockMs, type BlockRow } from "./block.ts";
import { timeOfRequestId } from "./frontier.ts";

const columns = [
  "request_id",
  "created_at",
  "key_id",
  "model",
  "provider",
  "stack_slug",
  "category",
  "requested_model",
  "unbillable_reason",
  "http_status",
  "debit",
  "savings",
  "input_tokens",
  "cached_input_tokens",
  "cache_write_tokens",
  "output_tokens",
  "reasoning_tokens",
  "total_ms",
] as const;

export type FoundRow = { readonly requestId: RequestId; readonly row: BlockRow };

/** By request id; those above `after` and, where it is given, not above `upTo`. */
export async function readBlockRows(
  query: Kysely<Tables>,
  workspaceId: string,
  { after, upTo, limit }: { readonly after: string; readonly upTo?: string | undefined; readonly limit: number },
): Promise<FoundRow[]> {
  let select = query
    .selectFrom("usage_rows")
    .select(columns)
    .where("workspace_id", "=", workspaceId)
    .where("request_id", ">", after);
  if (upTo !== undefined) select = select.where("request_id", "<=", upTo);
  return (await select.orderBy("request_id").limit(limit).execute()).map(found);
}

/** Rows listed as late that blocks have passed already. */
export async function readLateRows(
  query: Kysely<Tables>,
  workspaceId: string,
  packedTo: string,
  limit: number,
): Promise<FoundRow[]> {
  const rows = await query
    .selectFrom("usage_rows")
    .select(columns)
    .where("workspace_id", "=", workspaceId)
    .where(
      "request_id",
      "in",
      query
        .selectFrom("late_usage")
        .select("request_id")
        .where("workspace_id", "=", workspaceId)
        .where("request_id", "<=", packedTo)
        .orderBy("request_id")
        .limit(sql.lit(limit)),
    )
    .orderBy("request_id")
    .execute();
  return rows.map(found);
}

type Selected = Pick<Tables["usage_rows"], (typeof columns)[number]>;

/** An id that is none of ours counts as made when its request arrived. */
function madeAt(requestId: RequestId, createdAt: number): number {
  const at = timeOfRequestId(requestId);
  return Math.abs(at - createdAt) < longestBlockMs ? at : createdAt;
}

function found(row: Selected): FoundRow {
  const requestId = asId<RequestId>(row.request_id);
  return {
    requestId,
    row: {
      requestMs: madeAt(requestId, Number(row.created_at)),
      createdAt: Number(row.created_at),
      names: {
        key: row.key_id,
        model: row.model ?? "",
        provider: row.provider ?? "",
        stack: row.stack_slug ?? "",
        category: row.category ?? "",
        requestedModel: row.requested_model,
        reason: row.unbillable_reason ?? "",
        status: String(row.http_status),
      },
      debit: row.debit,
      // What was not paid for saved nothing.
      savings: row.unbillable_reason === null ? (row.savings ?? 0n) : 0n,
      tokens: {
        input: Number(row.input_tokens ?? 0),
        cachedInput: Number(row.cached_input_tokens ?? 0),
        cacheWrite: Number(row.cache_write_tokens ?? 0),
        output: Number(row.output_tokens ?? 0),
        reasoning: Number(row.reasoning_tokens ?? 0),
      },
      totalMs: Number(row.total_ms),
    },
  };
}
