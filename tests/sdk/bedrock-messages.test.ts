// Anthropic's official client in front of Amazon Bedrock: its bodies go to Claude as they came, cache marks and all.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import Anthropic, { APIError } from "@anthropic-ai/sdk";
import { LLMock } from "@copilotkit/aimock";
import type { JsonObject } from "../../server/contracts/json.ts";
import { eventFrame, exceptionFrame } from "../../server/providers/bedrock/event-stream.test-kit.ts";
import { bedrockEnvironment, refuses, startBedrockDouble, streams } from "../support/bedrock-double.ts";
import { billingOf, startGateway, type TestGateway } from "../support/gateway.ts";
import { clientOf } from "./setups.ts";

const model = "claude-haiku-4-5";
const profiled = "/model/eu.anthropic.claude-haiku-4-5-20251001-v1%3A0";
const double = startBedrockDouble();
let gateway: TestGateway;
let client: Anthropic;
beforeAll(async () => {
  gateway = await startGateway({ ...bedrockEnvironment(double), BEDROCK_INFERENCE_PROFILE: "eu" });
  client = new Anthropic({ apiKey: gateway.liveKey, baseURL: gateway.url, maxRetries: 0 });
});
afterAll(async () => {
  await gateway.close();
  await double.close();
});

const usage = { input_tokens: 10, cache_read_input_tokens: 1_000, cache_creation_input_tokens: 100, output_tokens: 5 };
const head = { id: "msg_bdrk_1", type: "message", role: "assistant", model: "claude-haiku-4-5-20251001" };
const text = (content: string): JsonObject => ({ type: "text", text: content });
const whole = () =>
  Response.json({ ...head, content: [text("Good evening.")], stop_reason: "end_turn", stop_sequence: null, usage });
/** An event of Anthropic's as the runtime packs it. */
const chunk = (event: JsonObject) =>
  eventFrame("chunk", { bytes: Buffer.from(JSON.stringify(event)).toString("base64"), p: "abcdef" });
