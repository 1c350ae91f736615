// The ledger on SQLite: one synchronous transaction per batch, prepared statements, nothing awaited inside.

import type { Database } from "bun:sqlite";
import { asId, type KeyId, type RequestId, type WorkspaceId } from "../contracts/ids.ts";
import { decide, type LedgerChanges, type LedgerState } from "../ledger/decide.ts";
import type { BatchItem, LedgerStore } from "../ledger/group-commit.ts";
import type { Account, Counter, Entry, Hold, Operation, OperationResult } from "../ledger/operations.ts";
import { picodollars } from "../money/picodollars.ts";
import { prepareRequestRecords } from "./sqlite-request-records.ts";
import { formatEntryLines } from "./ledger-rows.ts";
import { textList } from "./read-column.ts";

type AccountRow = { balance: bigint; held: bigint; entry_sequence: bigint };
type HoldRow = {
  workspace_id: string;
  key_id: string;
  amount: bigint;
  state: Hold["state"];
  expires_at: bigint;
  scopes: string;
};

export function sqliteLedgerStore(sqlite: Database): LedgerStore {
  const statements = prepareStatements(sqlite);
  const writeRecord = prepareRequestRecords(sqlite);
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
      return commitBatch(batch);
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

type Statements = ReturnType<typeof prepareStatements>;

function prepareStatements(sqlite: Database) {
  return {
    account: sqlite.prepare<AccountRow, [string]>(
      "SELECT balance, held, entry_sequence FROM accounts WHERE workspace_id = ?",
    ),
    hold: sqlite.prepare<HoldRow, [string]>(
      "SELECT workspace_id, key_id, amount, state, expires_at, scopes FROM holds WHERE request_id = ?",
    ),
    counter: sqlite.prepare<{ spent: bigint; held: bigint }, [string]>(
      "SELECT spent, held FROM counters WHERE scope = ?",
    ),
    entryId: sqlite.prepare<{ id: string }, [string]>("SELECT id FROM ledger_entries WHERE id = ? AND kind <> 'debit'"),
    expired: sqlite.prepare<{ request_id: string; workspace_id: string }, [number, number]>(
      "SELECT request_id, workspace_id FROM holds WHERE state = 'open' AND expires_at < ? ORDER BY expires_at LIMIT ?",
    ),
    putAccount: sqlite.prepare<unknown, [string, bigint, bigint, number]>(
      `INSERT INTO accounts (workspace_id, balance, held, entry_sequence) VALUES (?, ?, ?, ?)
       ON CONFLICT (workspace_id) DO UPDATE SET balance = excluded.balance, held = excluded.held,
         entry_sequence = excluded.entry_sequence`,
    ),
    putHold: sqlite.prepare<unknown, [string, string, string, bigint, string, number, string]>(
      `INSERT INTO holds (request_id, workspace_id, key_id, amount, state, expires_at, scopes)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (request_id) DO UPDATE SET amount = excluded.amount, state = excluded.state`,
    ),
    endHold: sqlite.prepare<unknown, [string]>("DELETE FROM holds WHERE request_id = ?"),
    putCounter: sqlite.prepare<unknown, [string, bigint, bigint]>(
      `INSERT INTO counters (scope, spent, held) VALUES (?, ?, ?)
       ON CONFLICT (scope) DO UPDATE SET spent = excluded.spent, held = excluded.held`,
    ),
    addEntry: sqlite.prepare<unknown, (string | number | bigint | null)[]>(
      `INSERT INTO ledger_entries (workspace_id, sequence, id, kind, amount, balance_after, request_id, memo, created_at,
         price_version, lines, uncollected) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
  };
}

function load(statements: Statements, operations: readonly Operation[]): LedgerState {
  const accounts = new Map<WorkspaceId, Account>();
  const holds = new Map<RequestId, Hold>();
  const counters = new Map<string, Counter>();
  const knownEntryIds = new Set<string>();
  const loadCounter = (scope: string): void => {
    const row = counters.has(scope) ? undefined : statements.counter.get(scope);
    if (row) counters.set(scope, { scope, spent: picodollars(row.spent), held: picodollars(row.held) });
  };
  for (const operation of operations) {
    if (!accounts.has(operation.workspaceId)) {
      const account = loadAccount(statements, operation.workspaceId);
      if (account) accounts.set(operation.workspaceId, account);
    }
    if (operation.type === "credit") {
      if (statements.entryId.get(operation.entryId)) knownEntryIds.add(operation.entryId);
      continue;
    }
    const hold = loadHold(statements, operation.requestId);
    if (hold) holds.set(operation.requestId, hold);
    hold?.scopes.forEach(loadCounter);
    if (operation.type === "hold" || operation.type === "grow") operation.caps.forEach((cap) => loadCounter(cap.scope));
  }
  return { accounts, holds, counters, knownEntryIds };
}

function loadAccount(statements: Statements, workspaceId: WorkspaceId): Account | undefined {
  const row = statements.account.get(workspaceId);
  if (!row) return undefined;
  const { balance, held, entry_sequence } = row;
  return { workspaceId, balance: picodollars(balance), held: picodollars(held), entrySequence: Number(entry_sequence) };
}

function loadHold(statements: Statements, requestId: RequestId): Hold | undefined {
  const row = statements.hold.get(requestId);
  if (!row) return undefined;
  return {
    requestId,
    workspaceId: asId<WorkspaceId>(row.workspace_id),
    keyId: asId<KeyId>(row.key_id),
    amount: picodollars(row.amount),
    state: row.state,
    expiresAt: Number(row.expires_at),
    scopes: row.scopes === "[]" ? [] : textList(row.scopes),
  };
}

function write(statements: Statements, changes: LedgerChanges): void {
  for (const account of changes.accounts.values()) {
    statements.putAccount.run(account.workspaceId, account.balance, account.held, account.entrySequence);
  }
  for (const hold of changes.holds.values()) {
    if (hold.state === "posted" || hold.state === "voided") {
      statements.endHold.run(hold.requestId);
      continue;
    }
    const scopes = hold.scopes.length === 0 ? "[]" : JSON.stringify(hold.scopes);
    statements.putHold.run(
      hold.requestId,
      hold.workspaceId,
      hold.keyId,
      hold.amount,
      hold.state,
      hold.expiresAt,
      scopes,
    );
  }
  for (const counter of changes.counters.values())
    statements.putCounter.run(counter.scope, counter.spent, counter.held);
  for (const entry of changes.entries) addEntry(statements, entry);
}

function addEntry(statements: Statements, entry: Entry): void {
  statements.addEntry.run(
    entry.workspaceId,
    entry.sequence,
    entry.id,
    entry.kind,
    entry.amount,
    entry.balanceAfter,
    entry.requestId ?? null,
    entry.memo,
    entry.createdAt,
    entry.priceVersion ?? null,
    formatEntryLines(entry.lines),
    entry.uncollected,
  );
}
