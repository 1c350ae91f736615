// Messages through the whole server, over an upstream that speaks it: what passes, what is charged, who may ask and how
// refusals look.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import Anthropic, { APIError, BadRequestError, InternalServerError, NotFoundError } from "@anthropic-ai/sdk";
import { arrayAt, isObject, objectAt, stringAt, type JsonObject } from "../server/contracts/json.ts";
import {
  anthropicEnvironment,
  fails,
  says,
  startAnthropicDouble,
  streams,
  type AnthropicDouble,
} from "./support/anthropic-double.ts";
import { forEachEngine } from "./support/engines.ts";
import { asObject, billingOf, startGateway, type TestGateway } from "./support/gateway.ts";
import { guaranteedHeaders } from "./support/guaranteed-headers.ts";
import { readStream } from "./support/read-stream.ts";

const model = "claude-sonnet-4-6";
// 3 USD in, 15 out, 0.30 read from the cache, 3.75 written to it, per million tokens.
const [input, output, cacheRead, cacheWrite] = [3_000_000n, 15_000_000n, 300_000n, 3_750_000n];

let double: AnthropicDouble;
let gateway: TestGateway;

const hello = { model, max_tokens: 100, messages: [{ role: "user", content: "hello" }] };
const paths = ["/v1/messages", "/messages", "/anthropic/v1/messages"];

async function errorOf(response: Response): Promise<JsonObject> {
  const body = asObject(await response.json());
  expect(body["type"]).toBe("error");
  expect(body["request_id"]).toBe(response.headers.get("request-id"));
  const error = objectAt(body, "error") ?? {};
  expect(objectAt(error, "details")?.["error_code"]).toBe(error["code"]);
  return error;
}

