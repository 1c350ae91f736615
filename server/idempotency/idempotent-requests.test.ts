import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";
import { newPostgresDatabase } from "../../tests/support/postgres.ts";
import { GatewayError } from "../contracts/errors.ts";
import { newId } from "../contracts/ids.ts";
import { noMoney } from "../money/picodollars.ts";
import type { OpenDatabase, Tables } from "../storage/database.ts";
import { idempotencyStore } from "../storage/idempotency-store.ts";
import { connectionOptions } from "../storage/postgres/connection-options.ts";
import { migratePostgres } from "../storage/postgres/migrate-postgres.ts";
import { openSqlite } from "../storage/sqlite/open-sqlite.ts";
import { Claim } from "./claim.ts";
import { IdempotentRequests, type DeliveredReply } from "./idempotent-requests.ts";

const leaseMs = 60_000;
const day = 86_400_000;
const apiKey = newId("key");
const workspaceId = newId("ws");
const body = new TextEncoder().encode("{}");
const answer: DeliveredReply = { kind: "answer", status: 200, stream: false, headers: {}, body };

let database: Pick<OpenDatabase, "query" | "close">;
let now: number;
let faults: string[];

const engines: [string, () => Promise<typeof database>][] = [
  ["SQLite", () => openSqlite(":memory:")],
  ["Postgres", openPostgres],
];

async function openPostgres(): Promise<typeof database> {
  const url = await newPostgresDatabase();
  await migratePostgres(url);
  const query = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: new Pool(connectionOptions(url)) }) });
  return { query, close: () => query.destroy() };
}

/** One server process; several share the database. */
function processOf(lease = leaseMs): IdempotentRequests {
  const key = new Uint8Array(32).fill(1);
  return new IdempotentRequests({
    records: idempotencyStore(database.query),
    hashKey: key,
    sealKey: key,
    leaseMs: lease,
    now: () => now,
    reportFault: (where) => faults.push(where),
  });
}

type Asked = { header?: string; text?: string; key?: typeof apiKey; requestId?: ReturnType<typeof requestIdOf> };
const requestIdOf = () => newId("req");

function ask(requests: IdempotentRequests, { header = "h", text = "{}", key = apiKey, requestId }: Asked = {}) {
  const identity = requests.identify(key, header, "responses", text);
  return requests.claim(identity, { requestId: requestId ?? newId("req"), workspaceId, opensHold: true });
}

/** The claim of a request that is to run. */
async function claimed(requests: IdempotentRequests, asked: Asked = {}): Promise<Claim> {
  const claim = await ask(requests, asked);
  if (!(claim instanceof Claim)) throw new Error("the request was answered");
  return claim;
}

async function refusal(asked: Promise<unknown>): Promise<GatewayError> {
  const thrown: unknown = await asked.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof GatewayError)) throw new Error(`not refused: ${String(thrown)}`);
  return thrown;
}

/** What the ledger's transaction does with a kept answer. */
async function settleWith(claim: Claim, requestId: string): Promise<void> {
  const kept = claim.keep(() => answer);
  const settled = { debit: noMoney, entrySequence: undefined, unbillableReason: undefined };
  const values = { answer: kept.answer(settled), expires_at: kept.expiresAt };
  await database.query.updateTable("idempotent_requests").set(values).where("request_id", "=", requestId).execute();
}

async function openHold(requestId: string): Promise<void> {
  const amounts = { amount: 1n, ceiling: 1n };
  const row = { request_id: requestId, workspace_id: workspaceId, key_id: apiKey, ...amounts, scopes: "[]" };
  await database.query
    .insertInto("holds")
    .values({ ...row, state: "open", expires_at: now })
    .execute();
}

async function expireHold(requestId: string): Promise<void> {
  await database.query.updateTable("holds").set({ state: "expired" }).where("request_id", "=", requestId).execute();
}

async function leaseUntil(): Promise<number> {
  const row = await database.query.selectFrom("idempotent_requests").select("lease_until").executeTakeFirstOrThrow();
  return Number(row.lease_until);
}

async function rows(): Promise<number> {
  return (await database.query.selectFrom("idempotent_requests").select("key_hash").execute()).length;
}

