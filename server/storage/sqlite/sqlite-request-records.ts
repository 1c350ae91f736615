// Writes the record of one ended request (usage row, model calls, trace, texts, response) inside the ledger's transaction.

import type { Database } from "bun:sqlite";
import type { OperationResult } from "../../ledger/operations.ts";
import { settledUsage, type RequestRecord } from "../../ledger/request-record.ts";
import { formatModelCalls } from "../model-calls.ts";
import type { BlockFrontier } from "../usage-blocks/frontier.ts";
import { usageColumns, usageValues, type ColumnValue } from "../usage-columns.ts";

const usageNames = usageColumns.map(([name]) => name).join(", ");
const usagePlaces = usageColumns.map(() => "?").join(", ");

export function prepareRequestRecords(
  sqlite: Database,
  frontier: BlockFrontier,
): (record: RequestRecord, result: OperationResult | undefined) => void {
  const usage = sqlite.prepare<unknown, ColumnValue[]>(
    `INSERT INTO usage_rows (${usageNames}) VALUES (${usagePlaces})`,
  );
  const trace = sqlite.prepare<unknown, ColumnValue[]>(
    "INSERT INTO route_traces (workspace_id, request_id, created_at, expires_at, trace) VALUES (?, ?, ?, ?, ?)",
  );
  const keep = sqlite.prepare<unknown, [Uint8Array, number, string, string]>(
    "UPDATE idempotent_requests SET answer = ?, expires_at = ? WHERE key_hash = ? AND request_id = ?",
  );
  const text = sqlite.prepare<unknown, [string, string, number, Uint8Array]>(
    "INSERT INTO stored_texts (workspace_id, request_id, expires_at, sealed) VALUES (?, ?, ?, ?)",
  );
  const response = sqlite.prepare<unknown, [string, string, string, string | null, number, Uint8Array, Uint8Array]>(
    "INSERT INTO stored_responses (workspace_id, request_id, mode, previous_id, expires_at, turn, rest) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const late = sqlite.prepare<unknown, [string, string]>(
    "INSERT INTO late_usage (workspace_id, request_id) VALUES (?, ?)",
  );
  return (record, result) => {
    const { workspaceId, requestId, createdAt } = record.usage;
    const settled = settledUsage(record.usage, result);
    usage.run(...usageValues(record.usage, settled, formatModelCalls(record.calls)));
    if (record.trace) trace.run(workspaceId, requestId, createdAt, record.trace.expiresAt, record.trace.json);
    if (frontier.isLate(requestId)) late.run(workspaceId, requestId);
    if (record.text) text.run(workspaceId, requestId, record.text.expiresAt, record.text.sealed);
    if (record.response) {
      const { mode, previous = null, expiresAt, sealed } = record.response;
      const { turn, rest } = sealed(settled);
      response.run(workspaceId, requestId, mode, previous, expiresAt, turn, rest);
    }
    if (record.kept) keep.run(record.kept.answer(settled), record.kept.expiresAt, record.kept.keyHash, requestId);
  };
}
