// What a decided batch writes, one statement a table, each with its rows as arrays.

import type { QueryConfig } from "pg";
import type { LedgerChanges, LedgerState } from "../../ledger/batch.ts";
import { eventOf } from "../../ledger/notice.ts";
import type { Account, Counter, Hold, Notice, OperationResult } from "../../ledger/operations.ts";
import {
  settledUsage,
  type RequestRecord,
  type ResponseToStore,
  type SettledUsage,
  type UsageRow,
} from "../../ledger/request-record.ts";
import { entryValues, scopesText } from "../ledger-rows.ts";
import { formatModelCalls } from "../model-calls.ts";
import type { BlockFrontier } from "../usage-blocks/frontier.ts";
import { withoutNul } from "./without-nul.ts";
import { usageColumns, usageValues, type ColumnValue } from "../usage-columns.ts";

type Column = readonly [name: string, type: "text" | "bigint" | "bytea"];
type Row = readonly (ColumnValue | Uint8Array)[];
export type RecordedResult = { readonly record: RequestRecord; readonly result: OperationResult | undefined };

/** A statement that takes its rows as one array a column. */
function statement(name: string, columns: readonly Column[], make: (rows: string, names: string) => string) {
  const places = columns.map(([, type], index) => `$${index + 1}::${type}[]`).join(", ");
  const names = columns.map(([column]) => column).join(", ");
  const text = make(`unnest(${places}) AS row (${names})`, names);
  return (rows: readonly Row[]): QueryConfig[] =>
    rows.length === 0 ? [] : [{ name, text, values: columns.map((_, index) => rows.map((row) => row[index])) }];
}

function insertion(table: string, columns: readonly Column[], onConflict = "") {
  return statement(
    `insert-${table}`,
    columns,
    (rows, names) => `INSERT INTO ${table} (${names}) SELECT ${names} FROM ${rows} ${onConflict}`,
  );
}

const accountColumns: readonly Column[] = [
  ["workspace_id", "text"],
  ["balance", "bigint"],
  ["held", "bigint"],
  ["pledged", "bigint"],
  ["entry_sequence", "bigint"],
  ["chain_head", "text"],
];

const updateAccounts = statement(
  "update-accounts",
  accountColumns,
  (rows) => `UPDATE accounts SET balance = row.balance, held = row.held, pledged = row.pledged,
    entry_sequence = row.entry_sequence, chain_head = row.chain_head
    FROM ${rows} WHERE accounts.workspace_id = row.workspace_id`,
);

/** Fails on an account that another process has made meanwhile: there was nothing to lock when this one looked. */
const insertAccounts = insertion("accounts", accountColumns);

const putHolds = insertion(
  "holds",
  [
    ["request_id", "text"],
    ["workspace_id", "text"],
    ["key_id", "text"],
    ["amount", "bigint"],
    ["ceiling", "bigint"],
    ["state", "text"],
    ["expires_at", "bigint"],
    ["scopes", "text"],
  ],
  `ON CONFLICT (request_id) DO UPDATE SET amount = excluded.amount, ceiling = excluded.ceiling, state = excluded.state,
    expires_at = excluded.expires_at`,
);

const endHolds = statement(
  "end-holds",
  [["request_id", "text"]],
  (rows) => `DELETE FROM holds WHERE request_id IN (SELECT request_id FROM ${rows})`,
);

const putCounters = insertion(
  "counters",
  [
    ["scope", "text"],
    ["spent", "bigint"],
    ["pledged", "bigint"],
    ["limit_amount", "bigint"],
    ["warn_at", "bigint"],
  ],
  `ON CONFLICT (scope) DO UPDATE SET spent = excluded.spent, pledged = excluded.pledged,
    limit_amount = excluded.limit_amount, warn_at = excluded.warn_at`,
);

const addEntries = insertion("ledger_entries", [
  ["workspace_id", "text"],
  ["sequence", "bigint"],
  ["id", "text"],
  ["kind", "text"],
  ["counterpart", "text"],
  ["amount", "bigint"],
  ["balance_after", "bigint"],
  ["request_id", "text"],
  ["memo", "text"],
  ["created_at", "bigint"],
  ["price_version", "text"],
  ["lines", "text"],
  ["uncollected", "bigint"],
  ["hash", "text"],
]);

const addEvents = insertion(
  "events",
  [
    ["id", "text"],
    ["workspace_id", "text"],
    ["type", "text"],
    ["data", "text"],
    ["created_at", "bigint"],
    ["once", "text"],
    ["routed", "bigint"],
  ],
  "ON CONFLICT (once) DO NOTHING",
);

const addUsage = insertion("usage_rows", usageColumns);

const addTraces = insertion("route_traces", [
  ["workspace_id", "text"],
  ["request_id", "text"],
  ["created_at", "bigint"],
  ["expires_at", "bigint"],
  ["trace", "text"],
]);

