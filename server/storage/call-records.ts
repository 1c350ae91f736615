// Reads the model calls of a period, page by page: what providers were asked, billed to anyone or not.

import type { Kysely } from "kysely";
import type { AuditedCall, CallRecords, Period } from "../audit/ledger-records.ts";
import type { ModelCallRow } from "../ledger/request-record.ts";
import type { Tables } from "./database.ts";
import { readModelCalls } from "./model-calls.ts";

const rowsPerPage = 2_000;

/** @param query a transaction that sees one moment of the database */
export function callRecords(query: Kysely<Tables>): CallRecords {
  return { callPages: (period) => callPages(query, period) };
}

type Position = { readonly workspace_id: string; readonly request_id: string };

async function* callPages(query: Kysely<Tables>, period: Period): AsyncGenerator<readonly AuditedCall[]> {
  let after: Position | undefined;
  do {
    let select = query
      .selectFrom("usage_rows")
      .select(["workspace_id", "request_id", "calls"])
      .where("calls", "<>", "[]");
    if (period.from !== undefined) select = select.where("created_at", ">=", period.from);
    if (period.to !== undefined) select = select.where("created_at", "<", period.to);
    if (after) {
      const { workspace_id, request_id } = after;
      select = select.where((where) =>
        where(where.refTuple("workspace_id", "request_id"), ">", where.tuple(workspace_id, request_id)),
      );
    }
    const rows = await select.orderBy("workspace_id").orderBy("request_id").limit(rowsPerPage).execute();
    yield rows.flatMap((row) => readModelCalls(row.calls).map(auditedCall));
    after = rows.length === rowsPerPage ? rows.at(-1) : undefined;
  } while (after);
}

function auditedCall({ model, provider, upstreamModel, cost, usage }: ModelCallRow): AuditedCall {
  const known = usage.kind === "unknown" ? undefined : usage;
  return {
    model,
    provider,
    upstreamModel,
    cost,
    inputTokens: known?.inputTokens,
    outputTokens: known?.outputTokens,
  };
}
