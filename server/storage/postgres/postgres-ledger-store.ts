// The ledger on Postgres: one transaction a batch in two round trips. The first locks the accounts and loads, then
// `decide` says what happens, and the second writes and commits.
//
// When the connection is lost with a commit on its way, nobody has said whether it happened. The batch is then neither
// reported as failed nor decided again before a later connection has looked: what it wrote is found, and its results
// are given after all, or it is not, and the batch begins anew. Whoever hands in one of its operations again meanwhile
// is answered in the same way, so that no hold or settlement happens twice or is reported as failed when it happened.

import type { Pool, PoolClient, QueryConfig } from "pg";
import type { LedgerState } from "../../ledger/batch.ts";
import { decide } from "../../ledger/decide.ts";
import type { BatchItem, LedgerStore } from "../../ledger/group-commit.ts";
import type { Operation, OperationResult } from "../../ledger/operations.ts";
import type { BlockFrontier } from "../usage-blocks/frontier.ts";
import { attemptOf, wasCommitted, type Attempt } from "./attempt.ts";
import { asSeen, isAnswer, mayPass } from "./failures.ts";
import { loadBatch } from "./load-batch.ts";
import { ledgerWrites, recordWrites } from "./write-batch.ts";

type Results = readonly (OperationResult | undefined)[];

const mostTries = 5;
/** The wait before the second try; each further one is twice as long. */
const firstPauseMs = 25;
/** Longest to go on looking for what became of a commit. */
const doubtMs = 15_000;

/** A commit was sent, and its connection lost before it was answered. */
class InDoubt extends Error {
  override readonly name = "InDoubt";
}

/** @param pool Pipelining connections, as many as batches are to be under way at once. */
export function postgresLedgerStore(pool: Pool, frontier: BlockFrontier): Pick<LedgerStore, "commit"> {
  const doubtful = new WeakMap<BatchItem, Attempt>();

  const resolve = async (client: PoolClient, batch: readonly BatchItem[], attempt: Attempt) => {
    const committed = await wasCommitted(client, attempt);
    for (const item of attempt.results.keys()) {
      if (!committed) doubtful.delete(item);
    }
    return committed ? batch.map((item) => attempt.results.get(item)) : undefined;
  };

  const run = async (client: PoolClient, batch: readonly BatchItem[]): Promise<Results> => {
    const [first] = batch;
    const earlier = first && doubtful.get(first);
    const known = earlier && (await resolve(client, batch, earlier));
    if (known) return known;
    const { writes, results, attempt } = await decideBatch(client, batch, frontier);
    try {
      await writeAndCommit(client, writes);
    } catch (error) {
      if (error instanceof InDoubt && attempt) for (const item of batch) doubtful.set(item, attempt);
      throw error;
    }
    return results;
  };

  return {
    async commit(batch) {
      if (batch.every(({ operation, record }) => !operation && !record)) return batch.map(() => undefined);
      for (let tries = 1; ; tries++) {
        try {
          return await onConnection(pool, (client) => run(client, batch));
        } catch (error) {
          const attempt = batch[0] && doubtful.get(batch[0]);
          const looking = attempt !== undefined && performance.now() - attempt.madeAt < doubtMs;
          if (!looking && (tries >= mostTries || !mayPass(error))) throw error;
          await Bun.sleep(firstPauseMs * 2 ** Math.min(tries - 1, mostTries));
        }
      }
    },
  };
}

/** A connection on which anything failed is closed: that ends its transaction, whatever its state was. */
async function onConnection<Value>(pool: Pool, work: (client: PoolClient) => Promise<Value>): Promise<Value> {
  const client = await pool.connect().catch((error: unknown) => Promise.reject(asSeen(error)));
  let sound = false;
  try {
    const value = await work(client);
    sound = true;
    return value;
  } finally {
    client.release(!sound);
  }
}

async function decideBatch(client: PoolClient, batch: readonly BatchItem[], frontier: BlockFrontier) {
  const operations: Operation[] = [];
  for (const { operation } of batch) if (operation) operations.push(operation);
  const loaded = operations.length === 0 ? await beginUnlocked(client) : await loadBatch(client, operations);
  const changes = decide(loaded, operations);
  let next = 0;
  const results = batch.map(({ operation }) => (operation ? changes.results[next++] : undefined));
  const records = batch.flatMap(({ record }, index) => (record ? [{ record, result: results[index] }] : []));
  return {
    writes: [...ledgerWrites(changes, loaded), ...recordWrites(records, frontier)],
    results,
    attempt: attemptOf(batch, { loaded, changes }, results),
  };
}

/** Records alone touch no account. */
async function beginUnlocked(client: PoolClient): Promise<LedgerState> {
  await client.query("BEGIN");
  const none = { accounts: new Map(), holds: new Map(), counters: new Map() };
  return { ...none, knownEntryIds: new Set(), refundable: new Map() };
}

/**
 * @throws InDoubt when it cannot be known whether the transaction was committed; anything else when it was not.
 */
async function writeAndCommit(client: PoolClient, writes: readonly QueryConfig[]): Promise<void> {
  const written = Promise.allSettled(writes.map((write) => client.query(write)));
  const [commit] = await Promise.allSettled([client.query("COMMIT")]);
  const failure = (await written).find((outcome) => outcome.status === "rejected");
  if (commit.status === "rejected") {
    if (isAnswer(commit.reason)) throw commit.reason;
    throw new InDoubt("the connection was lost during a commit", { cause: commit.reason });
  }
  // After a statement that failed, COMMIT rolls back and says so.
  if (failure) throw failure.reason;
  if (commit.value.command !== "COMMIT") throw new Error("Postgres rolled the transaction back");
}