const addTexts = insertion("stored_texts", [
  ["workspace_id", "text"],
  ["request_id", "text"],
  ["expires_at", "bigint"],
  ["sealed", "bytea"],
]);

const addResponses = insertion("stored_responses", [
  ["workspace_id", "text"],
  ["request_id", "text"],
  ["mode", "text"],
  ["previous_id", "text"],
  ["expires_at", "bigint"],
  ["turn", "bytea"],
  ["rest", "bytea"],
]);

const addLateUsage = insertion("late_usage", [
  ["workspace_id", "text"],
  ["request_id", "text"],
]);

const keepAnswers = statement(
  "keep-answers",
  [
    ["answer", "bytea"],
    ["expires_at", "bigint"],
    ["key_hash", "text"],
    ["request_id", "text"],
  ],
  (rows) => `UPDATE idempotent_requests SET answer = row.answer, expires_at = row.expires_at FROM ${rows}
    WHERE idempotent_requests.key_hash = row.key_hash AND idempotent_requests.request_id = row.request_id`,
);

export function ledgerWrites(changes: LedgerChanges, loaded: LedgerState): QueryConfig[] {
  const accounts = [...changes.accounts.values()];
  const holds = [...changes.holds.values()];
  return [
    ...updateAccounts(accounts.filter(({ workspaceId }) => loaded.accounts.has(workspaceId)).map(accountRow)),
    ...insertAccounts(accounts.filter(({ workspaceId }) => !loaded.accounts.has(workspaceId)).map(accountRow)),
    ...putHolds(holds.filter((hold) => !hasLeft(hold)).map(holdRow)),
    ...endHolds(holds.filter(hasLeft).map(({ requestId }) => [requestId])),
    ...putCounters([...changes.counters.values()].map(counterRow)),
    ...addEntries(changes.entries.map(entryValues)),
    ...addEvents(changes.notices.flatMap(eventRows)),
  ];
}

/**
 * Usage rows, traces, texts, responses and kept answers of the requests that ended, from what their settlements came to. Made within
 * the transaction that writes them: whether a row is late is asked when it is written.
 */
export function recordWrites(records: readonly RecordedResult[], frontier: BlockFrontier): QueryConfig[] {
  const settled = records.map(({ record, result }) => ({ record, settled: settledUsage(record.usage, result) }));
  return [
    ...addUsage(
      settled.map((one) =>
        usageValues(one.record.usage, one.settled, formatModelCalls(one.record.calls)).map(withoutNul),
      ),
    ),
    ...addTraces(
      records.flatMap(({ record: { usage, trace } }) =>
        trace ? [[usage.workspaceId, usage.requestId, usage.createdAt, trace.expiresAt, trace.json]] : [],
      ),
    ),
    ...addTexts(
      records.flatMap(({ record: { usage, text } }) =>
        text ? [[usage.workspaceId, usage.requestId, text.expiresAt, text.sealed]] : [],
      ),
    ),
    ...addResponses(
      settled.flatMap(({ record: { usage, response }, settled: outcome }) =>
        response ? [responseRow(usage, response, outcome)] : [],
      ),
    ),
    ...addLateUsage(
      records.flatMap(({ record: { usage } }) =>
        frontier.isLate(usage.requestId) ? [[usage.workspaceId, usage.requestId]] : [],
      ),
    ),
    ...keepAnswers(
      settled.flatMap(({ record: { usage, kept }, settled: outcome }) =>
        kept ? [[kept.answer(outcome), kept.expiresAt, kept.keyHash, usage.requestId]] : [],
      ),
    ),
  ];
}

function responseRow(
  { workspaceId, requestId }: UsageRow,
  { mode, previous, expiresAt, sealed }: ResponseToStore,
  outcome: SettledUsage,
): Row {
  const { turn, rest } = sealed(outcome);
  return [workspaceId, requestId, mode, previous ?? null, expiresAt, turn, rest];
}

/** A hold that ended with its request leaves; an expired one stays as evidence of the crash. */
export function hasLeft({ state }: Hold): boolean {
  return state === "posted" || state === "voided";
}

function accountRow(account: Account): Row {
  const { workspaceId, balance, held, pledged, entrySequence, chainHead } = account;
  return [workspaceId, balance, held, pledged, entrySequence, chainHead];
}

function holdRow(hold: Hold): Row {
  const { requestId, workspaceId, keyId, amount, ceiling, state, expiresAt, scopes } = hold;
  return [requestId, workspaceId, keyId, amount, ceiling, state, expiresAt, scopesText(scopes)];
}

function counterRow({ scope, spent, pledged, limit, warnAt }: Counter): Row {
  return [scope, spent, pledged, limit ?? null, warnAt ?? null];
}

function eventRows(notice: Notice): Row[] {
  const event = eventOf(notice);
  if (!event) return [];
  const { id, workspaceId, type, data, createdAt, once } = event;
  return [[id, workspaceId, type, JSON.stringify(data), createdAt, once ?? null, 0]];
}
