// How the program ends, politely and not: what runs is finished or cancelled and settled, and nothing stays held.

import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import type { JsonObject } from "../server/contracts/json.ts";
import { startUpstreamDouble, streams, upstreamEnvironment } from "./support/upstream-double.ts";
import { ask, read, startServer, temporaryDirectory, type ServerProcess } from "./support/server-process.ts";

// Each start is a process of its own, which takes its time on a busy machine.
setDefaultTimeout(20_000);

let directory: ReturnType<typeof temporaryDirectory>;
let server: ServerProcess;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(async () => {
  await server.end();
  directory.remove();
});

type UsageRow = { readonly unbillable_reason: string | null; readonly http_status: number; readonly debit: number };

/** What the database says once no server has it open. */
function books() {
  const database = new Database(join(directory.path, "astrolabe.sqlite"), { readonly: true });
  try {
    return {
      held: database.query<{ held: number }, []>("SELECT held FROM accounts").all(),
      openHolds: database.query<{ amount: number }, []>("SELECT amount FROM holds WHERE state = 'open'").all(),
      usage: database
        .query<UsageRow, []>("SELECT unbillable_reason, http_status, debit FROM usage_rows ORDER BY request_id")
        .all(),
    };
  } finally {
    database.close();
  }
}

function responses(triggers: string, more: JsonObject = {}): JsonObject {
  return { model: "astrolabe/auto", input: `${triggers} Tell the story of the astrolabe.`, ...more };
}

/** The names of a stream's events, in order; chat events have none. */
function eventNames(stream: string): string[] {
  return [...stream.matchAll(/^event: (\S+)$/gm)].map(([, name = ""]) => name);
}

/** Reads a stream until it has said something. */
async function begun(response: Response): Promise<AsyncIterator<Uint8Array>> {
  if (!response.body) throw new Error("the answer has no body");
  const chunks = response.body[Symbol.asyncIterator]();
  await chunks.next();
  return chunks;
}

async function restOf(chunks: AsyncIterator<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for (let chunk = await chunks.next(); !chunk.done; chunk = await chunks.next()) {
    text += decoder.decode(chunk.value, { stream: true });
  }
  return text;
}

/** Until a request that was just sent has got as far as its hold. */
async function untilSomethingIsHeld(key: string): Promise<void> {
  while (Number((await read(server, "/v1/credits", key))["held_usd"]) === 0);
}

describe("SIGTERM", () => {
  test("lets a slow answer and a slow stream finish, refuses new requests, and exits with 0 owing nothing", async () => {
    server = await startServer(directory.path);
    const slow = ask(server, server.liveKey, responses("[sandbox:slow=700]"));
    await untilSomethingIsHeld(server.liveKey);
    const stream = await begun(
      await ask(server, server.liveKey, responses("[sandbox:pace=20] [sandbox:tokens=50]", { stream: true })),
    );
    server.signal("SIGTERM");
    await Bun.sleep(100);
    const late = await ask(server, server.liveKey).then(
      (response) => response.status,
      () => "connection refused",
    );
    expect([503, "connection refused"]).toContain(late);
    expect(eventNames(await restOf(stream)).at(-1)).toBe("response.completed");
    const answer = await slow;
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ status: "completed" });
    expect(await server.exited).toBe(0);
    const { held, openHolds, usage } = books();
    expect([held, openHolds]).toEqual([[{ held: 0 }], []]);
    expect(usage).toHaveLength(2);
    for (const row of usage) expect([row.unbillable_reason, row.http_status, row.debit > 0]).toEqual([null, 200, true]);
    expect(server.stderr()).toBe("");
  });

  test("does not wait for connections that are only kept open", async () => {
    server = await startServer(directory.path);
    await (await ask(server, server.liveKey)).text();
    const startedAt = performance.now();
    server.signal("SIGTERM");
    expect(await server.exited).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  test("cancels what outlasts the drain, tells its callers, and settles what was seen", async () => {
    server = await startServer(directory.path, { ASTROLABE_DRAIN_TIMEOUT_MS: "300" });
    const key = server.liveKey;
    const endless = "[sandbox:pace=100] [sandbox:tokens=5000]";
    const whole = ask(server, key, responses("[sandbox:slow=60000]"));
    await untilSomethingIsHeld(key);
    const streams = [
      await ask(server, key, responses(endless, { stream: true })),
      await ask(server, key, { messages: [{ role: "user", content: endless }], stream: true }),
    ];
    const readers = await Promise.all(streams.map(begun));
    const startedAt = performance.now();
    server.signal("SIGTERM");
    const [refused, ...endings] = await Promise.all([whole, ...readers.map(restOf)]);
    expect(await server.exited).toBe(0);
    const tookMs = performance.now() - startedAt;
    expect(tookMs).toBeGreaterThan(290);
    expect(tookMs).toBeLessThan(2_000);

    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await refused.text()).toContain("service_unavailable");
    expect(eventNames(endings[0] ?? "").at(-1)).toBe("response.failed");
    for (const ending of endings) expect(ending).toContain("service_unavailable");
    const { held, openHolds } = books();
    expect([held, openHolds]).toEqual([[{ held: 0 }], []]);
    expect(server.stderr()).toBe("");

    server = await startServer(directory.path);
    expect(await traceOf(refused, key)).toMatchObject({
      status: 503,
      attempts: [{ outcome: "cancelled", error: { message: "the server is shutting down" } }],
      billing: { status: "unbillable", reason: "service_unavailable" },
    });
    for (const stream of streams) {
      expect(await traceOf(stream, key)).toMatchObject({
        status: 503,
        attempts: [{ outcome: "cancelled", usage: { kind: "at_least" } }],
        billing: { status: "billed" },
      });
    }
  });

  test("does not wait for a client that has stopped reading", async () => {
    const double = startUpstreamDouble();
    const long = Array.from({ length: 400 }, () => "x".repeat(64 * 1024));
    double.behave({ first: streams(long) });
    server = await startServer(directory.path, { ...upstreamEnvironment(double), ASTROLABE_DRAIN_TIMEOUT_MS: "300" });
    const stalled = await ask(server, server.liveKey, {
      model: "openai/gpt-5.4",
      messages: [{ role: "user", content: "Go on." }],
      stream: true,
    });
    const chunks = await begun(stalled);
    const startedAt = performance.now();
    server.signal("SIGTERM");
    expect(await server.exited).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    const { held, openHolds, usage } = books();
    expect([held, openHolds]).toEqual([[{ held: 0 }], []]);
    expect(usage).toMatchObject([{ unbillable_reason: null }]);
    expect(server.stderr()).toBe("");
    await chunks.return?.();
    await double.close();
  });

  function traceOf(response: Response, key: string): Promise<JsonObject> {
    return read(server, `/v1/traces/${response.headers.get("x-astrolabe-cloud-request-id")}`, key);
  }
});