forEachEngine((engine) => {
  beforeAll(async () => {
    double = startAnthropicDouble();
    gateway = await startGateway({ ...anthropicEnvironment(double), ...(await engine.environment()) });
  });
  afterAll(async () => {
    await gateway.close();
    await double.close();
  });

  describe("what is charged", () => {
    const cached = {
      input_tokens: 40,
      cache_creation_input_tokens: 1_200,
      cache_read_input_tokens: 3_000,
      output_tokens: 70,
      output_tokens_details: { thinking_tokens: 20 },
    };
    const expected = 40n * input + 1_200n * cacheWrite + 3_000n * cacheRead + 70n * output;
    const cases: [string, string, object][] = [
      ["a whole message", "/v1/messages", hello],
      ["a streamed message", "/v1/messages", { ...hello, stream: true }],
      ["a chat completion", "/v1/chat/completions", { ...hello }],
      ["a streamed chat completion", "/v1/chat/completions", { ...hello, stream: true }],
      ["a response", "/v1/responses", { model, input: "hello" }],
      ["a streamed response", "/v1/responses", { model, input: "hello", stream: true }],
    ];
    test.each(cases)("%s with cache writes and reads, to the picodollar", async (_what, path, body) => {
      double.answer = says("Cached.", cached);
      const before = await gateway.credits();
      const response = await gateway.post(path, body);
      expect(response.status).toBe(200);
      await response.text();
      const billing = billingOf(await gateway.traceOf(response));
      const units = (arrayAt(billing, "lines") ?? []).map((line) =>
        isObject(line) ? [line["unit"], line["count"]] : [],
      );
      expect(units).toEqual([
        ["input_token", 40],
        ["cached_input_token", 3_000],
        ["cache_write_token", 1_200],
        ["output_token", 70],
      ]);
      const { balance, held } = await gateway.credits();
      expect([before.balance - balance, held]).toEqual([expected, 0n]);
    });

    test("an answer whose usage nobody reported, nothing", async () => {
      double.answer = says("Free.", {});
      const response = await gateway.post("/v1/messages", hello);
      expect(await response.json()).toMatchObject({ content: [{ text: "Free." }] });
      expect(billingOf(await gateway.traceOf(response))).toMatchObject({ reason: "missing_provider_usage" });
    });

    test("a stream that the upstream breaks off, nothing; the client gets an error event and no end", async () => {
      double.answer = () =>
        streams([
          { type: "message_start", message: { id: "msg_1", usage: { input_tokens: 5, output_tokens: 1 } } },
          { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
          { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Half" } },
          { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
        ]);
      const response = await gateway.post("/v1/messages", { ...hello, stream: true });
      const blocks = await readStream(response).rest();
      expect(blocks.at(-1)).toStartWith("event: error\n");
      expect(blocks.at(-1)).toContain('"code":"streaming_provider_error"');
      expect(blocks.join()).not.toContain("message_stop");
      expect(billingOf(await gateway.traceOf(response))).toMatchObject({ debit_usd: "0.000000000000" });
    });

    test("a client that hangs up, what was seen; the upstream is cancelled", async () => {
      const hungUp = Promise.withResolvers<never>();
      double.answer = ({ signal }) => {
        signal.addEventListener("abort", () => hungUp.reject(new Error("left")));
        return streams(
          [
            { type: "message_start", message: { id: "msg_1", usage: { input_tokens: 5, output_tokens: 1 } } },
            { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
            { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Eight letters." } },
          ],
          hungUp.promise,
        );
      };
      const controller = new AbortController();
      const response = await gateway.post("/v1/messages", { ...hello, stream: true }, { signal: controller.signal });
      const reader = readStream(response);
      await reader.next();
      controller.abort();
      await hungUp.promise.catch(() => undefined);
      expect(billingOf(await gateway.traceOf(response))).toMatchObject({ status: "billed" });
    });

    test("a repeat under the same Idempotency-Key, once", async () => {
      double.answer = says("Once.");
      const headers = { "idempotency-key": `messages-${crypto.randomUUID()}` };
      const first = await gateway.post("/anthropic/v1/messages", hello, { headers });
      const before = await gateway.credits();
      const again = await gateway.post("/v1/messages", hello, { headers });
      expect(await again.json()).toEqual(await first.json());
      expect(again.headers.get("idempotent-replayed")).toBe("true");
      expect(await gateway.credits()).toEqual(before);
    });
  });

  describe("what passes through", () => {
    test("every field but the model's name and the limit; the caller's overrides stay here", async () => {
      double.answer = says("Passed.");
      const body = {
        ...hello,
        system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
        top_k: 5,
        context_management: { edits: [{ type: "clear_tool_uses_20250919" }] },
        future_field: { of: ["any", "kind"] },
        metadata: { user_id: "u-1", astrolabe: { quality: "high" } },
        messages: [
          { role: "user", content: [{ type: "text", text: "hello", cache_control: { type: "ephemeral", ttl: "5m" } }] },
          { role: "assistant", content: [{ type: "thinking", thinking: "Hm.", signature: "EqQBsigned" }] },
          { role: "user", content: "go on" },
        ],
      };
      const response = await gateway.post("/v1/messages", body, {
        headers: { "anthropic-version": "2023-06-01", "anthropic-beta": "context-management-2025-06-27" },
      });
      expect(await response.json()).toMatchObject({ id: "msg_double", new_field: { kept: true }, astrolabe: {} });
      const { astrolabe: _, ...metadata } = body.metadata;
      expect(double.last.body).toEqual({ ...body, metadata });
      expect(double.last.path).toBe("/v1/messages");
      expect(double.last.headers.get("x-api-key")).toBe("sk-ant-upstream-0123456789");
      expect(double.last.headers.get("authorization")).toBeNull();
      expect(double.last.headers.get("anthropic-beta")).toBe("context-management-2025-06-27");
    });

    test("the events of a stream, and their unknown fields; the last one carries the metadata", async () => {
      double.answer = says("Word.");
      const response = await gateway.post("/v1/messages", { ...hello, stream: true });
      for (const name of guaranteedHeaders) expect([name, response.headers.get(name)]).not.toEqual([name, null]);
      const blocks = await readStream(response).rest();
      expect(blocks.map((block) => /^event: (\S+)/.exec(block)?.[1])).toEqual([
        "message_start",
        "ping",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
      ]);
      expect(blocks[2]).toContain('"new_field":1');
      expect(blocks.at(-1)).toContain('"new_field":2,"astrolabe":{');
    });

    test("not the thinking that another maker's model signed", async () => {
      double.answer = says("Passed.");
      const foreign = { type: "thinking", thinking: "Hm.", signature: "" };
      const response = await gateway.post("/v1/messages", {
        ...hello,
        messages: [
          { role: "user", content: "hello" },
          { role: "assistant", content: [foreign, { type: "text", text: "Hi." }] },
          { role: "assistant", content: [foreign] },
          { role: "user", content: "go on" },
        ],
      });
      expect(double.last.body["messages"]).toEqual([
        { role: "user", content: "hello" },
        { role: "assistant", content: [{ type: "text", text: "Hi." }] },
        { role: "user", content: "go on" },
      ]);
      expect(JSON.stringify((await gateway.traceOf(response))["warnings"])).toContain("another maker's model");
    });

    test("not what the price list does not know, and the trace says so", async () => {
      double.answer = says("Passed.");
      const response = await gateway.post("/v1/messages", {
        ...hello,
        speed: "fast",
        inference_geo: "us",
        cache_control: { type: "ephemeral", ttl: "1h" },
        system: [{ type: "text", text: "s", cache_control: { type: "ephemeral", ttl: "1h" } }],
      });
      expect(double.last.body).toEqual({
        ...hello,
        cache_control: { type: "ephemeral" },
        system: [{ type: "text", text: "s", cache_control: { type: "ephemeral" } }],
      });
      const { warnings } = await gateway.traceOf(response);
      expect(JSON.stringify(warnings)).toMatch(/speed.*inference_geo.*cache_control\.ttl/);
    });

    test("a count, which the upstream makes and nobody pays", async () => {
      const before = await gateway.credits();
      for (const path of paths) {
        const { max_tokens: _, ...prompt } = hello;
        const response = await gateway.post(`${path}/count_tokens`, { ...prompt, metadata: { user_id: "u" } });
        expect(await response.json()).toEqual({ input_tokens: 42 });
        expect(double.last.body).toEqual(prompt);
      }
      expect(await gateway.credits()).toEqual(before);
    });
  });

  describe("who asks", () => {
    test.each(paths)("%s takes the key as x-api-key, as a bearer token and as x-bf-vk, which wins", async (path) => {
      double.answer = says("Known.");
      const send = (headers: Record<string, string>) =>
        fetch(gateway.url + path, { method: "POST", headers, body: JSON.stringify(hello) });
      const key = gateway.liveKey;
      const sent: Record<string, string>[] = [
        { "x-api-key": key },
        { authorization: `Bearer ${key}` },
        { "x-bf-vk": key, "x-api-key": "unused", authorization: "Bearer unused" },
      ];
      for (const headers of sent) expect((await send(headers)).status).toBe(200);
      expect((await send({ "x-bf-vk": "nobody", "x-api-key": key })).status).toBe(401);
    });

    test.each([
      ["claude-sonnet-4-6", model],
      ["bedrock/claude-sonnet-4-6", model],
      ["anthropic/claude-sonnet-4-6", model],
      ["claude-sonnet-4-6-20260115", model],
      ["claude-sonnet-4-6@20260115", model],
      ["us.anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5"],
      ["bedrock/global.anthropic.claude-opus-4-8-20260301-v1:0", "claude-opus-4-8"],
      ["claude-opus-4-7-20260101", "anthropic/claude-opus-4.7"],
    ])("%s means %s", async (asked, meant) => {
      double.answer = says("Named.");
      const response = await gateway.post("/v1/messages", { ...hello, model: asked });
      expect(response.headers.get("x-astrolabe-model")).toBe(meant);
    });
  });

  describe("a refusal has Anthropic's shape and our code", () => {
    const wrong: [string, object, string][] = [
      ["max_tokens", { model, messages: hello.messages }, "max_tokens"],
      ["max_tokens", { ...hello, max_tokens: 0 }, "max_tokens"],
      ["messages", { ...hello, messages: [] }, "messages"],
      ["messages[0].role", { ...hello, messages: [{ role: "tool", content: "x" }] }, "role"],
      ["messages[0].content", { ...hello, messages: [{ role: "user" }] }, "content"],
      ["messages[0].content[0].type", { ...hello, messages: [{ role: "user", content: [{}] }] }, "type"],
      ["system", { ...hello, system: 7 }, "system"],
      ["tools[0].name", { ...hello, tools: [{ input_schema: {} }] }, "name"],
      ["tools[0].type", { ...hello, tools: [{ type: "web_search_20250305", name: "web_search" }] }, "provider runs"],
      ["tool_choice", { ...hello, tool_choice: "any" }, "tool_choice"],
      ["stop_sequences", { ...hello, stop_sequences: "END" }, "stop_sequences"],
      ["output_config.format.type", { ...hello, output_config: { format: { type: "xml" } } }, "json_schema"],
      ["mcp_servers", { ...hello, mcp_servers: [{ url: "https://example.com" }] }, "mcp_servers"],
      ["container", { ...hello, container: "c_1" }, "container"],
      ["metadata.astrolabe.quality", { ...hello, metadata: { astrolabe: { quality: "best" } } }, "quality"],
    ];
    test.each(wrong)("400 for %s", async (param, body, word) => {
      const response = await gateway.post("/v1/messages", body);
      expect(response.status).toBe(400);
      const error = await errorOf(response);
      expect(error).toMatchObject({ type: "invalid_request_error", code: "invalid_request", param });
      expect(error["message"]).toContain(word);
    });

    test.each([...paths, ...paths.map((path) => `${path}/count_tokens`)])(
      "on %s before anybody is known, and for other methods",
      async (path) => {
        const stranger = await fetch(gateway.url + path, { method: "POST", body: "{}" });
        expect(stranger.status).toBe(401);
        expect(await errorOf(stranger)).toMatchObject({ type: "authentication_error", code: "unauthorized" });
        const got = await fetch(gateway.url + path);
        expect([got.status, got.headers.get("allow")]).toEqual([405, "POST"]);
        expect(await errorOf(got)).toMatchObject({ type: "invalid_request_error", code: "method_not_allowed" });
      },
    );

    test("below /anthropic where there is nothing", async () => {
      const response = await gateway.post("/anthropic/v1/nothing", {});
      expect(response.status).toBe(404);
      expect(await errorOf(response)).toMatchObject({ type: "not_found_error", code: "not_found" });
    });

    test("for a body that is no JSON", async () => {
      const error = await errorOf(await gateway.post("/v1/messages", "{"));
      expect(error).toMatchObject({ type: "invalid_request_error", code: "invalid_json" });
    });
  });

  describe("what the upstream refuses", () => {
    const client = () => new Anthropic({ apiKey: gateway.liveKey, baseURL: gateway.url, maxRetries: 0 });
    const ask = async () => {
      const failure: unknown = await client()
        .messages.create({ ...hello, messages: [{ role: "user", content: "hello" }] })
        .catch((error: unknown) => error);
      if (!(failure instanceof APIError)) throw new Error("nothing was refused");
      return failure;
    };

    test("as invalid is told in its words", async () => {
      double.answer = fails(400, "invalid_request_error", "messages.0: text content blocks must be non-empty");
      const error = await ask();
      expect(error).toBeInstanceOf(BadRequestError);
      expect(error).toMatchObject({ type: "invalid_request_error", errorCode: "upstream_rejected_request" });
      expect(error.apiMessage).toContain("must be non-empty");
    });

    test.each([
      ["our key", fails(401, "authentication_error", "invalid x-api-key")],
      ["our balance", fails(400, "invalid_request_error", "Your credit balance is too low to access the API")],
    ])("for %s is never the caller's fault", async (_what, answer) => {
      double.answer = answer;
      const error = await ask();
      expect(error).toBeInstanceOf(InternalServerError);
      expect(error).toMatchObject({ status: 502, type: "api_error", errorCode: "upstream_error" });
      expect(error.message).not.toContain("balance is too low");
    });

    test("because it is overloaded is tried again, and passes its pause on", async () => {
      let calls = 0;
      double.answer = (call) =>
        calls++ === 0 ? fails(529, "overloaded_error", "Overloaded")() : says("At last.")(call);
      const answer = await client().messages.create({ ...hello, messages: [{ role: "user", content: "hello" }] });
      expect([calls, answer.content[0]]).toMatchObject([2, { text: "At last." }]);
      double.answer = fails(429, "rate_limit_error", "Slow down", { "retry-after": "17" });
      const error = await ask();
      expect([error.status, error.headers?.get("retry-after")]).toEqual([502, "17"]);
    });

    test("an unknown model never reaches it", async () => {
      const before = double.calls.length;
      const failure: unknown = await client()
        .messages.create({ ...hello, model: "claude-nobody-9", messages: [{ role: "user", content: "hello" }] })
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(NotFoundError);
      expect(failure).toMatchObject({ type: "not_found_error", errorCode: "unknown_model" });
      expect(double.calls.length).toBe(before);
    });
  });

  test("a workspace without credits hears 402 as a billing_error", async () => {
    const poor = await startGateway({
      ...anthropicEnvironment(double),
      ASTROLABE_INIT_CREDITS_USD: "0.50",
    });
    try {
      const response = await poor.post("/v1/messages", hello);
      expect(response.status).toBe(402);
      const error = await errorOf(response);
      expect(error).toMatchObject({ type: "billing_error", code: "payment_required" });
      expect(stringAt(objectAt(error, "details") ?? {}, "minimum_usd")).toBe("1.000000000000");
    } finally {
      await poor.close();
    }
  });
});
