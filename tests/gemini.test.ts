// Gemini behind the whole server: what is charged, what is kept of its thoughts, and what its errors and filters become.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import OpenAI from "openai";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { arrayAt, isObject, parseObject, type JsonObject } from "../server/contracts/json.ts";
import {
  failsAtGoogle,
  geminiEnvironment,
  geminiKey,
  saysParts,
  startGeminiDouble,
  streamsPieces,
  type GeminiAnswer,
  type GeminiDouble,
} from "./support/gemini-double.ts";
import { forEachEngine } from "./support/engines.ts";
import { asObject, billingOf, startGateway, type TestGateway } from "./support/gateway.ts";
import { readStream } from "./support/read-stream.ts";

const model = "google/gemini-3.1-pro-preview";
// 2 USD in and 12 out per million tokens; the catalogue has no price of its own for what was cached.
const [input, output] = [2_000_000n, 12_000_000n];

let double: GeminiDouble;
let gateway: TestGateway;

const hello = { model, max_tokens: 100, messages: [{ role: "user", content: "hello" }] };

forEachEngine((engine) => {
  beforeAll(async () => {
    double = startGeminiDouble();
    gateway = await startGateway({ ...geminiEnvironment(double), ...(await engine.environment()) });
  });
  afterAll(async () => {
    await gateway.close();
    await double.close();
  });

  const usage = {
    promptTokenCount: 1_040,
    cachedContentTokenCount: 1_000,
    candidatesTokenCount: 50,
    thoughtsTokenCount: 20,
    totalTokenCount: 1_110,
  };
  const cases: [string, string, object][] = [
    ["a message", "/v1/messages", hello],
    ["a streamed message", "/v1/messages", { ...hello, stream: true }],
    ["a chat completion", "/v1/chat/completions", hello],
    ["a streamed chat completion", "/v1/chat/completions", { ...hello, stream: true }],
    ["a response", "/v1/responses", { model, input: "hello" }],
    ["a streamed response", "/v1/responses", { model, input: "hello", stream: true }],
  ];
  test.each(cases)("%s is charged with its thoughts, to the picodollar", async (_what, path, body) => {
    double.answer = saysParts([{ text: "Hm.", thought: true }, { text: "Well." }], usage);
    const before = await gateway.credits();
    const response = await gateway.post(path, body);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("Well.");
    const billing = billingOf(await gateway.traceOf(response));
    const units = (arrayAt(billing, "lines") ?? []).map((line) =>
      isObject(line) ? [line["unit"], line["count"]] : [],
    );
    expect(units).toEqual([
      ["input_token", 1_040],
      ["output_token", 70],
    ]);
    const { balance, held } = await gateway.credits();
    expect([before.balance - balance, held]).toEqual([1_040n * input + 70n * output, 0n]);
  });

  test("an answer whose usage nobody reported costs nothing", async () => {
    double.answer = saysParts([{ text: "Free." }], {});
    const response = await gateway.post("/v1/chat/completions", hello);
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: "Free." } }] });
    expect(billingOf(await gateway.traceOf(response))).toMatchObject({ reason: "missing_provider_usage" });
  });

  test("a client that hangs up is charged what was seen; the upstream is cancelled", async () => {
    const hungUp = Promise.withResolvers<never>();
    double.answer = ({ signal }) => {
      signal.addEventListener("abort", () => hungUp.reject(new Error("left")));
      return streamsPieces([{ candidates: [{ content: { parts: [{ text: "Eight letters." }] } }] }], hungUp.promise);
    };
    const controller = new AbortController();
    const body = { ...hello, stream: true };
    const response = await gateway.post("/v1/chat/completions", body, { signal: controller.signal });
    await readStream(response).next();
    controller.abort();
    await hungUp.promise.catch(() => undefined);
    expect(billingOf(await gateway.traceOf(response))).toMatchObject({ status: "billed" });
  });

  test("a stream that the upstream breaks off costs nothing", async () => {
    double.answer = () =>
      streamsPieces([
        { candidates: [{ content: { parts: [{ text: "Half" }] } }] },
        { error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" } },
      ]);
    const response = await gateway.post("/v1/chat/completions", { ...hello, stream: true });
    expect(await response.text()).toContain('"code":"streaming_provider_error"');
    expect(billingOf(await gateway.traceOf(response))).toMatchObject({ debit_usd: "0.000000000000" });
  });
});

