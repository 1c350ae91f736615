// Streams that go wrong after the first byte, from either side: the provider's end and the client's.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { arrayAt, type JsonObject } from "../server/contracts/json.ts";
import { billingOf } from "./support/gateway.ts";
import { refusalOf, type OperatedGateway } from "./support/operator.ts";
import { readStream } from "./support/read-stream.ts";
import {
  answers,
  hangs,
  startGatewayOver,
  startUpstreamDouble,
  streams,
  type Ending,
  type UpstreamDouble,
} from "./support/upstream-double.ts";

// Waiting for clocks takes seconds by itself.
setDefaultTimeout(20_000);

let double: UpstreamDouble;
let gateway: OperatedGateway;
beforeAll(() => {
  double = startUpstreamDouble();
});
afterAll(() => double.close());

beforeEach(async () => {
  gateway = await startGatewayOver(double, {
    ASTROLABE_CHUNK_TIMEOUT_MS: "400",
    ASTROLABE_TOTAL_TIMEOUT_MS: "1500",
    ASTROLABE_KEEP_ALIVE_MS: "50",
    ASTROLABE_MAX_CONCURRENT_REQUESTS: "3",
  });
});
afterEach(async () => {
  expect(gateway.faults).toEqual([]);
  expect((await gateway.credits()).held).toBe(0n);
  await gateway.close();
});

const question = "Tell me how you are.";
const bodies: { readonly [path: string]: JsonObject } = {
  "/v1/chat/completions": { messages: [{ role: "user", content: question }] },
  "/v1/responses": { input: question },
};

function ask(path: string, stream: boolean, signal?: AbortSignal): Promise<Response> {
  const body = { model: "astrolabe/auto", stream, ...bodies[path] };
  return gateway.post(path, body, signal ? { signal } : {});
}

function* endlessWords(): Generator<string> {
  for (let number = 0; ; number++) yield `${number} `;
}

describe.each(Object.keys(bodies))("after the first byte, %s", (path) => {
  const isChat = path.endsWith("completions");
  const breaks: [string, Ending, string][] = [
    ["the provider closes without a terminal event", "closed", "cut"],
    ["the connection is torn off", "torn", "cut"],
    ["the provider reports an error", "error", "provider_error"],
    ["the provider falls silent", "hanging", "timeout"],
  ];
  test.each(breaks)("when %s, ends with a typed event; nothing is charged, nobody else asked", async (_, how, kind) => {
    double.behave({ first: streams(["one ", "two "], how) });
    const response = await ask(path, true);
    expect(response.status).toBe(200);
    const events = await readStream(response).rest();
    const [last = ""] = events.slice(-1);
    expect(last).toContain("streaming_provider_error");
    expect(last).toContain(response.headers.get("x-astrolabe-cloud-request-id") ?? "none");
    expect(last).toStartWith(isChat ? 'data: {"error":' : "event: response.failed");
    expect(events.join("\n")).toContain("two ");
    expect(events.join("\n")).not.toMatch(/\[DONE\]|response\.completed/);
    expect(double.calls).toHaveLength(1);
    const trace = await gateway.traceOf(response);
    expect(trace["attempts"]).toMatchObject([{ outcome: "cut", error: { kind } }]);
    expect(billingOf(trace)).toMatchObject({ status: "unbillable", reason: "streaming_provider_error", lines: [] });
  });

  test("when the answer never ends, the request's own time ends it", async () => {
    double.behave({ first: streams(endlessWords(), "well", 20) });
    const startedAt = performance.now();
    const events = await readStream(await ask(path, true)).rest();
    const tookMs = performance.now() - startedAt;
    expect(events.at(-1)).toContain("streaming_provider_error");
    expect([tookMs > 1_400, tookMs < 2_200]).toEqual([true, true]);
    await Bun.sleep(50);
    expect(double.calls[0]?.signal.aborted).toBe(true);
  });
});

