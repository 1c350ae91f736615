import { describe, expect, test } from "bun:test";
import OpenAI, { APIError } from "openai";
import { GatewayError } from "../../contracts/errors.ts";
import { parseObject, type JsonObject } from "../../contracts/json.ts";
import type { AnswerPart, FinishReason } from "../../conversation/answer.ts";
import { encodeEvent, type ServerSentEvent } from "../../conversation/events.ts";
import type { AnswerContext } from "../protocol.ts";
import { encodeStream } from "./encode-stream.ts";

const context: AnswerContext = {
  answerId: "0a1b",
  createdAt: 1_764_000_000,
  model: "some/model",
  request: { input: "Hi", metadata: { team: "a", astrolabe: { quality: "high" } } },
};
const text: AnswerPart[] = [
  { type: "start" },
  { type: "text-start", block: 0 },
  { type: "text-delta", block: 0, text: "Hel" },
  { type: "text-delta", block: 0, text: "lo" },
  { type: "text-end", block: 0 },
];
const everyKind: AnswerPart[] = [
  { type: "start", id: "resp_up" },
  { type: "reasoning-start", block: 0, id: "rs_up" },
  { type: "reasoning-delta", block: 0, text: "Think." },
  { type: "reasoning-end", block: 0, encrypted: "opaque" },
  { type: "text-start", block: 1 },
  { type: "text-delta", block: 1, text: "One moment." },
  { type: "tool-call-start", block: 2, callId: "call_1", name: "get_weather" },
  { type: "tool-call-delta", block: 2, arguments: '{"city":' },
  { type: "tool-call-start", block: 3, callId: "call_2", name: "get_time" },
  { type: "tool-call-delta", block: 3, arguments: "{}" },
  { type: "tool-call-delta", block: 2, arguments: '"Oslo"}' },
  { type: "tool-call-end", block: 3 },
  { type: "text-end", block: 1 },
  { type: "tool-call-end", block: 2 },
];

describe("the event sequence", () => {
  test("of text is the API's own, in order and numbered from 0", () => {
    const events = encode(text, "stop").map(dataOf);
    expect(events.map((event) => event["type"])).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.delta",
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
    expect(events.map((event) => event["sequence_number"])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(events[4]).toEqual({
      type: "response.output_text.delta",
      sequence_number: 4,
      item_id: "msg_0a1b_0",
      output_index: 0,
      content_index: 0,
      delta: "Hel",
      logprobs: [],
    });
  });

  test("of a refusal uses the refusal events", () => {
    const parts: AnswerPart[] = [
      { type: "start" },
      { type: "refusal-start", block: 0 },
      { type: "refusal-delta", block: 0, text: "No." },
      { type: "refusal-end", block: 0 },
    ];
    const types = encode(parts, "stop").map((event) => event.event);
    expect(types).toContain("response.refusal.delta");
    expect(types).toContain("response.refusal.done");
  });

  test("of reasoning without readable text has no summary events, only the item", () => {
    const parts: AnswerPart[] = [
      { type: "start" },
      { type: "reasoning-start", block: 0, id: "rs_1" },
      { type: "reasoning-end", block: 0, encrypted: "opaque" },
    ];
    const events = encode(parts, "stop");
    expect(events.filter((event) => event.event?.includes("summary"))).toEqual([]);
    expect(events.map(dataOf)[3]).toMatchObject({
      type: "response.output_item.done",
      item: { id: "rs_1", type: "reasoning", summary: [], encrypted_content: "opaque" },
    });
  });

  test("of an answer cut by its limit marks the item it was cut in", () => {
    const events = encode(text, "length").map(dataOf);
    expect(events.at(-2)).toMatchObject({ type: "response.output_item.done", item: { status: "incomplete" } });
    expect(events.at(-1)).toMatchObject({
      type: "response.incomplete",
      response: { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } },
    });
  });

  test("carries the routing metadata and the usage in the terminal event, not the overrides", () => {
    const events = encode(text, "stop").map(dataOf);
    expect(events[0]).toMatchObject({ response: { metadata: { team: "a" }, usage: null, status: "in_progress" } });
    expect(events[0]).not.toHaveProperty("response.metadata.astrolabe");
    expect(events.at(-1)).toMatchObject({
      response: {
        metadata: { team: "a", astrolabe: { lane: "coding" } },
        usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
      },
    });
  });

  test("of a failure goes on counting and keeps what was said", () => {
    const encoder = encodeStream(context);
    const before = text.slice(0, 3).flatMap((part) => encoder.step(part));
    const after = encoder.fail(new GatewayError("streaming_provider_error"), "req_1").map(dataOf);
    expect(after[0]?.["sequence_number"]).toBe(before.length);
    expect(after.at(-1)).toMatchObject({
      type: "response.failed",
      response: {
        id: "resp_0a1b",
        status: "failed",
        error: { code: "streaming_provider_error", requestId: "req_1" },
        output: [{ id: "msg_0a1b_0", status: "incomplete", content: [{ text: "Hel" }] }],
      },
    });
  });
});