describe("over Gemini", () => {
  beforeAll(async () => {
    double = startGeminiDouble();
    gateway = await startGateway({
      ...geminiEnvironment(double),
      GEMINI_DATA_POLICY: "zero_retention",
      GEMINI_MODELS: `${model}=gemini-3.1-pro-preview,titan-embed-text-v2=gemini-embedding-001`,
    });
  });
  afterAll(async () => {
    await gateway.close();
    await double.close();
  });

  const signature = "CvcQAdHtim9+/signed==";
  const callParts = [
    { text: "I need the weather.", thought: true },
    { functionCall: { name: "get_weather", args: { city: "Rome" } }, thoughtSignature: signature },
    { functionCall: { name: "get_weather", args: { city: "Oslo" } } },
  ];
  const parameters = { type: "object", properties: { city: { type: "string" } } };

  describe("signatures of thoughts", () => {
    const said = {
      role: "model",
      parts: callParts.slice(1),
    };

    /** What the next request said the model had said. */
    const secondTurn = (): unknown => arrayAt(double.last.body, "contents")?.[1];

    test.each([false, true])("survive a tool exchange in chat completions; streamed: %p", async (streamed) => {
      double.answer = saysParts(callParts);
      const tools = [{ type: "function", function: { name: "get_weather", parameters } }];
      const messages: JsonObject[] = [{ role: "user", content: "weather" }];
      const request = { model, tools, messages };
      const response = await gateway.post("/v1/chat/completions", { ...request, stream: streamed });
      messages.push(streamed ? await mergedDeltas(response) : await messageOf(response));
      for (const call of arrayAt(messages[1] ?? {}, "tool_calls") ?? []) {
        messages.push({ role: "tool", tool_call_id: asObject(call)["id"], content: "21" });
      }
      double.answer = saysParts([{ text: "Rome." }]);
      expect((await gateway.post("/v1/chat/completions", request)).status).toBe(200);
      expect(secondTurn()).toEqual(said);
    });

    test("survive it in messages", async () => {
      double.answer = saysParts(callParts);
      const tools = [{ name: "get_weather", input_schema: parameters }];
      const messages: JsonObject[] = [{ role: "user", content: "weather" }];
      const request = { model, max_tokens: 500, tools, messages };
      const { content } = asObject(await (await gateway.post("/v1/messages", request)).json());
      const results = (Array.isArray(content) ? content : []).flatMap((block) =>
        isObject(block) && block["type"] === "tool_use"
          ? [{ type: "tool_result", tool_use_id: block["id"], content: "21" }]
          : [],
      );
      messages.push({ role: "assistant", content }, { role: "user", content: results });
      double.answer = saysParts([{ text: "Rome." }]);
      expect((await gateway.post("/v1/messages", request)).status).toBe(200);
      expect(secondTurn()).toEqual(said);
    });

    test("that a client drops are excused, and the trace says so", async () => {
      const client = new OpenAI({ apiKey: gateway.liveKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
      double.answer = saysParts([{ text: "Rome." }]);
      const tool = { type: "function" as const, function: { name: "get_weather", parameters } };
      const called = { type: "function" as const, id: "call_1", function: { name: "get_weather", arguments: "{}" } };
      const messages: ChatCompletionMessageParam[] = [
        { role: "user", content: "weather" },
        { role: "assistant", tool_calls: [called] },
        { role: "tool", tool_call_id: "call_1", content: "21" },
      ];
      const { response } = await client.chat.completions.create({ model, tools: [tool], messages }).withResponse();
      expect(secondTurn()).toMatchObject({ parts: [{ thoughtSignature: "skip_thought_signature_validator" }] });
      expect(JSON.stringify(await gateway.traceOf(response))).toContain(
        "thoughts before a tool call were not carried over",
      );
    });
  });

  const refusals: [string, GeminiAnswer, number, string][] = [
    [
      "a request that is wrong",
      failsAtGoogle(400, "INVALID_ARGUMENT", "Invalid value at 'contents'"),
      400,
      "upstream_rejected_request",
    ],
    [
      "a key that is wrong",
      failsAtGoogle(400, "INVALID_ARGUMENT", `API key not valid: ${geminiKey}`),
      502,
      "upstream_error",
    ],
    ["a key without rights", failsAtGoogle(403, "PERMISSION_DENIED", "Permission denied"), 502, "upstream_error"],
    ["a model that is not there", failsAtGoogle(404, "NOT_FOUND", "models/x is not found"), 502, "upstream_error"],
    [
      "too many requests",
      failsAtGoogle(429, "RESOURCE_EXHAUSTED", "Quota", [{ retryDelay: "7s" }]),
      502,
      "upstream_error",
    ],
    ["a fault inside", failsAtGoogle(500, "INTERNAL", "Internal error"), 502, "upstream_error"],
    ["overload", failsAtGoogle(503, "UNAVAILABLE", "The model is overloaded."), 502, "upstream_error"],
    [
      "a garbled call",
      () => Response.json({ candidates: [{ finishReason: "MALFORMED_FUNCTION_CALL" }] }),
      502,
      "upstream_error",
    ],
  ];
  test.each(refusals)(
    "%s costs nothing and is told in the gateway's own words",
    async (_what, answer, status, code) => {
      double.answer = answer;
      const before = await gateway.credits();
      // What failed just now is given a rest.
      gateway.clock.aheadMs += 600_000;
      const response = await gateway.post("/v1/chat/completions", { ...hello, stream: true });
      const body = await response.text();
      expect([response.status, body.includes(`"${code}"`), body.includes(geminiKey)]).toEqual([status, true, false]);
      expect(JSON.stringify(await gateway.traceOf(response))).not.toContain(geminiKey);
      expect(await gateway.credits()).toEqual(before);
    },
  );

  test("a prompt that the filters block is a refusal, and costs what was read", async () => {
    gateway.clock.aheadMs += 600_000;
    double.answer = () =>
      Response.json({
        promptFeedback: { blockReason: "PROHIBITED_CONTENT" },
        usageMetadata: { promptTokenCount: 8, totalTokenCount: 8 },
      });
    const response = await gateway.post("/v1/chat/completions", hello);
    expect(await response.json()).toMatchObject({
      choices: [
        { message: { refusal: expect.stringContaining("PROHIBITED_CONTENT") }, finish_reason: "content_filter" },
      ],
    });
    expect(billingOf(await gateway.traceOf(response))).toMatchObject({ debit_usd: "0.000016000000" });
  });

  test("tokens are counted by Google", async () => {
    const response = await gateway.post("/v1/messages/count_tokens", {
      model,
      messages: hello.messages,
      system: "Be brief.",
    });
    expect(await response.json()).toEqual({ input_tokens: 42 });
    expect(double.last.path).toBe("/v1beta/models/gemini-3.1-pro-preview:countTokens");
    expect(double.last.body).toEqual({
      generateContentRequest: {
        model: "models/gemini-3.1-pro-preview",
        systemInstruction: { parts: [{ text: "Be brief." }] },
        contents: [{ role: "user", parts: [{ text: "hello" }] }],
      },
    });
  });

  test("embeddings are asked for at once and charged by their tokens", async () => {
    double.answer = () =>
      Response.json({ embeddings: [{ values: [0.5, 1] }, { values: [1, 0] }], usageMetadata: { promptTokenCount: 6 } });
    const client = new OpenAI({ apiKey: gateway.liveKey, baseURL: `${gateway.url}/v1` });
    const request = { model: "titan-embed-text-v2", input: ["sun", "moon"], dimensions: 256 };
    const { data, response } = await client.embeddings.create(request).withResponse();
    expect(data.data.map(({ embedding }) => embedding)).toEqual([
      [0.5, 1],
      [1, 0],
    ]);
    expect(double.last.path).toBe("/v1beta/models/gemini-embedding-001:batchEmbedContents");
    expect(double.last.body).toMatchObject({
      requests: [{ outputDimensionality: 256 }, { content: { parts: [{ text: "moon" }] } }],
    });
    // 0.02 USD per million tokens.
    expect(billingOf(await gateway.traceOf(response))).toMatchObject({ debit_usd: "0.000000120000" });
  });

  test("nothing is logged there for a stack that forbids storing", async () => {
    double.answer = saysParts([{ text: "Well." }]);
    const metadata = { astrolabe: { stack: "customer-data" } };
    expect((await gateway.post("/v1/chat/completions", { ...hello, metadata })).status).toBe(200);
    expect(double.last.body["store"]).toBe(false);
    await gateway.post("/v1/chat/completions", hello);
    expect(double.last.body["store"]).toBeUndefined();
  });
});

async function messageOf(response: Response): Promise<JsonObject> {
  const [choice] = arrayAt(asObject(await response.json()), "choices") ?? [];
  return asObject(asObject(choice)["message"]);
}

/** What a client that keeps every field makes of a stream. */
async function mergedDeltas(response: Response): Promise<JsonObject> {
  const calls: JsonObject[] = [];
  const details: JsonObject[] = [];
  for (const block of await readStream(response).rest()) {
    const [choice] = arrayAt(parseObject(block.replace(/^data: /, "")) ?? {}, "choices") ?? [];
    const delta = isObject(choice) ? asObject(choice["delta"]) : {};
    details.push(...(arrayAt(delta, "reasoning_details") ?? []).map(asObject));
    for (const call of arrayAt(delta, "tool_calls") ?? []) {
      const { index, id, function: piece } = asObject(call);
      const at = Number(index);
      const { name, arguments: text } = asObject(piece);
      const open = calls[at];
      if (open === undefined) calls[at] = { id, type: "function", function: { name, arguments: "" } };
      const whole = asObject(calls[at]?.["function"]);
      whole["arguments"] = String(whole["arguments"]) + String(text);
    }
  }
  return { role: "assistant", content: null, tool_calls: calls, reasoning_details: details };
}
