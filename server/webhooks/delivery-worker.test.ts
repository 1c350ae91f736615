import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Webhook } from "standardwebhooks";
import { parseObject } from "../contracts/json.ts";
import type { OpenDatabase } from "../storage/database.ts";
import { eventStore } from "../storage/event-store.ts";
import { openSqlite } from "../storage/sqlite/open-sqlite.ts";
import { pruneEvents } from "../storage/webhook-store.ts";
import { removeEndpoint, rotateSecret, sendTestEvent, updateEndpoint } from "./manage-endpoints.ts";
import { retryDelaysMs } from "./retry-schedule.ts";
import { WebhookBench } from "./webhooks.test-kit.ts";

const hour = 3_600_000;
const day = 24 * hour;
const failing = async () => ({ status: 500, error: "the receiver answered 500" });

let database: OpenDatabase;
let bench: WebhookBench;
beforeEach(async () => {
  database = await openSqlite(":memory:");
  bench = await WebhookBench.over(database.query);
});
afterEach(async () => {
  expect(bench.faults).toEqual([]);
  await database.close();
});

/** As a receiver would; throws when the signature is wrong. The package compares with the real time, so it is given. */
function verify(secret: string, index = 0): unknown {
  const message = bench.received[index];
  if (!message) throw new Error("nothing was received");
  const real = Date.now;
  try {
    Date.now = () => message.at;
    return new Webhook(secret).verify(message.body, { ...message.headers });
  } finally {
    Date.now = real;
  }
}