const opening = [
  chunk({
    type: "message_start",
    message: { ...head, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
  }),
  chunk({ type: "content_block_start", index: 0, content_block: text("") }),
  chunk({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Good evening." } }),
];
const closing = [
  chunk({ type: "content_block_stop", index: 0 }),
  chunk({
    type: "message_delta",
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: { output_tokens: 5 },
  }),
  chunk({ type: "message_stop", "amazon-bedrock-invocationMetrics": { inputTokenCount: 10 } }),
];
const marked = { type: "text" as const, text: "A long manual.", cache_control: { type: "ephemeral" as const } };
const request = {
  model,
  max_tokens: 300,
  system: [marked],
  messages: [{ role: "user" as const, content: "greet" }],
};
// 10 at 1.00, 1,000 at 0.10, 100 at 1.25 and 5 at 5.00 USD per million.
const billed = { status: "billed", debit_usd: "0.000260000000" };

describe("a message", () => {
  test("goes to Claude as it came, with its cache marks, and its caches are billed", async () => {
    double.answer = whole;
    const { data, response } = await client.messages
      .create(
        { ...request, metadata: { user_id: "user-7" } },
        { headers: { "anthropic-beta": "context-1m-2025-08-07, b" } },
      )
      .withResponse();
    expect(data).toMatchObject({ content: [{ text: "Good evening." }], usage });
    expect(double.calls.at(-1)?.path).toBe(`${profiled}/invoke`);
    expect(double.calls.at(-1)?.body).toEqual({
      anthropic_version: "bedrock-2023-05-31",
      anthropic_beta: ["context-1m-2025-08-07", "b"],
      max_tokens: 300,
      system: [marked],
      messages: request.messages,
      metadata: { user_id: "user-7" },
    });
    expect(billingOf(await gateway.traceOf(response))).toMatchObject(billed);
  });

  test("is asked again without betas that the runtime does not know, once", async () => {
    double.answer = ({ body }) =>
      body["anthropic_beta"] === undefined ? whole() : refuses(400, "ValidationException", "invalid beta flag")();
    const before = double.calls.length;
    const headers = { "anthropic-beta": "claude-code-20250219" };
    const { response } = await client.messages.create(request, { headers }).withResponse();
    expect(JSON.stringify(await gateway.traceOf(response))).toContain("anthropic-beta was not sent");
    await client.messages.create(request, { headers });
    expect(double.calls.slice(before).map(({ body }) => body["anthropic_beta"])).toEqual([
      ["claude-code-20250219"],
      undefined,
      undefined,
    ]);
  });

  test("streams Anthropic's events", async () => {
    double.answer = () => streams([...opening, ...closing]);
    const { data: stream, response } = await client.messages.create({ ...request, stream: true }).withResponse();
    const types: string[] = [];
    for await (const event of stream) types.push(event.type);
    expect(types).toEqual([
      "message_start",
      "content_block_start",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
    expect(double.calls.at(-1)?.path).toBe(`${profiled}/invoke-with-response-stream`);
    expect(double.calls.at(-1)?.body["stream"]).toBeUndefined();
    expect(billingOf(await gateway.traceOf(response))).toMatchObject(billed);
  });

  test("that ends with an exception ends with an error", async () => {
    for (const frames of [[...opening, exceptionFrame("modelTimeoutException", "Too long.")], opening]) {
      double.answer = () => streams(frames);
      const failed = await client.messages
        .stream(request)
        .finalMessage()
        .catch((thrown: unknown) => thrown);
      expect(failed).toBeInstanceOf(APIError);
    }
  });

  test("loses what would buy unpriced things or is not known there, and the trace says so", async () => {
    double.answer = whole;
    const response = await gateway.post("/v1/messages", {
      ...request,
      speed: "fast",
      service_tier: "auto",
      cache_control: { type: "ephemeral" },
    });
    expect(response.status).toBe(200);
    expect(Object.keys(double.calls.at(-1)?.body ?? {}).toSorted()).toEqual([
      "anthropic_version",
      "max_tokens",
      "messages",
      "system",
    ]);
    const trace = JSON.stringify(await gateway.traceOf(response));
    for (const field of ["speed", "service_tier", "cache_control"]) expect(trace).toContain(`${field} was not sent`);
  });

  test("with an image by address is not sent, and one with a field unknown there may be answered elsewhere", async () => {
    const before = double.calls.length;
    const source = { type: "url" as const, url: "https://example.com/disc.jpg" };
    const seen = client.messages.create({
      ...request,
      messages: [{ role: "user", content: [{ type: "image", source }] }],
    });
    expect(await seen.catch((thrown: unknown) => thrown)).toBeInstanceOf(APIError);
    expect(double.calls).toHaveLength(before);
    double.answer = refuses(400, "ValidationException", "output_config.format: Extra inputs are not permitted");
    expect(await client.messages.create(request).catch((thrown: unknown) => thrown)).toMatchObject({ status: 502 });
    double.answer = refuses(400, "ValidationException", "messages: roles must alternate");
    expect(await client.messages.create(request).catch((thrown: unknown) => thrown)).toMatchObject({ status: 400 });
  });

  test("is one neither for another protocol nor for an ARN: those go by Converse", async () => {
    double.answer = () =>
      Response.json({
        output: { message: { content: [{ text: "Hi." }] } },
        stopReason: "end_turn",
        usage: { inputTokens: 3, outputTokens: 1 },
      });
    await clientOf(gateway).chat.completions.create({ model, messages: [{ role: "user", content: "greet" }] });
    expect(double.calls.at(-1)?.path).toBe(`${profiled}/converse`);
    const arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2";
    const other = await startGateway({ ...bedrockEnvironment(double), BEDROCK_MODELS: `${model}=${arn}` });
    const answer = await new Anthropic({ apiKey: other.liveKey, baseURL: other.url }).messages.create(request);
    expect(answer.content).toMatchObject([{ type: "text", text: "Hi." }]);
    expect(double.calls.at(-1)?.path).toBe(`/model/${encodeURIComponent(arn)}/converse`);
    await other.close();
  });
});

test("aimock's runtime answers the same, whole and streamed", async () => {
  const mock = new LLMock({ port: 0, logLevel: "silent" });
  mock.onMessage("greet", { content: "Good evening.", usage: { input_tokens: 12, output_tokens: 5 } });
  await mock.start();
  const over = await startGateway(bedrockEnvironment(mock));
  const asked = new Anthropic({ apiKey: over.liveKey, baseURL: over.url, maxRetries: 0 });
  const { data, response } = await asked.messages.create(request).withResponse();
  expect(data.content).toMatchObject([{ text: "Good evening." }]);
  expect(billingOf(await over.traceOf(response))).toMatchObject({ debit_usd: "0.000037000000" });
  expect((await asked.messages.stream(request).finalMessage()).content).toMatchObject([{ text: "Good evening." }]);
  await over.close();
  await mock.stop();
});