describe("a client that hangs up", () => {
  /** Milliseconds until the upstream noticed, or -1 when it did not within a second. */
  async function noticedAfter(leave: () => void): Promise<number> {
    const signal = double.calls.at(-1)?.signal;
    const startedAt = performance.now();
    leave();
    while (signal?.aborted === false && performance.now() - startedAt < 1_000) await Bun.sleep(2);
    return signal?.aborted ? performance.now() - startedAt : -1;
  }

  async function untilCalled(): Promise<void> {
    for (let tries = 0; double.calls.length === 0 && tries < 200; tries++) await Bun.sleep(5);
    expect(double.calls).toHaveLength(1);
  }

  const left = { status: "unbillable", reason: "client_disconnected" };

  test.each([false, true])(
    "while the upstream thinks (streamed: %p): it is told within 200 ms, nothing is charged",
    async (stream) => {
      double.behave({ first: hangs() });
      const controller = new AbortController();
      const answer = ask("/v1/responses", stream, controller.signal).catch(() => undefined);
      await untilCalled();
      const noticedMs = await noticedAfter(() => controller.abort());
      expect([noticedMs >= 0, noticedMs < 200]).toEqual([true, true]);
      await answer;
      expect(await lastUsage()).toMatchObject({ status: 499, unbillable_reason: left.reason });
      expect(double.calls).toHaveLength(1);
    },
  );

  test.each(["content-length: 1000", "transfer-encoding: chunked"])(
    "in the middle of its own body (%s): nobody is asked, nothing is charged, and no fault of ours is reported",
    async (framing) => {
      double.behave({});
      const { hostname, port } = new URL(gateway.url);
      const head = [
        "POST /v1/responses HTTP/1.1",
        "host: gateway",
        `authorization: Bearer ${gateway.liveKey}`,
        framing,
      ];
      const socket = await Bun.connect({ hostname, port: Number(port), socket: { data: () => undefined } });
      socket.write(`${head.join("\r\n")}\r\n\r\n6\r\n{"inp"\r\n`);
      await Bun.sleep(50);
      socket.terminate();
      expect(await lastUsage()).toMatchObject({ status: 499, unbillable_reason: left.reason });
      expect(double.calls).toHaveLength(0);
    },
  );

  test("in the middle of a stream: it is told within 200 ms, and what was seen is charged", async () => {
    double.behave({ first: streams(endlessWords(), "well", 5) });
    const controller = new AbortController();
    const response = await ask("/v1/chat/completions", true, controller.signal);
    const reader = readStream(response);
    for (let events = 0; events < 10; events++) await reader.next();
    const noticedMs = await noticedAfter(() => controller.abort());
    expect([noticedMs >= 0, noticedMs < 200]).toEqual([true, true]);
    const trace = await gateway.traceOf(response);
    expect(trace["attempts"]).toMatchObject([{ outcome: "cancelled", usage: { kind: "at_least" } }]);
    expect(billingOf(trace)).toMatchObject({ status: "billed" });
  });

  test("in the silence between two chunks, too", async () => {
    double.behave({ first: streams(["one "], "hanging") });
    const controller = new AbortController();
    const response = await ask("/v1/chat/completions", true, controller.signal);
    await readStream(response).next();
    const noticedMs = await noticedAfter(() => controller.abort());
    expect([noticedMs >= 0, noticedMs < 200]).toEqual([true, true]);
    expect(billingOf(await gateway.traceOf(response))).toMatchObject({ status: "billed" });
  });

  async function lastUsage(): Promise<unknown> {
    for (let tries = 0; tries < 50; tries++) {
      const { body } = await gateway.operator.send("GET", "/usage");
      const [row] = arrayAt(body, "data") ?? [];
      if (row !== undefined) return row;
      await Bun.sleep(10);
    }
    return undefined;
  }
});

test("a comment keeps the connection alive while the provider is silent, and the words come in one piece", async () => {
  double.behave({ first: streams(["one ", "two ", "three "], "well", 180) });
  const events = await readStream(await ask("/v1/chat/completions", true)).rest();
  const comments = events.filter((event) => event.startsWith(":"));
  expect(comments.length).toBeGreaterThanOrEqual(4);
  expect(comments.length).toBeLessThanOrEqual(14);
  const words = events
    .filter((event) => event.includes('"content":"'))
    .map((event) => /"content":"(\w* ?)"/.exec(event)?.[1]);
  expect(words.filter((word) => word !== "")).toEqual(["one ", "two ", "three "]);
  expect(events.at(-1)).toBe("data: [DONE]");
});

test("a client that stops reading is not waited for beyond the request's own time", async () => {
  const word = "x".repeat(64 * 1024);
  double.behave({ first: streams(repeated(word, 400), "well") });
  const response = await ask("/v1/chat/completions", true);
  const reader = readStream(response);
  await reader.next();
  const startedAt = performance.now();
  while ((await gateway.credits()).held > 0n && performance.now() - startedAt < 4_000) await Bun.sleep(50);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  const trace = await gateway.traceOf(response);
  expect(trace).toMatchObject({ status: 499, attempts: [{ outcome: "cancelled" }], billing: { status: "billed" } });
  expect(double.calls[0]?.signal.aborted).toBe(true);
  const late = await reader.rest().catch(() => ["cut off"]);
  expect(late.at(-1)).not.toBe("data: [DONE]");
});

function* repeated(word: string, times: number): Generator<string> {
  for (let time = 0; time < times; time++) yield word;
}

test("more requests at once than the server takes are told to come back; a place that frees is used", async () => {
  double.behave({ first: hangs() });
  const controllers = [1, 2, 3].map(() => new AbortController());
  const running = controllers.map(({ signal }) => ask("/v1/responses", false, signal).catch(() => undefined));
  for (let tries = 0; double.calls.length < 3 && tries < 200; tries++) await Bun.sleep(5);
  const refused = await ask("/v1/responses", false);
  expect([refused.headers.get("retry-after"), ...(await refusalOf(refused))]).toEqual([
    "1",
    503,
    "service_unavailable",
  ]);
  controllers.forEach((controller) => controller.abort());
  await Promise.all(running);
  double.behave({ first: answers() });
  for (let tries = 0; tries < 50; tries++) {
    const response = await ask("/v1/responses", false);
    await response.text();
    if (response.status === 200) return;
    await Bun.sleep(10);
  }
  expect("a place").toBe("free");
});

test("a ledger that cannot be written ends broken streams with their typed event, and keeps no place taken", async () => {
  const own = await startGatewayOver(double, { ASTROLABE_MAX_CONCURRENT_REQUESTS: "2" });
  try {
    double.behave({ first: streams(["one ", "two "], "closed") });
    const { ledger } = own.wired.services;
    const submit = ledger.submit.bind(ledger);
    ledger.submit = async (operation, record) => {
      if (operation.type === "settle" || operation.type === "void") throw new Error("the disk is full");
      return submit(operation, record);
    };
    for (let round = 0; round < 3; round++) {
      const response = await own.post("/v1/responses", { input: question, stream: true });
      expect(response.status).toBe(200);
      expect((await readStream(response).rest()).at(-1)).toContain("streaming_provider_error");
    }
    expect(own.faults.join()).toContain("the disk is full");
  } finally {
    await own.close();
  }
});
