// The ledger on SQLite: one synchronous transaction per batch, prepared statements, nothing awaited inside.

import type { Database } from "bun:sqlite";
import { asId, type EntryId, type RequestId, type WorkspaceId } from "../../contracts/ids.ts";
import type { LedgerChanges, LedgerState, Refundable } from "../../ledger/batch.ts";
import { decide } from "../../ledger/decide.ts";
import type { BatchItem, LedgerStore } from "../../ledger/group-commit.ts";
import type { Account, Counter, Hold, Operation, OperationResult } from "../../ledger/operations.ts";
import { eventOf } from "../../ledger/notice.ts";
import { picodollars } from "../../money/picodollars.ts";
import type { BlockFrontier } from "../usage-blocks/frontier.ts";
import { prepareRequestRecords } from "./sqlite-request-records.ts";
import { withoutSync } from "./without-sync.ts";
import {
  accountFromRow,
  counterFromRow,
  entryValues,
  holdFromRow,
  scopesText,
  type AccountRow,
  type CounterRow,
  type HoldRow,
} from "../ledger-rows.ts";

export function sqliteLedgerStore(sqlite: Database, frontier: BlockFrontier): LedgerStore {
  const statements = prepareStatements(sqlite);
  const writeRecord = prepareRequestRecords(sqlite, frontier);
  const commitBatch = sqlite.transaction((batch: readonly BatchItem[]): (OperationResult | undefined)[] => {
    const operations: Operation[] = [];
    for (const item of batch) if (item.operation) operations.push(item.operation);
    const changes = decide(load(statements, operations), operations);
    write(statements, changes);
    let next = 0;
    return batch.map((item) => {
      const result = item.operation ? changes.results[next++] : undefined;
      if (item.record) writeRecord(item.record, result);
      return result;
    });
  }).immediate;
  return {
    async commit(batch) {
      // The control plane shares the connection; its transactions await only their own queries, so they end within a turn.
      while (sqlite.inTransaction) await new Promise((resolve) => setImmediate(resolve));
      return batch.some(mustReachDisk) ? commitBatch(batch) : withoutSync(sqlite, () => commitBatch(batch));
    },
    async account(workspaceId) {
      return loadAccount(statements, workspaceId);
    },
    async expiredHolds(nowMs, limit) {
      return statements.expired.all(nowMs, limit).map((row) => ({
        requestId: asId<RequestId>(row.request_id),
        workspaceId: asId<WorkspaceId>(row.workspace_id),
      }));
    },
  };
}

/**
 * Whether a power cut may not undo it. A hold survives the death of this process either way, for the operating system has
 * it; a power cut that takes it takes the process and the call it was opened for as well, and nothing was debited. What
 * moves money, ends a hold or is an answer somebody may ask for again has to be on disk.
 */
function mustReachDisk({ operation, record }: BatchItem): boolean {
  if (record?.kept) return true;
  return operation !== undefined && !["hold", "grow", "renew"].includes(operation.type);
}

type Statements = ReturnType<typeof prepareStatements>;