describe("a delivery", () => {
  test("is signed as the independent package expects, with the event's id, time and data", async () => {
    const { secret, endpoint } = await bench.endpoint();
    const event = await bench.event();
    await bench.later(0, bench.worker());
    const { type, data } = event;
    expect(verify(secret)).toEqual({ type, timestamp: "2030-01-01T00:00:00.000Z", data });
    expect(bench.received[0]?.headers).toMatchObject({ "webhook-id": event.id, "content-type": "application/json" });
    expect(() => verify(`whsec_${Buffer.alloc(32).toString("base64")}`)).toThrow();
    expect(await bench.deliveries(endpoint.id)).toMatchObject([{ status: "delivered", attempts: 1, lastStatus: 200 }]);
  });

  test("goes to the endpoints that want its type, of its own workspace, once", async () => {
    await bench.endpoint("https://hooks.astrolabe.dev/all");
    await bench.endpoint("https://hooks.astrolabe.dev/low", ["credits.low"]);
    await bench.endpoint("https://hooks.astrolabe.dev/budgets", ["budget.warning", "budget.reached"]);
    const off = await bench.endpoint("https://hooks.astrolabe.dev/off");
    await updateEndpoint(bench.webhooks, bench.workspaceId, off.endpoint.id, { status: "disabled" });
    await bench.event();
    bench.clock.now += 1;
    await bench.endpoint("https://hooks.astrolabe.dev/too-late");
    const worker = bench.worker();
    for (let round = 0; round < 3; round++) await bench.later(hour, worker);
    expect(bench.received.map(({ url }) => url).toSorted()).toEqual([
      "https://hooks.astrolabe.dev/all",
      "https://hooks.astrolabe.dev/low",
    ]);
  });

  test("is tried again with the same id and body, ever later, then given up", async () => {
    const { endpoint, secret } = await bench.endpoint();
    await bench.event();
    bench.answer = failing;
    const worker = bench.worker();
    await bench.later(0, worker);
    for (const delay of retryDelaysMs) {
      const tries = bench.received.length;
      await bench.later(delay - 1, worker);
      expect(bench.received.length).toBe(tries);
      await bench.later(1, worker);
      expect(bench.received.length).toBe(tries + 1);
    }
    await bench.later(2 * day, worker);
    expect(bench.received.length).toBe(10);
    expect(new Set(bench.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(bench.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(new Set(bench.received.map(({ headers }) => headers["webhook-signature"])).size).toBe(10);
    expect(verify(secret, 9)).toBeDefined();
    expect(await bench.deliveries(endpoint.id)).toMatchObject([
      { status: "failed", attempts: 10, lastStatus: 500, lastError: "the receiver answered 500" },
    ]);
  });

  test("that succeeds at the second try ends the row of failures", async () => {
    const { endpoint } = await bench.endpoint();
    await bench.event();
    bench.answer = failing;
    const worker = bench.worker();
    await bench.later(0, worker);
    const since = async () =>
      (await bench.webhooks.records.find(bench.workspaceId, endpoint.id))?.failingSince !== undefined;
    expect(await since()).toBe(true);
    bench.answer = async () => ({ status: 204, error: undefined });
    await bench.later(5_000, worker);
    expect(await since()).toBe(false);
    expect(await bench.deliveries(endpoint.id)).toMatchObject([{ status: "delivered", attempts: 2 }]);
  });

  test("is made by one of two workers, whoever claims it", async () => {
    await bench.endpoint();
    for (let count = 0; count < 20; count++) await bench.event();
    const workers = [bench.worker(), bench.worker()];
    for (let round = 0; round < 12; round++) {
      await Promise.all(workers.map((worker) => worker.round()));
      await Promise.all(workers.map((worker) => worker.idle()));
    }
    const ids = bench.received.map(({ headers }) => headers["webhook-id"]);
    expect([ids.length, new Set(ids).size]).toEqual([20, 20]);
  });

  test("that a crash cut short is made again when its claim has run out", async () => {
    await bench.endpoint();
    await bench.event();
    let crashed = true;
    bench.answer = () => (crashed ? new Promise(() => undefined) : Promise.resolve({ status: 200, error: undefined }));
    await bench.worker().round();
    crashed = false;
    const next = bench.worker();
    await bench.later(29_999, next);
    expect(bench.received.length).toBe(1);
    await bench.later(1, next);
    expect(bench.received.length).toBe(2);
  });
});

describe("an endpoint", () => {
  test("that fails for five days is disabled once, with an event that others hear of", async () => {
    const { endpoint } = await bench.endpoint("https://hooks.astrolabe.dev/broken");
    await bench.endpoint("https://hooks.astrolabe.dev/whole", ["webhook.disabled"]);
    bench.answer = async (url) => (url.endsWith("broken") ? failing() : { status: 200, error: undefined });
    const worker = bench.worker();
    for (let days = 0; days <= 5; days++) {
      await bench.event();
      await bench.later(day, worker);
    }
    const find = () => bench.webhooks.records.find(bench.workspaceId, endpoint.id);
    expect((await find())?.status).toBe("disabled");
    await bench.later(hour, worker);
    const heard = bench.received.filter(({ url }) => url.endsWith("whole")).map(({ body }) => parseObject(body));
    const data = { endpoint_id: endpoint.id, url: "https://hooks.astrolabe.dev/broken", reason: "failing" };
    expect(heard).toMatchObject([{ type: "webhook.disabled", data }]);
    expect((await bench.deliveries(endpoint.id)).every(({ status }) => status === "failed")).toBe(true);
    const tries = bench.received.length;
    await bench.event();
    await bench.later(day, worker);
    expect(bench.received.length).toBe(tries);
    await updateEndpoint(bench.webhooks, bench.workspaceId, endpoint.id, { status: "enabled" });
    expect(await find()).toMatchObject({ status: "enabled", failingSince: undefined });
  });

  test("that answers 410 is disabled at once", async () => {
    const { endpoint } = await bench.endpoint();
    await bench.event();
    bench.answer = async () => ({ status: 410, error: "the receiver answered 410" });
    await bench.later(0, bench.worker());
    expect((await bench.webhooks.records.find(bench.workspaceId, endpoint.id))?.status).toBe("disabled");
    const feed = await eventStore(bench.query).list(bench.workspaceId, {
      before: undefined,
      limit: 9,
      type: "webhook.disabled",
    });
    expect(feed.map(({ data }) => data["reason"])).toEqual(["gone"]);
  });

  test("that is slow leaves room for the others", async () => {
    const slow = "https://hooks.astrolabe.dev/slow";
    await bench.endpoint(slow, ["credits.low"]);
    await bench.endpoint("https://hooks.astrolabe.dev/quick", ["budget.reached"]);
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    bench.answer = async (url) => {
      if (url === slow) await released;
      return { status: 200, error: undefined };
    };
    for (let count = 0; count < 30; count++) await bench.event();
    await bench.event("budget.reached");
    const worker = bench.worker();
    await worker.round();
    const counts = () => [slow, "https://hooks.astrolabe.dev/quick"].map(countOf);
    const countOf = (url: string) => bench.received.filter((one) => one.url === url).length;
    expect(counts()).toEqual([4, 1]);
    release();
    for (let round = 0; round < 10; round++) await bench.later(1, worker);
    expect(counts()).toEqual([30, 1]);
  });

  test("signs with both secrets for a day after a rotation, then with the new one alone", async () => {
    const { endpoint, secret: old } = await bench.endpoint();
    const { secret } = await rotateSecret(bench.webhooks, bench.workspaceId, endpoint.id);
    expect(secret).not.toBe(old);
    const worker = bench.worker();
    await bench.event();
    await bench.later(day - 1, worker);
    expect([verify(old, 0), verify(secret, 0)].every(Boolean)).toBe(true);
    await bench.event();
    await bench.later(1, worker);
    expect(verify(secret, 1)).toBeDefined();
    expect(() => verify(old, 1)).toThrow();
  });

  test("gets a test event on request, whatever types it takes, and no other endpoint does", async () => {
    const { endpoint } = await bench.endpoint("https://hooks.astrolabe.dev/tried", ["budget.reached"]);
    await bench.endpoint("https://hooks.astrolabe.dev/other");
    const id = await sendTestEvent(bench.webhooks, bench.workspaceId, endpoint.id);
    await bench.later(0, bench.worker());
    expect(bench.received.map(({ url, headers }) => [url, headers["webhook-id"]])).toEqual([
      ["https://hooks.astrolabe.dev/tried", id],
    ]);
  });

  test("takes its deliveries with it when it is removed", async () => {
    const { endpoint } = await bench.endpoint();
    await bench.event();
    bench.answer = failing;
    const worker = bench.worker();
    await bench.later(0, worker);
    await removeEndpoint(bench.webhooks, bench.workspaceId, endpoint.id);
    await bench.later(day, worker);
    expect([bench.received.length, (await bench.deliveries(endpoint.id)).length]).toEqual([1, 0]);
  });

  test("keeps its secret sealed: no row of the database holds it", async () => {
    const { secret } = await bench.endpoint();
    const rows = await bench.query.selectFrom("webhook_endpoints").selectAll().execute();
    const key = secret.slice("whsec_".length);
    for (const row of rows) {
      const stored = Buffer.from(row.secret, "base64url");
      expect(row.secret.includes(key) || stored.includes(key) || stored.includes(Buffer.from(key, "base64"))).toBe(
        false,
      );
    }
    expect(rows.length).toBe(1);
  });
});

test("the worker looks for work by itself once started, and no more once stopped", async () => {
  await bench.endpoint();
  const worker = bench.worker();
  worker.start();
  await bench.event();
  const begun = performance.now();
  while (bench.received.length === 0 && performance.now() - begun < 10_000) await Bun.sleep(10);
  expect(bench.received.length).toBe(1);
  await worker.stop();
  await bench.event();
  await Bun.sleep(50);
  expect(bench.received.length).toBe(1);
});

test("events and their deliveries are deleted when they are old, and only then", async () => {
  const { endpoint } = await bench.endpoint();
  const worker = bench.worker();
  await bench.event();
  await bench.later(0, worker);
  const at = bench.clock.now;
  await bench.later(day, worker);
  await bench.event();
  await bench.later(0, worker);
  await pruneEvents(bench.query, at + 1);
  expect((await bench.deliveries(endpoint.id)).map(({ createdAt }) => createdAt)).toEqual([at + day]);
  const feed = await eventStore(bench.query).list(bench.workspaceId, {
    before: undefined,
    limit: 9,
    type: undefined,
  });
  expect(feed.map(({ createdAt }) => createdAt)).toEqual([at + day]);
});
