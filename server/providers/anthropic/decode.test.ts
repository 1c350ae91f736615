// Streams and answers that deviate, and what counts as whose failure.

import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../contracts/json.ts";
import type { AnswerPart } from "../../conversation/answer.ts";
import { ProviderFailure } from "../provider.ts";
import { decodeAnswer } from "./decode-answer.ts";
import { decodeStream } from "./decode-stream.ts";

const usage = { input_tokens: 3, output_tokens: 1 };
const start = { type: "message_start", message: { id: "msg_1", model: "m", usage } };
const ending = { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 7 } };

function decoded(events: readonly JsonObject[]): AnswerPart[] {
  const decoder = decodeStream();
  const parts = events.flatMap((event) => [...decoder.step({ data: JSON.stringify(event) })]);
  return [...parts, ...decoder.finish()];
}

function failureOf(act: () => unknown): ProviderFailure {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof ProviderFailure) return thrown;
    throw thrown;
  }
  throw new Error("nothing failed");
}

describe("a stream", () => {
  test("takes the last count of each kind", () => {
    const more = { type: "message_delta", delta: {}, usage: { input_tokens: 9, cache_read_input_tokens: 4 } };
    expect(decoded([start, more, ending]).at(-1)).toEqual({
      type: "end",
      finish: "stop",
      usage: { kind: "exact", inputTokens: 13, cachedInputTokens: 4, outputTokens: 7 },
    });
  });

  test("closes blocks that its upstream left open, and needs no last event", () => {
    const open = { type: "content_block_start", index: 0, content_block: { type: "text", text: "Hi" } };
    expect(decoded([start, open, ending]).map(({ type }) => type)).toEqual([
      "start",
      "text-start",
      "text-delta",
      "text-end",
      "end",
    ]);
  });

  test("gives a call without arguments the input that it began with", () => {
    const call = { type: "tool_use", id: "t", name: "f", input: { a: 1 } };
    const parts = decoded([start, { type: "content_block_start", index: 0, content_block: call }, ending]);
    expect(parts[2]).toEqual({ type: "tool-call-delta", block: 0, arguments: '{"a":1}' });
  });

  test("passes over pings, blocks of the provider's own tools and events that nobody has documented", () => {
    const own = { type: "content_block_start", index: 0, content_block: { type: "server_tool_use", name: "x" } };
    const change = { type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: "{" } };
    expect(decoded([start, { type: "ping" }, own, change, { type: "from_tomorrow" }, ending])).toHaveLength(2);
  });

  test("that ends before the model has stopped is cut", () => {
    expect(failureOf(() => decoded([start])).kind).toBe("cut");
  });

  test.each([
    ["overloaded_error", "provider_error"],
    ["api_error", "provider_error"],
    ["rate_limit_error", "rate_limited"],
    ["authentication_error", "credentials"],
    ["billing_error", "credentials"],
    ["timeout_error", "timeout"],
  ])("with an error event of type %s fails as %s", (type, kind) => {
    const failure = failureOf(() => decoded([start, { type: "error", error: { type, message: "no" } }]));
    expect([failure.kind, failure.upstreamMessage]).toEqual([kind, "no"]);
  });

  test("that is no JSON is the upstream's failure", () => {
    expect(failureOf(() => decodeStream().step({ data: "{" })).kind).toBe("provider_error");
  });
});

test.each<[string, JsonObject]>([
  ["an error", { type: "error", error: { type: "api_error", message: "no" } }],
  ["no content", { type: "message", stop_reason: "end_turn" }],
  ["no reason to stop", { type: "message", content: [], stop_reason: null }],
  ["a call without a name", { content: [{ type: "tool_use", id: "t" }], stop_reason: "tool_use" }],
])("a body with %s is no answer", (_what, body) => {
  expect(failureOf(() => decodeAnswer(body)).kind).toBe("provider_error");
});

test.each([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["tool_use", "tool_calls"],
  ["refusal", "content_filter"],
  ["from_tomorrow", "stop"],
  ["constructor", "stop"],
] as const)("a message that stopped for %s has the finish %s", (stopReason, finish) => {
  expect(decodeAnswer({ content: [], stop_reason: stopReason, usage }).finish).toBe(finish);
});