describe("the official SDK", () => {
  test("rebuilds text, and its deltas as they come", async () => {
    const deltas: string[] = [];
    const response = await rebuilt(encode(text, "stop"), (delta) => deltas.push(delta));
    expect(deltas).toEqual(["Hel", "lo"]);
    expect(response).toMatchObject({ id: "resp_0a1b", status: "completed", output_text: "Hello", model: "some/model" });
  });

  test("rebuilds reasoning, text and overlapping calls", async () => {
    const response = await rebuilt(encode(everyKind, "tool_calls"));
    expect(response.output).toMatchObject([
      { type: "reasoning", id: "rs_up", summary: [{ text: "Think." }], encrypted_content: "opaque" },
      { type: "message", content: [{ text: "One moment." }] },
      { type: "function_call", call_id: "call_1", name: "get_weather", arguments: '{"city":"Oslo"}' },
      { type: "function_call", call_id: "call_2", name: "get_time", arguments: "{}" },
    ]);
    expect(response.usage).toMatchObject({ input_tokens: 3, output_tokens: 2 });
  });

  test("takes an answer cut short for what it is", async () => {
    expect(await rebuilt(encode(text, "content_filter"))).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "content_filter" },
    });
  });

  test("raises at an answer that failed, with our code", async () => {
    const encoder = encodeStream(context);
    const broken = text.slice(0, 3).flatMap((part) => encoder.step(part));
    const failure = encoder.fail(new GatewayError("upstream_timeout"), "req_1");
    const thrown = await rebuilt([...broken, ...failure]).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(APIError);
    expect(thrown).toMatchObject({ code: "upstream_timeout", type: "server_error" });
  });
});

function encode(parts: readonly AnswerPart[], finish: FinishReason): ServerSentEvent[] {
  const encoder = encodeStream(context);
  const usage = { kind: "exact", inputTokens: 3, outputTokens: 2 } as const;
  const events = parts.flatMap((part) => encoder.step(part));
  return [...events, ...encoder.end({ type: "end", finish, usage }, { lane: "coding" })];
}

function dataOf(event: ServerSentEvent): JsonObject {
  return parseObject(event.data) ?? {};
}

async function rebuilt(events: readonly ServerSentEvent[], onDelta: (delta: string) => void = () => {}) {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: () =>
      new Response(Buffer.concat(events.map(encodeEvent)), { headers: { "content-type": "text/event-stream" } }),
  });
  try {
    const client = new OpenAI({ baseURL: `${server.url.origin}/v1`, apiKey: "test", maxRetries: 0 });
    const stream = client.responses.stream({ model: "some/model", input: "Hi" });
    stream.on("response.output_text.delta", (event) => onDelta(event.delta));
    return await stream.finalResponse();
  } finally {
    await server.stop(true);
  }
}
