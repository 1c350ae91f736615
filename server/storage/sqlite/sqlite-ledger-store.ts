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
import { YoungHolds, type Writing } from "./young-holds.ts";
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

export type SqliteLedgerOptions = {
  /** For how long a new hold may stay in memory before it is written, in milliseconds; 0: not at all. */
  readonly unwrittenMs: number;
  /** Hears of writes that nobody waits for and that failed; they are tried again. */
  readonly onFailure: (error: unknown) => void;
};

/** With more requests than this beginning at the same time, their holds are decided together: each then costs less. */
const fewYoung = 4;

type CommitBatch = (
  batch: readonly BatchItem[],
  grown: readonly Hold[],
) => { readonly results: (OperationResult | undefined)[]; readonly stay: YoungHolds };

export class SqliteLedgerStore implements LedgerStore {
  readonly #sqlite: Database;
  readonly #statements: Statements;
  readonly #transact: CommitBatch;
  readonly #options: SqliteLedgerOptions;
  #young = new YoungHolds();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** While the database cannot be written, no hold is granted that it does not have. */
  #writable = true;

  constructor(sqlite: Database, frontier: BlockFrontier, options: SqliteLedgerOptions) {
    this.#sqlite = sqlite;
    this.#statements = prepareStatements(sqlite);
    this.#options = options;
    const writeRecord = prepareRequestRecords(sqlite, frontier);
    this.#transact = sqlite.transaction<[readonly BatchItem[], readonly Hold[]], ReturnType<CommitBatch>>(
      (batch, grown) => {
        const { changes, stay } = this.#decideAndWrite(operationsOf(batch), grown);
        let next = 0;
        const results = batch.map((item) => {
          const result = item.operation ? changes.results[next++] : undefined;
          if (item.record) writeRecord(item.record, result);
          return result;
        });
        return { results, stay };
      },
    ).immediate;
  }

  answerAtOnce(item: BatchItem): OperationResult | undefined {
    if (this.#young.size >= fewYoung) return undefined;
    try {
      return this.#openInMemory([item])?.[0];
    } catch {
      // Nothing was taken in; the commit that follows meets the same fault, and says so.
      return undefined;
    }
  }

  async commit(batch: readonly BatchItem[]): Promise<readonly (OperationResult | undefined)[]> {
    await this.#turn();
    const results = this.#openInMemory(batch) ?? this.#commit(batch, []);
    this.#writeInTime();
    return results;
  }

  async account(workspaceId: WorkspaceId): Promise<Account | undefined> {
    const row = loadAccount(this.#statements, workspaceId);
    return row && this.#young.onTopOfAccount(row);
  }

  async expiredHolds(nowMs: number, limit: number): ReturnType<LedgerStore["expiredHolds"]> {
    await this.writeHolds();
    return this.#statements.expired.all(nowMs, limit).map((row) => ({
      requestId: asId<RequestId>(row.request_id),
      workspaceId: asId<WorkspaceId>(row.workspace_id),
    }));
  }

  /** Resolves when every open hold has its row. */
  writeHolds(): Promise<void> {
    return this.#writeOlderThan(Infinity);
  }

  /** Writes what is still in memory; nothing may follow. */
  async close(): Promise<void> {
    await this.writeHolds();
    clearTimeout(this.#timer);
  }

  /** Undefined when the batch does anything but open holds that nobody looks for, or they may not be in memory. */
  #openInMemory(batch: readonly BatchItem[]): readonly OperationResult[] | undefined {
    const mayStay = this.#options.unwrittenMs > 0 && this.#writable && !this.#sqlite.inTransaction;
    if (!mayStay || !batch.every(isNewHold)) return undefined;
    const operations = operationsOf(batch);
    const changes = decide(load(this.#statements, this.#young, operations, []), operations);
    this.#young.open(changes, performance.now());
    this.#writeInTime();
    return changes.results;
  }

  #commit(batch: readonly BatchItem[], grown: readonly Hold[]): readonly (OperationResult | undefined)[] {
    try {
      const { results, stay } = batch.some(mustReachDisk)
        ? this.#transact(batch, grown)
        : withoutSync(this.#sqlite, () => this.#transact(batch, grown));
      this.#young = stay;
      this.#writable = true;
      return results;
    } catch (error) {
      this.#writable = false;
      throw error;
    }
  }

  #decideAndWrite(operations: readonly Operation[], grown: readonly Hold[]) {
    const { rows, ...loaded } = load(this.#statements, this.#young, operations, grown);
    const changes = decide(loaded, operations);
    const mustWrite = this.#options.unwrittenMs > 0 && this.#writable ? isLookedFor(operations) : () => true;
    const writing = this.#young.writing({ loaded, changes, rows }, { grown, mustWrite, now: performance.now() });
    write(this.#statements, writing, changes);
    return { changes, stay: writing.stay };
  }

  /** The control plane shares the connection; its transactions await only their own queries, so they end within a turn. */
  async #turn(): Promise<void> {
    while (this.#sqlite.inTransaction) await new Promise((resolve) => setImmediate(resolve));
  }

  async #writeOlderThan(since: number): Promise<void> {
    await this.#turn();
    const grown = this.#young.olderThan(since);
    if (grown.length > 0) this.#commit([], grown);
  }

  #writeInTime(): void {
    if (this.#timer !== undefined || this.#young.size === 0) return;
    const { unwrittenMs, onFailure } = this.#options;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const written = this.#writeOlderThan(performance.now() - unwrittenMs);
      void written.catch(onFailure).finally(() => this.#writeInTime());
    }, unwrittenMs);
  }
}