function prepareStatements(sqlite: Database) {
  return {
    account: sqlite.prepare<AccountRow, [string]>(
      "SELECT balance, held, pledged, entry_sequence, chain_head, low_balance_threshold FROM accounts WHERE workspace_id = ?",
    ),
    hold: sqlite.prepare<HoldRow, [string]>(
      "SELECT workspace_id, key_id, amount, ceiling, state, expires_at, scopes FROM holds WHERE request_id = ?",
    ),
    counter: sqlite.prepare<CounterRow, [string]>(
      "SELECT spent, pledged, limit_amount, warn_at FROM counters WHERE scope = ?",
    ),
    entryId: sqlite.prepare<{ id: string }, [string]>("SELECT id FROM ledger_entries WHERE id = ? AND kind <> 'debit'"),
    refundable: sqlite.prepare<{ amount: bigint }, [string, string]>(
      `SELECT debit - (SELECT coalesce(sum(amount), 0) FROM ledger_entries AS refund
         WHERE refund.workspace_id = usage_rows.workspace_id AND refund.request_id = usage_rows.request_id
           AND refund.kind = 'refund') AS amount
       FROM usage_rows WHERE workspace_id = ? AND request_id = ?`,
    ),
    expired: sqlite.prepare<{ request_id: string; workspace_id: string }, [number, number]>(
      "SELECT request_id, workspace_id FROM holds WHERE state = 'open' AND expires_at <= ? ORDER BY expires_at LIMIT ?",
    ),
    putAccount: sqlite.prepare<unknown, [string, bigint, bigint, bigint, number, string]>(
      `INSERT INTO accounts (workspace_id, balance, held, pledged, entry_sequence, chain_head) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (workspace_id) DO UPDATE SET balance = excluded.balance, held = excluded.held,
         pledged = excluded.pledged, entry_sequence = excluded.entry_sequence, chain_head = excluded.chain_head`,
    ),
    putHold: sqlite.prepare<unknown, [string, string, string, bigint, bigint, string, number, string]>(
      `INSERT INTO holds (request_id, workspace_id, key_id, amount, ceiling, state, expires_at, scopes)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (request_id) DO UPDATE SET amount = excluded.amount, ceiling = excluded.ceiling,
         state = excluded.state, expires_at = excluded.expires_at`,
    ),
    endHold: sqlite.prepare<unknown, [string]>("DELETE FROM holds WHERE request_id = ?"),
    putCounter: sqlite.prepare<unknown, [string, bigint, bigint, bigint | null, bigint | null]>(
      `INSERT INTO counters (scope, spent, pledged, limit_amount, warn_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (scope) DO UPDATE SET spent = excluded.spent, pledged = excluded.pledged,
         limit_amount = excluded.limit_amount, warn_at = excluded.warn_at`,
    ),
    addEntry: sqlite.prepare<unknown, (string | number | bigint | null)[]>(
      `INSERT INTO ledger_entries (workspace_id, sequence, id, kind, counterpart, amount, balance_after, request_id,
         memo, created_at, price_version, lines, uncollected, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    addEvent: sqlite.prepare<unknown, [string, string, string, string, number, string | null]>(
      `INSERT INTO events (id, workspace_id, type, data, created_at, once, routed) VALUES (?, ?, ?, ?, ?, ?, 0)
       ON CONFLICT (once) DO NOTHING`,
    ),
  };
}

function load(statements: Statements, operations: readonly Operation[]): LedgerState {
  const accounts = new Map<WorkspaceId, Account>();
  const holds = new Map<RequestId, Hold>();
  const counters = new Map<string, Counter>();
  const knownEntryIds = new Set<EntryId>();
  const refundable = new Map<RequestId, Refundable>();
  const loadCounter = (scope: string): void => {
    const row = counters.has(scope) ? undefined : statements.counter.get(scope);
    if (row) counters.set(scope, counterFromRow(scope, row));
  };
  for (const operation of operations) {
    if (!accounts.has(operation.workspaceId)) {
      const account = loadAccount(statements, operation.workspaceId);
      if (account) accounts.set(operation.workspaceId, account);
    }
    if (operation.type === "credit" || operation.type === "refund" || operation.type === "adjust") {
      if (statements.entryId.get(operation.entryId)) knownEntryIds.add(operation.entryId);
      if (operation.type !== "refund") continue;
      const { workspaceId, requestId } = operation;
      const row = statements.refundable.get(workspaceId, requestId);
      if (row) refundable.set(requestId, { workspaceId, amount: picodollars(row.amount) });
      continue;
    }
    const row = statements.hold.get(operation.requestId);
    const hold = row ? holdFromRow(operation.requestId, row) : undefined;
    if (hold) holds.set(operation.requestId, hold);
    hold?.scopes.forEach(loadCounter);
    if (operation.type === "hold" || operation.type === "grow") operation.caps.forEach((cap) => loadCounter(cap.scope));
  }
  return { accounts, holds, counters, knownEntryIds, refundable };
}

function loadAccount(statements: Statements, workspaceId: WorkspaceId): Account | undefined {
  const row = statements.account.get(workspaceId);
  return row ? accountFromRow(workspaceId, row) : undefined;
}

function write(statements: Statements, changes: LedgerChanges): void {
  for (const account of changes.accounts.values()) {
    const { workspaceId, balance, held, pledged, entrySequence, chainHead } = account;
    statements.putAccount.run(workspaceId, balance, held, pledged, entrySequence, chainHead);
  }
  for (const hold of changes.holds.values()) {
    if (hold.state === "posted" || hold.state === "voided") {
      statements.endHold.run(hold.requestId);
      continue;
    }
    statements.putHold.run(
      hold.requestId,
      hold.workspaceId,
      hold.keyId,
      hold.amount,
      hold.ceiling,
      hold.state,
      hold.expiresAt,
      scopesText(hold.scopes),
    );
  }
  for (const { scope, spent, pledged, limit, warnAt } of changes.counters.values()) {
    statements.putCounter.run(scope, spent, pledged, limit ?? null, warnAt ?? null);
  }
  for (const entry of changes.entries) statements.addEntry.run(...entryValues(entry));
  for (const notice of changes.notices) {
    const event = eventOf(notice);
    if (!event) continue;
    const { id, workspaceId, type, data, createdAt, once } = event;
    statements.addEvent.run(id, workspaceId, type, JSON.stringify(data), createdAt, once ?? null);
  }
}