describe.each(engines)("on %s", (_, open) => {
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    now = 1_800_000_000_000;
    faults = [];
    await database.query.deleteFrom("idempotent_requests").execute();
    await database.query.deleteFrom("holds").execute();
  });

  describe("a key", () => {
    test("is taken by one of many requests at once", async () => {
      const requests = [processOf(), processOf()];
      const all = await Promise.allSettled(
        Array.from({ length: 50 }, (_, index) => ask(index % 2 ? processOf() : (requests[0] ?? processOf()))),
      );
      expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      for (const one of all)
        if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "idempotency_in_progress" });
    });

    test("of another API key is another key", async () => {
      await claimed(processOf());
      await claimed(processOf(), { key: newId("key") });
      expect(await rows()).toBe(2);
    });

    test("with another body is a conflict that names the first request, whether that runs or is answered", async () => {
      const requestId = newId("req");
      const claim = await claimed(processOf(), { requestId });
      const expected = { code: "idempotency_conflict", details: { request_id: requestId } };
      expect(await refusal(ask(processOf(), { text: "{ }" }))).toMatchObject(expected);
      await settleWith(claim, requestId);
      expect(await refusal(ask(processOf(), { text: "{ }" }))).toMatchObject(expected);
    });

    test("gives the kept answer for a day, and is free afterwards, whatever the body", async () => {
      const requestId = newId("req");
      await settleWith(await claimed(processOf(), { requestId }), requestId);
      expect(await ask(processOf())).toEqual(answer);
      now += day - 1;
      expect(await ask(processOf())).toEqual(answer);
      now += 1;
      await claimed(processOf(), { text: "other" });
    });

    test("that is released is free at once, and only its own request can release it", async () => {
      const first = await claimed(processOf());
      await first.release();
      const requestId = newId("req");
      const second = await claimed(processOf(), { text: "other", requestId });
      await first.release();
      expect(await refusal(ask(processOf(), { text: "other" }))).toMatchObject({ code: "idempotency_in_progress" });
      await settleWith(second, requestId);
      await second.release();
      expect(await ask(processOf(), { text: "other" })).toEqual(answer);
    });

    test.each(["", "x".repeat(256)])("must be 1 to 255 characters long (case %#)", (header) => {
      expect(() => processOf().identify(apiKey, header, "responses", "{}")).toThrow(GatewayError);
    });

    test("and the body are stored as hashes", async () => {
      await claimed(processOf(), { header: "order-4711", text: "the prompt" });
      const stored = JSON.stringify(
        await database.query.selectFrom("idempotent_requests").selectAll().execute(),
        (_, v) => (typeof v === "bigint" ? String(v) : v),
      );
      expect(stored).not.toContain("4711");
      expect(stored).not.toContain("prompt");
      expect(stored).not.toContain(apiKey);
    });
  });

  describe("while the first request runs", () => {
    test("a repeat is asked to wait as long again as the first has run, 30 seconds at most", async () => {
      await claimed(processOf());
      expect(await refusal(ask(processOf()))).toMatchObject({ retryAfterSeconds: 1 });
      now += 7_000;
      expect(await refusal(ask(processOf()))).toMatchObject({ retryAfterSeconds: 7 });
      now += 50_000;
      expect(await refusal(ask(processOf()))).toMatchObject({ retryAfterSeconds: 30 });
    });

    test("no lease frees its key while its hold is open; once the hold has expired it is free", async () => {
      const requestId = newId("req");
      await claimed(processOf(), { requestId });
      await openHold(requestId);
      now += 10 * leaseMs;
      expect(await refusal(ask(processOf()))).toMatchObject({ code: "idempotency_in_progress" });
      await expireHold(requestId);
      await claimed(processOf());
    });

    test("a claim without a hold is kept by renewing its lease", async () => {
      const lease = 400;
      const requests = processOf(lease);
      const identity = requests.identify(apiKey, "h", "responses", "{}");
      const claim = await requests.claim(identity, { requestId: newId("req"), workspaceId, opensHold: false });
      for (let round = 0; round < 3; round++) {
        now += lease - 1;
        while ((await leaseUntil()) !== now + lease) await Bun.sleep(10);
      }
      expect(await refusal(ask(processOf(lease)))).toMatchObject({ code: "idempotency_in_progress" });
      if (!(claim instanceof Claim)) throw new Error("the request was answered");
      await claim.release();
      await claimed(processOf(lease));
      expect(faults).toEqual([]);
    });
  });

  describe("a claim whose process died", () => {
    test("is taken over after its lease by exactly one of many repeats", async () => {
      await claimed(processOf());
      now += leaseMs - 1;
      expect(await refusal(ask(processOf()))).toMatchObject({ code: "idempotency_in_progress" });
      now += 1;
      const all = await Promise.allSettled(Array.from({ length: 20 }, () => ask(processOf())));
      expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    });

    test("is lost to a request that wakes up again: it may not go on, and frees nothing", async () => {
      const slept = await claimed(processOf());
      now += leaseMs;
      await claimed(processOf());
      expect(await refusal(slept.confirm())).toMatchObject({ code: "idempotency_in_progress" });
      await slept.release();
      expect(await rows()).toBe(1);
    });

    test("is kept by a slow request that nobody took it from", async () => {
      const slow = await claimed(processOf());
      now += 2 * leaseMs;
      await slow.confirm();
      expect(await refusal(ask(processOf()))).toMatchObject({ code: "idempotency_in_progress" });
    });
  });

  test("housekeeping deletes what has expired, and nothing that still runs", async () => {
    const running = newId("req");
    await claimed(processOf(), { header: "running", requestId: running });
    await openHold(running);
    for (let index = 0; index < 1_200; index++) await claimed(processOf(), { header: `old ${index}` });
    now += day - 1;
    await claimed(processOf(), { header: "new" });
    await processOf().prune();
    expect(await rows()).toBe(1_202);
    now += 1;
    await processOf().prune();
    expect(await rows()).toBe(2);
  });
});
