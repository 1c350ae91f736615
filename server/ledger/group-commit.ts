// Group commit: operations that arrive while the loop is busy are committed together in one durable transaction, once a
// turn of the loop brings no more of them. No timer; an idle ledger commits at the next turn. Lanes let batches of
// different workspaces run side by side.

import { LRUCache } from "lru-cache";
import type { RequestId, WorkspaceId } from "../contracts/ids.ts";
import { GatewayError } from "../contracts/errors.ts";
import type { Ledger } from "./ledger.ts";
import type { Account, Operation, OperationResult } from "./operations.ts";
import type { RequestRecord } from "./request-record.ts";

export type BatchItem = { readonly operation: Operation | undefined; readonly record: RequestRecord | undefined };

/** What storage does for the ledger: lock and load, `decide`, write, in one durable transaction. */
export type LedgerStore = {
  /**
   * The result of an item that needs no commit; undefined: it does. Only asked while nothing waits before it. Absent: every
   * item needs one.
   */
  answerAtOnce?(item: BatchItem): OperationResult | undefined;
  /**
   * One result per item, in order; undefined for items without an operation.
   * @throws when nothing was committed, or when the database stayed away too long to tell.
   */
  commit(batch: readonly BatchItem[]): Promise<readonly (OperationResult | undefined)[]>;
  account(workspaceId: WorkspaceId): Promise<Account | undefined>;
  /** Open holds whose expiry is not after `nowMs`, the oldest first, at most `limit`. */
  expiredHolds(
    nowMs: number,
    limit: number,
  ): Promise<readonly { readonly requestId: RequestId; readonly workspaceId: WorkspaceId }[]>;
};

/**
 * Operations of a failed batch that fail alone, one after the other, before the database is taken to be at fault and the
 * rest is refused: each further try could block for its whole lock timeout.
 */
const mostFailuresInARow = 3;
/** Most turns of the loop that a batch is gathered for. */
const mostTurns = 8;
/** Most workspaces whose last state is remembered. */
const mostRecentAccounts = 10_000;

type Waiting = BatchItem & {
  readonly resolve: (result: OperationResult | undefined) => void;
  readonly reject: (error: unknown) => void;
};

export type GroupCommitOptions = {
  readonly store: LedgerStore;
  /**
   * How many batches may be committed at once, each for other workspaces. More than one is for stores that commit side by
   * side.
   */
  readonly lanes?: number;
  /** Most operations waiting at once, over all lanes; more are refused with 503. */
  readonly maxQueued?: number;
  /** Most operations in one transaction. */
  readonly maxBatch?: number;
  /** Hears of commits that failed. */
  readonly onFailure: (error: unknown) => void;
};

export class GroupCommitLedger implements Ledger {
  readonly #store: LedgerStore;
  readonly #maxQueued: number;
  readonly #onFailure: (error: unknown) => void;
  readonly #firstLane: Lane;
  readonly #lanes: readonly Lane[];
  readonly #recent = new LRUCache<WorkspaceId, Account>({ max: mostRecentAccounts });

  constructor({ store, lanes = 1, maxQueued = 20_000, maxBatch = 1_000, onFailure }: GroupCommitOptions) {
    this.#store = store;
    this.#maxQueued = maxQueued;
    this.#onFailure = onFailure;
    const newLane = (): Lane => new Lane(store, maxBatch, this.#recent, onFailure);
    this.#firstLane = newLane();
    this.#lanes = [this.#firstLane, ...Array.from({ length: lanes - 1 }, newLane)];
  }

  async submit(operation: Operation, record?: RequestRecord): Promise<OperationResult> {
    const result = await this.#enqueue(operation.workspaceId, { operation, record });
    if (!result)
      throw new GatewayError("internal_error", undefined, { cause: new Error("an operation had no result") });
    return result;
  }

  recordOnly(record: RequestRecord): void {
    if (this.#isFull()) return;
    this.#enqueue(record.usage.workspaceId, { operation: undefined, record }).catch(this.#onFailure);
  }

  async record(record: RequestRecord): Promise<void> {
    await this.#enqueue(record.usage.workspaceId, { operation: undefined, record });
  }

  account(workspaceId: WorkspaceId): Promise<Account | undefined> {
    return this.#store.account(workspaceId);
  }

  recentAccount(workspaceId: WorkspaceId): Account | undefined {
    return this.#recent.get(workspaceId);
  }

  /** Resolves when everything submitted before it has been written or refused, records included. */
  async flush(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.add({ operation: undefined, record: undefined })));
  }