function operationsOf(batch: readonly BatchItem[]): readonly Operation[] {
  const operations: Operation[] = [];
  for (const { operation } of batch) if (operation) operations.push(operation);
  return operations;
}

/** A hold to be opened whose row nobody looks for. */
function isNewHold({ operation, record }: BatchItem): boolean {
  return operation?.type === "hold" && !operation.lookedFor && record === undefined;
}

function isLookedFor(operations: readonly Operation[]): (requestId: RequestId) => boolean {
  return (requestId) =>
    operations.some(
      (operation) => operation.type === "hold" && operation.lookedFor && operation.requestId === requestId,
    );
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

/** What the operations touch, and what `grown` holds count against, as it is with what is kept in memory. */
function load(
  statements: Statements,
  young: YoungHolds,
  operations: readonly Operation[],
  grown: readonly Hold[],
): LedgerState & { readonly rows: ReadonlySet<RequestId> } {
  const accounts = new Map<WorkspaceId, Account>();
  const holds = new Map<RequestId, Hold>();
  const rows = new Set<RequestId>();
  const counters = new Map<string, Counter>();
  const knownEntryIds = new Set<EntryId>();
  const refundable = new Map<RequestId, Refundable>();
  const loadCounter = (scope: string): void => {
    if (counters.has(scope)) return;
    const row = statements.counter.get(scope);
    const counter = young.onTopOfCounter(scope, row ? counterFromRow(scope, row) : undefined);
    if (counter) counters.set(scope, counter);
  };
  const putAccount = (workspaceId: WorkspaceId): void => {
    if (accounts.has(workspaceId)) return;
    const account = loadAccount(statements, workspaceId);
    if (account) accounts.set(workspaceId, young.onTopOfAccount(account));
  };
  for (const operation of operations) {
    putAccount(operation.workspaceId);
    if (operation.type === "credit" || operation.type === "refund" || operation.type === "adjust") {
      if (statements.entryId.get(operation.entryId)) knownEntryIds.add(operation.entryId);
      if (operation.type !== "refund") continue;
      const { workspaceId, requestId } = operation;
      const row = statements.refundable.get(workspaceId, requestId);
      if (row) refundable.set(requestId, { workspaceId, amount: picodollars(row.amount) });
      continue;
    }
    const hold = young.get(operation.requestId) ?? loadHold(statements, operation.requestId, rows);
    if (hold) holds.set(operation.requestId, hold);
    hold?.scopes.forEach(loadCounter);
    if (operation.type === "hold" || operation.type === "grow") operation.caps.forEach((cap) => loadCounter(cap.scope));
  }
  for (const { workspaceId, scopes } of grown) {
    putAccount(workspaceId);
    scopes.forEach(loadCounter);
  }
  return { accounts, holds, counters, knownEntryIds, refundable, rows };
}

function loadHold(statements: Statements, requestId: RequestId, rows: Set<RequestId>): Hold | undefined {
  const row = statements.hold.get(requestId);
  if (!row) return undefined;
  rows.add(requestId);
  return holdFromRow(requestId, row);
}

function loadAccount(statements: Statements, workspaceId: WorkspaceId): Account | undefined {
  const row = statements.account.get(workspaceId);
  return row ? accountFromRow(workspaceId, row) : undefined;
}

function write(statements: Statements, writing: Writing, { entries, notices }: LedgerChanges): void {
  for (const account of writing.accounts) {
    const { workspaceId, balance, held, pledged, entrySequence, chainHead } = account;
    statements.putAccount.run(workspaceId, balance, held, pledged, entrySequence, chainHead);
  }
  for (const requestId of writing.deleted) statements.endHold.run(requestId);
  for (const hold of writing.put) {
    const { requestId, workspaceId, keyId, amount, ceiling, state, expiresAt, scopes } = hold;
    statements.putHold.run(requestId, workspaceId, keyId, amount, ceiling, state, expiresAt, scopesText(scopes));
  }
  for (const { scope, spent, pledged, limit, warnAt } of writing.counters) {
    statements.putCounter.run(scope, spent, pledged, limit ?? null, warnAt ?? null);
  }
  for (const entry of entries) statements.addEntry.run(...entryValues(entry));
  for (const notice of notices) {
    const event = eventOf(notice);
    if (!event) continue;
    const { id, workspaceId, type, data, createdAt, once } = event;
    statements.addEvent.run(id, workspaceId, type, JSON.stringify(data), createdAt, once ?? null);
  }
}
