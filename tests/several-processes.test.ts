// Several servers on one Postgres: what one of them does counts at the others, at once where it can, and the money adds
// up whoever spends it.

import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "bun:test";
import { existsSync } from "node:fs";
import { asObject, billingOf, startGateway } from "./support/gateway.ts";
import { startOperatedGateway, type OperatedGateway } from "./support/operator.ts";
import { ask, read, runProgram, startServer, temporaryDirectory } from "./support/server-process.ts";
import { newPostgresDatabase } from "./support/postgres.ts";
import { startPostgresProxy, type PostgresProxy } from "./support/postgres-proxy.ts";

const body = { model: "astrolabe/auto", input: "Write one sentence explaining routing stacks." };
/** The caches' own freshness is a second; the feed has to be quicker than that. */
const wellUnderASecond = 700;

describe("two servers on one database", () => {
  let databaseUrl: string;
  let one: OperatedGateway;
  let two: OperatedGateway;
  beforeAll(async () => {
    databaseUrl = await newPostgresDatabase();
    one = await startOperatedGateway({ DATABASE_URL: databaseUrl, ASTROLABE_INIT_CREDITS_USD: "1000" });
    two = await startOperatedGateway({ DATABASE_URL: databaseUrl }, one);
  });
  afterEach(() => {
    expect([...one.faults, ...two.faults]).toEqual([]);
  });
  afterAll(async () => {
    await one.close();
    await two.close();
  });

  /** How long until a request to the second server is answered as `expected` says. */
  async function noticedAfter(ask: () => Promise<Response>, expected: (response: Response) => boolean) {
    const startedAt = performance.now();
    while (performance.now() - startedAt < 3_000) {
      const response = await ask();
      await response.text();
      if (expected(response)) return performance.now() - startedAt;
    }
    return Infinity;
  }

  test("a key revoked at one is refused at the other", async () => {
    const { secret, id } = await one.operator.key();
    const ask = () => two.post("/v1/responses", body, { key: secret });
    expect((await ask()).status).toBe(200);
    await one.operator.send("POST", `/keys/${id}/revoke`);
    expect(await noticedAfter(ask, ({ status }) => status === 401)).toBeLessThan(wellUnderASecond);
  });

  test("a key made at one works at the other, also when it was asked for before", async () => {
    const { secret } = await one.operator.key();
    expect((await two.post("/v1/responses", body, { key: secret })).status).toBe(200);
  });

  test("a secret rotated away at one is refused at the other, where the new one works", async () => {
    const { secret, id } = await one.operator.key();
    const ask = (key: string) => () => two.post("/v1/responses", body, { key });
    expect((await ask(secret)()).status).toBe(200);
    const rotated = await one.operator.send("POST", `/keys/${id}/rotate`, { overlap_minutes: 0 });
    expect((await ask(String(rotated.body["secret"]))()).status).toBe(200);
    expect(await noticedAfter(ask(secret), ({ status }) => status === 401)).toBeLessThan(wellUnderASecond);
  });

  test("the use of a key at one is known at the other once it is written down", async () => {
    const { secret, id } = await one.operator.key();
    const lastUse = async () => (await one.operator.send("GET", `/keys/${id}`)).body["last_used_at"];
    expect(await lastUse()).toBeNull();
    const before = Date.now();
    await two.post("/v1/responses", body, { key: secret });
    await two.wired.housekeep();
    expect(Date.parse(String(await lastUse()))).toBeGreaterThanOrEqual(before - 1);
  });

  test("a workspace suspended at one is refused at the other, and served again when it is active", async () => {
    const ask = () => two.post("/v1/responses", body);
    expect((await ask()).status).toBe(200);
    await one.operator.send("PATCH", "", { status: "suspended" });
    expect(await noticedAfter(ask, ({ status }) => status === 403)).toBeLessThan(wellUnderASecond);
    await one.operator.send("PATCH", "", { status: "active" });
    expect(await noticedAfter(ask, ({ status }) => status === 200)).toBeLessThan(wellUnderASecond);
  });

  test("a stack version activated at one serves at the other", async () => {
    await one.operator.publish("shared", {});
    const ask = () => two.operator.ask("shared");
    expect((await ask()).headers.get("x-astrolabe-stack-version")).toBe("1");
    await one.operator.publish("shared", { objective: { primary: "fastest_passable" } });
    const isSecond = ({ headers }: Response): boolean => headers.get("x-astrolabe-stack-version") === "2";
    expect(await noticedAfter(ask, isSecond)).toBeLessThan(wellUnderASecond);
  });

  test("a key's requests per minute are those at both together", async () => {
    const limit = 60;
    const { secret } = await one.operator.key({ rate_limit_per_minute: limit });
    // Not across a full minute, where the next window begins.
    const leftMs = 60_000 - (Date.now() % 60_000);
    if (leftMs < 5_000) await Bun.sleep(leftMs);
    const responses = await Promise.all(
      Array.from({ length: 150 }, (_, turn) =>
        (turn % 2 === 0 ? one : two).post("/v1/responses", body, { key: secret }),
      ),
    );
    const statuses = responses.map(({ status }) => status);
    const served = statuses.filter((status) => status === 200).length;
    expect(served).toBeLessThanOrEqual(limit);
    expect(served).toBeGreaterThanOrEqual(limit * 0.8);
    expect(statuses.filter((status) => status === 429)).toHaveLength(150 - served);
  });

  test("both keep house, at times that are no whole milliseconds", async () => {
    await Promise.all([one.wired.housekeep(), two.wired.housekeep()]);
    expect((await two.post("/v1/responses", body)).status).toBe(200);
  });

  test("a third with another master key does not start", async () => {
    const environment = { DATABASE_URL: databaseUrl, ASTROLABE_MASTER_KEY: Buffer.alloc(32, 8).toString("base64") };
    expect(startGateway(environment, one)).rejects.toThrow("The master key is not the one");
  });
});

