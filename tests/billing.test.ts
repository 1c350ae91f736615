// Every shape that usage comes in, and the debit it must give: figures computed by hand from the price list, to the
// picodollar (10^-12 USD), through a real server and an upstream of other people's making.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { LLMock } from "@copilotkit/aimock";
import { arrayAt, isObject, type JsonObject } from "../server/contracts/json.ts";
import { forEachEngine } from "./support/engines.ts";
import { asObject, billingOf, startGateway, type TestGateway } from "./support/gateway.ts";

// anthropic/claude-sonnet-4.6: 3 USD in, 15 out, 0.30 cached in, 3.75 cache write, per million tokens.
const sonnet = "anthropic/claude-sonnet-4.6";
const input = 3_000_000n;
const output = 15_000_000n;
const cachedInput = 300_000n;
const cacheWrite = 3_750_000n;

let mock: LLMock;
/** Answers that the mock cannot give: no usage at all, and a slow stream to hang up on. */
let odd: ReturnType<typeof Bun.serve>;
let gateway: TestGateway;

forEachEngine((engine) => {
  beforeAll(async () => {
    mock = new LLMock({ port: 0 });
    const say = (prompt: string, usage: JsonObject, more: object = {}) =>
      mock.onMessage(prompt, { content: "Answer.", usage: { ...usage }, ...more });
    say("plain", {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      input_tokens: 100,
      output_tokens: 50,
    });
    say("cached", {
      prompt_tokens: 1000,
      completion_tokens: 10,
      total_tokens: 1010,
      prompt_tokens_details: { cached_tokens: 800 },
    });
    say("written", {
      prompt_tokens: 1000,
      completion_tokens: 10,
      total_tokens: 1010,
      prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 600 },
    });
    say("reasoning", {
      prompt_tokens: 10,
      completion_tokens: 300,
      total_tokens: 310,
      completion_tokens_details: { reasoning_tokens: 250 },
    });
    say("length", { prompt_tokens: 10, completion_tokens: 16, total_tokens: 26 }, { finishReason: "length" });
    mock.onMessage("tool", {
      toolCalls: [{ name: "look_up", arguments: '{"q":"x"}' }],
      usage: { prompt_tokens: 70, completion_tokens: 20, total_tokens: 90 },
    });
    mock.onMessage(
      "cut",
      {
        content: "A long answer that is cut in the middle of its way to the client.",
        usage: { prompt_tokens: 5, completion_tokens: 5 },
      },
      { chunkSize: 4, truncateAfterChunks: 8, latency: 10 },
    );
    const failing = { error: { message: "the model is on fire", type: "server_error" }, status: 500 };
    mock.on({ userMessage: "fallback", model: sonnet }, failing);
    mock.on(
      { userMessage: "fallback" },
      { content: "Second.", usage: { prompt_tokens: 40, completion_tokens: 4, total_tokens: 44 } },
    );
    mock.onMessage("all fail", failing);
    mock.onMessage("too fast", {
      error: { message: "slow down", type: "rate_limit_error" },
      status: 429,
      retryAfter: 60,
    });
    mock.on(
      { userMessage: "repair", model: sonnet },
      { content: "not json", usage: { prompt_tokens: 30, completion_tokens: 3, total_tokens: 33 } },
    );
    mock.on(
      { userMessage: "repair" },
      { content: '{"n":1}', usage: { prompt_tokens: 30, completion_tokens: 6, total_tokens: 36 } },
    );
    await mock.start();
    odd = Bun.serve({ port: 0, hostname: "127.0.0.1", idleTimeout: 0, fetch: oddAnswer });
    gateway = await startGateway({
      ...(await engine.environment()),
      OPENROUTER_API_KEY: "sk-or-test",
      OPENROUTER_BASE_URL: `${mock.url}/api/v1`,
      ASTROLABE_UPSTREAMS: "odd",
      ODD_BASE_URL: `http://127.0.0.1:${odd.port}`,
      ODD_MODELS: "titan-embed-text-v2=titan,openai/gpt-5.4-nano=nano",
      ODD_PROTOCOLS: "chat-completions,embeddings",
    });
  });

  afterAll(async () => {
    await gateway.close();
    await odd.stop(true);
    await mock.stop();
  });

  async function oddAnswer(request: Request): Promise<Response> {
    const body = asObject(await request.json());
    if (request.url.endsWith("/embeddings")) {
      return Response.json({
        object: "list",
        model: "titan",
        data: [{ object: "embedding", index: 0, embedding: [0.6, 0.8] }],
        usage: { prompt_tokens: 123, total_tokens: 123 },
      });
    }
    if (body["stream"] !== true) {
      return Response.json({
        id: "c1",
        object: "chat.completion",
        created: 1,
        model: "nano",
        choices: [{ index: 0, message: { role: "assistant", content: "No usage." }, finish_reason: "stop" }],
      });
    }
    return new Response(endlessStream(), { headers: { "content-type": "text/event-stream" } });
  }

  async function* endlessStream() {
    for (;;) {
      yield `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "nano", choices: [{ index: 0, delta: { role: "assistant", content: "word " }, finish_reason: null }] })}\n\n`;
      await Bun.sleep(5);
    }
  }

  type Expected = { debit: bigint; status?: number; reason?: string; lines?: number };

  /** Sends the request, and checks the answer's status, the trace's billing and the balance against the figure. */
  async function expectDebit(path: string, body: JsonObject, expected: Expected, key?: string): Promise<JsonObject> {
    const before = await gateway.credits();
    const response = await gateway.post(path, body, key === undefined ? {} : { key });
    await response.text();
    expect(response.status).toBe(expected.status ?? 200);
    const trace = await gateway.traceOf(response);
    await expectBilled(trace, before.balance, expected);
    return trace;
  }

  async function expectBilled(
    trace: JsonObject,
    balanceBefore: bigint,
    { debit, reason, lines }: Expected,
  ): Promise<void> {
    const billing = billingOf(trace);
    expect(billing).toMatchObject(reason === undefined ? { status: "billed" } : { status: "unbillable", reason });
    expect(usd(billing["debit_usd"])).toBe(debit);
    const sum = (arrayAt(billing, "lines") ?? []).reduce((total: bigint, line) => total + lineAmount(line), 0n);
    expect(sum).toBe(debit);
    if (lines !== undefined) expect(arrayAt(billing, "lines")).toHaveLength(lines);
    const after = await gateway.credits();
    expect(balanceBefore - after.balance).toBe(debit);
    expect(after.held).toBe(0n);
  }

  function lineAmount(line: unknown): bigint {
    const fields = isObject(line) ? line : {};
    expect(BigInt(Number(fields["count"])) * usd(fields["unit_price_usd"])).toBe(usd(fields["amount_usd"]));
    return usd(fields["amount_usd"]);
  }

  function usd(text: unknown): bigint {
    expect(text).toMatch(/^\d+\.\d{12}$/);
    return BigInt(String(text).replace(".", ""));
  }

  const chat = (content: string, more: JsonObject = {}): JsonObject => ({
    model: sonnet,
    messages: [{ role: "user", content }],
    ...more,
  });
  const tools = [
    {
      type: "function",
      function: { name: "look_up", parameters: { type: "object", properties: { q: { type: "string" } } } },
    },
  ];

  describe("a debit is exact for", () => {
    test("a plain chat completion", async () => {
      await expectDebit("/v1/chat/completions", chat("plain"), { debit: 100n * input + 50n * output, lines: 2 });
    });
    test("a plain response", async () => {
      await expectDebit(
        "/v1/responses",
        { model: sonnet, input: "plain" },
        { debit: 100n * input + 50n * output, lines: 2 },
      );
    });
    test("a streamed chat completion, whether or not the client asks for usage", async () => {
      await expectDebit("/v1/chat/completions", chat("plain", { stream: true }), {
        debit: 100n * input + 50n * output,
      });
      const asked = { stream: true, stream_options: { include_usage: true } };
      await expectDebit("/v1/chat/completions", chat("plain", asked), { debit: 100n * input + 50n * output });
    });
    test("a streamed response", async () => {
      await expectDebit(
        "/v1/responses",
        { model: sonnet, input: "plain", stream: true },
        { debit: 100n * input + 50n * output },
      );
    });
    test("cached input", async () => {
      await expectDebit("/v1/chat/completions", chat("cached"), {
        debit: 200n * input + 800n * cachedInput + 10n * output,
        lines: 3,
      });
    });
    test("input written to the cache", async () => {
      const debit = 300n * input + 100n * cachedInput + 600n * cacheWrite + 10n * output;
      await expectDebit("/v1/chat/completions", chat("written"), { debit, lines: 4 });
    });
    test("reasoning tokens, which are part of the output", async () => {
      await expectDebit("/v1/chat/completions", chat("reasoning"), { debit: 10n * input + 300n * output });
    });
    test("a tool call, streamed and not", async () => {
      await expectDebit("/v1/chat/completions", chat("tool", { tools }), { debit: 70n * input + 20n * output });
      await expectDebit("/v1/chat/completions", chat("tool", { tools, stream: true }), {
        debit: 70n * input + 20n * output,
      });
    });
    test("an answer cut by its own output limit", async () => {
      await expectDebit("/v1/chat/completions", chat("length", { max_tokens: 16 }), {
        debit: 10n * input + 16n * output,
      });
    });
    test("embeddings, at the price of their input", async () => {
      // titan-embed-text-v2: 0.02 USD per million input tokens.
      await expectDebit(
        "/v1/embeddings",
        { model: "titan-embed-text-v2", input: "plain" },
        { debit: 123n * 20_000n, lines: 1 },
      );
    });
    test("a fallback after a 500: only the model that answered", async () => {
      const trace = await expectDebit("/v1/chat/completions", chat("fallback"), {
        debit: 40n * 5_000_000n + 4n * 25_000_000n,
      });
      expect(arrayAt(trace, "attempts")).toMatchObject([
        { outcome: "failed", model: sonnet },
        { outcome: "answered", model: "anthropic/claude-opus-4.7" },
      ]);
    });
    test("a schema repaired by a second model: both answers, itemised", async () => {
      const schema = {
        type: "object",
        properties: { n: { type: "integer" } },
        required: ["n"],
        additionalProperties: false,
      };
      const body = chat("repair", { response_format: { type: "json_schema", json_schema: { name: "n", schema } } });
      const debit = 30n * input + 3n * output + 30n * 5_000_000n + 6n * 25_000_000n;
      const trace = await expectDebit("/v1/chat/completions", body, { debit, lines: 4 });
      expect(trace["verification"]).toMatchObject({ status: "recovered" });
    });
  });

  describe("nothing is debited, and the reason is written down, for", () => {
    test("a stream that breaks off", async () => {
      const expected = { debit: 0n, reason: "streaming_provider_error", lines: 0 };
      await expectDebit("/v1/chat/completions", chat("cut", { stream: true }), expected);
    });
    test("an answer without usage", async () => {
      const body = { ...chat("anything"), model: "openai/gpt-5.4-nano", metadata: { astrolabe: { fallback: false } } };
      await expectDebit("/v1/chat/completions", body, { debit: 0n, reason: "missing_provider_usage" });
    });
    test("a plan whose every candidate fails", async () => {
      await expectDebit("/v1/chat/completions", chat("all fail"), { debit: 0n, status: 502, reason: "upstream_error" });
    });
    test("an upstream that asks to slow down", async () => {
      await expectDebit("/v1/chat/completions", chat("too fast"), { debit: 0n, status: 502, reason: "upstream_error" });
    });
    test("a request refused before any call", async () => {
      await expectDebit("/v1/chat/completions", chat("plain", { model: "no/such-model" }), {
        debit: 0n,
        status: 404,
        reason: "unknown_model",
      });
      await expectDebit("/v1/chat/completions", chat("plain", { max_tokens: "many" }), {
        debit: 0n,
        status: 400,
        reason: "invalid_request",
      });
      const dear = chat("plain", { model: "openai/gpt-5.5", max_tokens: 128_000, n: 40 });
      await expectDebit("/v1/chat/completions", dear, { debit: 0n, status: 402, reason: "payment_required" });
    });
    test("a test key", async () => {
      const before = await gateway.credits();
      const response = await gateway.post(
        "/v1/responses",
        { model: "astrolabe/auto", input: "plain" },
        { key: gateway.testKey },
      );
      expect(response.status).toBe(200);
      expect(response.headers.get("x-astrolabe-selected-provider")).toBe("sandbox");
      await expectBilled(await gateway.traceOf(response), before.balance, { debit: 0n, reason: "test_key" });
    });
  });

  test("a client that hangs up pays for what was seen: bytes / 4, rounded up, marked at_least", async () => {
    const before = await gateway.credits();
    const body = { ...chat("go on"), model: "openai/gpt-5.4-nano", stream: true };
    const controller = new AbortController();
    const response = await gateway.post("/v1/chat/completions", body, { signal: controller.signal });
    const reader = response.body?.getReader();
    for (let chunks = 0; chunks < 20; chunks++) await reader?.read();
    controller.abort();
    const trace = await gateway.traceOf(response);
    const [attempt] = arrayAt(trace, "attempts") ?? [];
    const usage = isObject(attempt) ? asObject(attempt["usage"]) : {};
    expect(usage).toMatchObject({ kind: "at_least", input_tokens: Math.ceil(JSON.stringify(body).length / 4) });
    const seen = Number(usage["output_tokens"]);
    expect(seen).toBeGreaterThanOrEqual((20 * "word ".length) / 4 - 1);
    expect(seen).toBeLessThan(200);
    // openai/gpt-5.4-nano: 0.20 USD in, 1.25 out.
    await expectBilled(trace, before.balance, {
      debit: BigInt(Number(usage["input_tokens"])) * 200_000n + BigInt(seen) * 1_250_000n,
    });
  });

  test("no request of this file made the server report a fault", () => {
    expect(gateway.faults).toEqual([]);
  });
});
