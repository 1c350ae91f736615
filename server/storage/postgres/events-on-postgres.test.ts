import { afterAll, beforeAll, expect, test } from "bun:test";
import { Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";
import { newPostgresDatabase } from "../../../tests/support/postgres.ts";
import { newId } from "../../contracts/ids.ts";
import { cap, Operations } from "../../ledger/ledger.test-kit.ts";
import type { Operation } from "../../ledger/operations.ts";
import { picodollars } from "../../money/picodollars.ts";
import { WebhookBench } from "../../webhooks/webhooks.test-kit.ts";
import { removeEndpoint, rotateSecret, sendTestEvent } from "../../webhooks/manage-endpoints.ts";
import { budgetStore } from "../budget-store.ts";
import type { Tables } from "../database.ts";
import { eventStore } from "../event-store.ts";
import { pruneEvents } from "../webhook-store.ts";
import { connectionOptions } from "./connection-options.ts";
import { migratePostgres } from "./migrate-postgres.ts";
import { BlockFrontier } from "../usage-blocks/frontier.ts";
import { postgresLedgerStore } from "./postgres-ledger-store.ts";

let ledgerPool: Pool;
let query: Kysely<Tables>;
beforeAll(async () => {
  const url = await newPostgresDatabase();
  await migratePostgres(url);
  query = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: new Pool({ ...connectionOptions(url), max: 8 }) }),
  });
  ledgerPool = new Pool({ ...connectionOptions(url), max: 1, pipeline: true });
});
afterAll(async () => {
  await ledgerPool.end();
  await query.destroy();
});

const feed = (bench: WebhookBench) =>
  eventStore(query).list(bench.workspaceId, { before: undefined, limit: 100, type: undefined });

test("two workers at once make every delivery once", async () => {
  const bench = await WebhookBench.over(query);
  const { endpoint } = await bench.endpoint();
  await Promise.all(Array.from({ length: 40 }, () => bench.event()));
  const workers = [bench.worker(), bench.worker(), bench.worker()];
  for (let round = 0; round < 15; round++) {
    await Promise.all(workers.map((worker) => worker.round()));
    await Promise.all(workers.map((worker) => worker.idle()));
  }
  const ids = bench.received.map(({ headers }) => headers["webhook-id"]);
  expect([ids.length, new Set(ids).size]).toEqual([40, 40]);
  const statuses = (await bench.deliveries(endpoint.id)).map(({ status, attempts }) => [status, attempts]);
  expect(statuses.every(([status, attempts]) => status === "delivered" && attempts === 1)).toBe(true);
  expect(bench.faults).toEqual([]);
});

test("a receiver that fails for five days is disabled, and an old feed is deleted", async () => {
  const bench = await WebhookBench.over(query);
  const { endpoint } = await bench.endpoint();
  await rotateSecret(bench.webhooks, bench.workspaceId, endpoint.id);
  await sendTestEvent(bench.webhooks, bench.workspaceId, endpoint.id);
  bench.answer = async () => ({ status: 500, error: "the receiver answered 500" });
  const worker = bench.worker();
  for (let days = 0; days <= 5; days++) {
    await bench.event();
    await bench.later(86_400_000, worker);
  }
  expect((await bench.webhooks.records.find(bench.workspaceId, endpoint.id))?.status).toBe("disabled");
  expect((await feed(bench))[0]?.type).toBe("webhook.disabled");
  await pruneEvents(query, bench.clock.now + 1);
  expect([await feed(bench), await bench.deliveries(endpoint.id)]).toEqual([[], []]);
  await removeEndpoint(bench.webhooks, bench.workspaceId, endpoint.id);
  expect(await bench.webhooks.records.count(bench.workspaceId)).toBe(0);
  expect(bench.faults).toEqual([]);
});

test("the ledger tells of a budget once, and of a balance below its threshold", async () => {
  const bench = await WebhookBench.over(query);
  const ids = [newId("req"), newId("req")];
  const our = new Operations(bench.workspaceId, (n) => ids[n] ?? newId("req"));
  const store = postgresLedgerStore(ledgerPool, new BlockFrontier());
  const commit = (...operations: readonly Operation[]) =>
    store.commit(operations.map((operation) => ({ operation, record: undefined })));
  await budgetStore(query).setLowBalanceThreshold(bench.workspaceId, picodollars(60n));
  await commit(our.credit(100));
  const scope = `workspace:${bench.workspaceId}:2026-11-22`;
  for (const n of [0, 1]) {
    const caps = [cap(scope, 50, 20)];
    await commit(our.hold(n, 25, { caps }));
    await commit(our.settle(n, 25));
  }
  const [first] = await feed(bench);
  expect((await feed(bench)).map(({ type }) => type).toSorted()).toEqual([
    "budget.reached",
    "budget.warning",
    "credits.low",
  ]);
  if (!first) throw new Error("nothing was told");
  const counted = (await budgetStore(query).counted([scope])).get(scope);
  expect(counted).toEqual({ spent: picodollars(50n), pledged: picodollars(0n) });
  const once = `budget.reached ${scope} 50`;
  await eventStore(query).append({ ...first, id: newId("evt"), type: "budget.reached", once });
  expect((await feed(bench)).length).toBe(3);
});
