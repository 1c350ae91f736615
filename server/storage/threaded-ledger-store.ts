// Two ways to commit a batch on SQLite: here, for a few operations, where a thread's round trip would cost more than it
// saves; or in the ledger's thread, for many, so that the disk's sync does not stop the serving loop. Only one commits
// at a time: the caller, the group commit, has one batch in flight.

import type { BatchItem, LedgerStore } from "../ledger/group-commit.ts";
import type { OperationResult } from "../ledger/operations.ts";

export type ThreadRequest =
  | { readonly kind: "open"; readonly path: string }
  | { readonly kind: "commit"; readonly id: number; readonly batch: readonly BatchItem[] };

export type ThreadReply =
  | { readonly kind: "opened" }
  | { readonly kind: "committed"; readonly id: number; readonly results: readonly (OperationResult | undefined)[] }
  | { readonly kind: "failed"; readonly id: number; readonly message: string };

type Waiting = {
  readonly resolve: (results: readonly (OperationResult | undefined)[]) => void;
  readonly reject: (error: Error) => void;
};

/** Batches up to this size are committed on the calling thread. */
const fewOperations = 2;

export class ThreadedLedgerStore implements LedgerStore {
  readonly #here: LedgerStore;
  readonly #path: string;
  readonly #waiting = new Map<number, Waiting>();
  #thread: Worker | undefined;
  #ready = false;
  #nextId = 1;

  /** @param here the store on the main connection to the database file `path`. */
  constructor(here: LedgerStore, path: string) {
    this.#here = here;
    this.#path = path;
  }

  commit(batch: readonly BatchItem[]): Promise<readonly (OperationResult | undefined)[]> {
    if (batch.length <= fewOperations) return this.#here.commit(batch);
    this.#thread ??= this.#start();
    // The thread takes a moment to start; until then nobody waits for it.
    return this.#ready ? this.#commitThere(this.#thread, batch) : this.#here.commit(batch);
  }

  account: LedgerStore["account"] = (workspaceId) => this.#here.account(workspaceId);

  expiredHolds: LedgerStore["expiredHolds"] = (nowMs, limit) => this.#here.expiredHolds(nowMs, limit);

  close(): void {
    this.#thread?.terminate();
    this.#thread = undefined;
  }

  #commitThere(thread: Worker, batch: readonly BatchItem[]): Promise<readonly (OperationResult | undefined)[]> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      thread.postMessage({ kind: "commit", id, batch } satisfies ThreadRequest);
    });
  }

  #start(): Worker {
    const thread = new Worker(new URL("./ledger-thread.ts", import.meta.url).href);
    thread.onmessage = ({ data }: MessageEvent<ThreadReply>) => this.#take(data);
    // A thread that dies fails what it had; the next batch is committed here and starts another.
    thread.onerror = (event) => this.#lose(new Error(`the ledger thread failed: ${event.message}`));
    thread.postMessage({ kind: "open", path: this.#path } satisfies ThreadRequest);
    thread.unref();
    return thread;
  }

  #take(reply: ThreadReply): void {
    if (reply.kind === "opened") {
      this.#ready = true;
      return;
    }
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.kind === "committed") waiting?.resolve(reply.results);
    else waiting?.reject(new Error(reply.message));
  }

  #lose(error: Error): void {
    this.#thread?.terminate();
    this.#thread = undefined;
    this.#ready = false;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