describe("SIGKILL in the middle of a stream", () => {
  test("loses no settled entry; the sweep frees the hold once its lease has run out", async () => {
    const lease = { ASTROLABE_HOLD_LEASE_MS: "4000" };
    server = await startServer(directory.path, lease);
    const key = server.liveKey;
    await (await ask(server, key)).text();
    const settled = await read(server, "/v1/credits", key);
    await begun(await ask(server, key, responses("[sandbox:pace=100] [sandbox:tokens=5000]", { stream: true })));
    while (openHolds().length === 0) await Bun.sleep(5);
    server.signal("SIGKILL");
    expect(await server.exited).not.toBe(0);

    const expiresAt = expiryOfTheHold();
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + 4_000);
    server = await startServer(directory.path, lease);
    const after = await read(server, "/v1/credits", key);
    expect(after["balance_usd"]).toBe(settled["balance_usd"]);
    expect(Number(after["held_usd"])).toBeGreaterThan(0);
    expect((await ask(server, key)).status).toBe(200);
    expect(await untilNothingIsHeld(key)).toBe(true);
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
    expect(server.stderr()).toBe("");
  });

  test("leaves nothing held when the hold was too young to have been written", async () => {
    server = await startServer(directory.path);
    const key = server.liveKey;
    await (await ask(server, key)).text();
    const settled = await read(server, "/v1/credits", key);
    const asked = ask(server, key, responses("[sandbox:pace=100] [sandbox:tokens=5000]", { stream: true }));
    await untilSomethingIsHeld(key);
    server.signal("SIGKILL");
    await Promise.all([server.exited, asked.catch(() => undefined)]);
    const written = openHolds();

    server = await startServer(directory.path);
    const after = await read(server, "/v1/credits", key);
    expect(after["balance_usd"]).toBe(settled["balance_usd"]);
    // A slow machine may have taken long enough for it to be written after all; then the lease decides, as above.
    expect(Number(after["held_usd"]) > 0).toBe(written.length > 0);
    expect(server.stderr()).toBe("");
  });

  /** Of the one open hold: Unix milliseconds. */
  function expiryOfTheHold(): number {
    const holds = openHolds();
    expect(holds).toHaveLength(1);
    return holds[0]?.expires_at ?? 0;
  }

  function openHolds(): { expires_at: number }[] {
    const database = new Database(join(directory.path, "astrolabe.sqlite"), { readonly: true });
    const holds = database.query<{ expires_at: number }, []>("SELECT expires_at FROM holds WHERE state = 'open'").all();
    database.close();
    return holds;
  }

  async function untilNothingIsHeld(key: string): Promise<boolean> {
    for (let tries = 0; tries < 400; tries++) {
      const { held_usd: held } = await read(server, "/v1/credits", key);
      if (Number(held) === 0) return true;
      await Bun.sleep(25);
    }
    return false;
  }
});