test("callers at two servers on credits that cover only some never overspend them", async () => {
  const databaseUrl = await newPostgresDatabase();
  const one = await startOperatedGateway({ DATABASE_URL: databaseUrl, ASTROLABE_INIT_CREDITS_USD: "2" });
  const two = await startOperatedGateway({ DATABASE_URL: databaseUrl }, one);
  const dear = {
    model: "anthropic/claude-opus-4.7",
    max_output_tokens: 2_000,
    input: "[sandbox:slow=200] [sandbox:tokens=1500] Tell the story of the astrolabe.",
  };
  const responses = await Promise.all(
    Array.from({ length: 120 }, async (_, turn) => {
      const response = await (turn % 2 === 0 ? one : two).post("/v1/responses", dear);
      await response.text();
      return response;
    }),
  );
  const served = responses.filter(({ status }) => status === 200);
  expect(served.length).toBeGreaterThan(5);
  expect(responses.filter(({ status }) => status === 402)).toHaveLength(120 - served.length);
  const debits = await Promise.all(
    served.map(async (response) => Number(billingOf(asObject(await one.traceOf(response)))["debit_usd"])),
  );
  const { balance, held } = await two.credits();
  expect(held).toBe(0n);
  expect(balance >= 0n).toBe(true);
  expect(Number(balance) / 1e12).toBeCloseTo(2 - debits.reduce((sum, debit) => sum + debit, 0), 9);
  await one.close();
  await two.close();
});

test("programs that start together share one first start, and go on when one of them is killed", async () => {
  const directory = temporaryDirectory();
  const environment = {
    DATABASE_URL: await newPostgresDatabase(),
    ASTROLABE_MASTER_KEY: Buffer.alloc(32, 7).toString("base64"),
  };
  const servers = await Promise.all([1, 2, 3].map((n) => startServer(`${directory.path}/${n}`, environment)));
  onTestFinished(async () => {
    await Promise.all(servers.map((server) => server.end()));
    directory.remove();
  });
  const [first] = servers.filter(({ liveKey }) => liveKey !== "");
  expect(servers.filter(({ liveKey }) => liveKey !== "")).toHaveLength(1);
  const key = first?.liveKey ?? "";
  for (const server of servers) expect((await ask(server, key)).status).toBe(200);
  const survivors = servers.filter((server) => server !== first);
  await first?.end();
  for (const server of survivors) expect((await ask(server, key)).status).toBe(200);
  const credits = await Promise.all(survivors.map((server) => read(server, "/v1/credits", key)));
  expect(credits[0]).toEqual(credits[1]);
  expect(existsSync(`${directory.path}/1`)).toBe(false);
  const verified = await runProgram(["ledger", "verify"], environment);
  expect([verified.exitCode, verified.stderr]).toEqual([0, ""]);
  expect(verified.stdout).toContain("5 debits recomputed");
});

describe("a database that is away", () => {
  let proxy: PostgresProxy;
  let gateway: OperatedGateway;
  beforeAll(async () => {
    proxy = startPostgresProxy(await newPostgresDatabase());
    gateway = await startOperatedGateway({ DATABASE_URL: proxy.url });
  });
  afterAll(async () => {
    await gateway.close();
    proxy.close();
  });

  test("is 503 with a time to wait for everything that needs it, and all is well when it is back", async () => {
    expect((await gateway.post("/v1/responses", body)).status).toBe(200);
    const before = await gateway.credits();
    proxy.cut();
    const startedAt = performance.now();
    const refused = await Promise.all([
      gateway.post("/v1/responses", body),
      gateway.post("/v1/chat/completions", { model: "astrolabe/auto", messages: [{ role: "user", content: "Hi" }] }),
      gateway.operator.ask("nobody-knows-it-yet"),
      fetch(`${gateway.url}/v1/credits`, { headers: { authorization: `Bearer ${gateway.liveKey}` } }),
    ]);
    expect(refused.map(({ status, headers }) => [status, headers.get("retry-after")])).toEqual(
      Array.from({ length: 4 }, () => [503, "1"]),
    );
    expect((await gateway.operator.send("GET", "/keys")).status).toBe(503);
    expect((await fetch(`${gateway.url}/ready`)).status).toBe(503);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    proxy.restore();
    expect((await gateway.post("/v1/responses", body)).status).toBe(200);
    const after = await gateway.credits();
    expect(after.held).toBe(0n);
    expect(after.balance < before.balance).toBe(true);
  });

  test("gives no free answer when it goes while a model answers", async () => {
    const slow = { ...body, input: "[sandbox:slow=300] Tell me about the astrolabe." };
    const [whole, stream] = [
      gateway.post("/v1/responses", slow),
      gateway.post("/v1/responses", { ...slow, stream: true }),
    ];
    await Bun.sleep(150);
    proxy.cut();
    const [answer, text] = [await whole, await (await stream).text()];
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toContain("output_text");
    expect(text).not.toContain("response.completed");
    proxy.restore();
    // Their holds stay until they expire: what they used is not known to have been paid.
    expect((await gateway.credits()).held > 0n).toBe(true);
  });
});