  #enqueue(workspaceId: WorkspaceId, item: BatchItem): Promise<OperationResult | undefined> {
    if (this.#isFull()) {
      return Promise.reject(
        new GatewayError("service_unavailable", "The ledger is overloaded.", { retryAfterSeconds: 1 }),
      );
    }
    return this.#laneOf(workspaceId).add(item);
  }

  #isFull(): boolean {
    let waiting = 0;
    for (const lane of this.#lanes) waiting += lane.waiting;
    return waiting >= this.#maxQueued;
  }

  /** Always the same one for a workspace, so that its operations keep their order. */
  #laneOf(workspaceId: WorkspaceId): Lane {
    if (this.#lanes.length === 1) return this.#firstLane;
    return this.#lanes[spread(workspaceId) % this.#lanes.length] ?? this.#firstLane;
  }
}

/** A queue of its own with at most one commit in flight. */
class Lane {
  readonly #store: LedgerStore;
  readonly #maxBatch: number;
  readonly #recent: LRUCache<WorkspaceId, Account>;
  readonly #onFailure: (error: unknown) => void;
  #queue: Waiting[] = [];
  #running = false;

  constructor(
    store: LedgerStore,
    maxBatch: number,
    recent: LRUCache<WorkspaceId, Account>,
    onFailure: (error: unknown) => void,
  ) {
    this.#store = store;
    this.#maxBatch = maxBatch;
    this.#recent = recent;
    this.#onFailure = onFailure;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  add(item: BatchItem): Promise<OperationResult | undefined> {
    const answered = this.#running ? undefined : this.#store.answerAtOnce?.(item);
    if (answered) {
      this.#remember(answered);
      return Promise.resolve(answered);
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...item, resolve, reject });
      if (!this.#running) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#running = true;
    while (this.#queue.length > 0) {
      await this.#gather();
      await this.#commit(this.#queue.splice(0, this.#maxBatch));
    }
    this.#running = false;
  }

  /** Waits for the loop's next turn, and on while turns bring more: the larger a batch, the less each operation costs. */
  async #gather(): Promise<void> {
    let seen = 1;
    await nextTurn();
    for (let turns = 1; turns < mostTurns && this.#queue.length > seen; turns++) {
      seen = this.#queue.length;
      await nextTurn();
    }
  }

  /** A batch that fails is tried again one by one, so that one bad operation cannot refuse its neighbours. */
  async #commit(batch: readonly Waiting[]): Promise<void> {
    const failure = await this.#tryCommit(batch);
    if (!failure) return;
    if (batch.length === 1) return this.#refuse(batch, failure.cause);
    let failuresInARow = 0;
    for (const [index, waiting] of batch.entries()) {
      const own = await this.#tryCommit([waiting]);
      failuresInARow = own ? failuresInARow + 1 : 0;
      if (!own) continue;
      if (failuresInARow === mostFailuresInARow) return this.#refuse(batch.slice(index), own.cause);
      this.#refuse([waiting], own.cause);
    }
  }

  /** What went wrong; undefined once everybody in the batch has been answered. */
  async #tryCommit(batch: readonly Waiting[]): Promise<{ readonly cause: unknown } | undefined> {
    try {
      const results = await this.#store.commit(batch);
      batch.forEach((waiting, index) => {
        const result = results[index];
        this.#remember(result);
        waiting.resolve(result);
      });
      return undefined;
    } catch (cause) {
      return { cause };
    }
  }

  #remember(result: OperationResult | undefined): void {
    if (result?.ok) this.#recent.set(result.account.workspaceId, result.account);
  }

  #refuse(batch: readonly Waiting[], cause: unknown): void {
    this.#onFailure(cause);
    const message = "The ledger could not be written.";
    const refusal = new GatewayError("service_unavailable", message, { cause, retryAfterSeconds: 1 });
    for (const waiting of batch) waiting.reject(refusal);
  }
}

/** A number from 0 that tells ids apart: their last digits are random. */
function spread(id: string): number {
  let number = 0;
  for (let at = Math.max(0, id.length - 8); at < id.length; at++) number = number * 31 + id.charCodeAt(at);
  return number;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
