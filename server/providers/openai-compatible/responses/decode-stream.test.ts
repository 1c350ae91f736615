import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { LLMock } from "@copilotkit/aimock";
import type { JsonObject } from "../../../contracts/json.ts";
import type { AnswerPart } from "../../../conversation/answer.ts";
import { EventParser } from "../../../conversation/events.ts";
import { unknownUsage } from "../../../conversation/usage.ts";
import { ProviderFailure } from "../../provider.ts";
import { decodeStream } from "./decode-stream.ts";
import { responsesDialect } from "./index.ts";
import { readBlocks } from "./testing/read-blocks.ts";

describe("the events of an upstream nobody here wrote", () => {
  const upstream = new LLMock({ port: 0, host: "127.0.0.1", chunkSize: 4 });

  beforeAll(async () => {
    const usage = { input_tokens: 12, output_tokens: 7 };
    upstream.onMessage("greet", { content: "Hello, world", reasoning: "A greeting is due.", usage });
    upstream.onMessage("weather", {
      toolCalls: [
        { id: "call_1", name: "get_weather", arguments: '{"city":"Oslo"}' },
        { id: "call_2", name: "get_time", arguments: "{}" },
      ],
      usage,
    });
    upstream.onMessage("ramble", { content: "And then", finishReason: "length", usage });
    await upstream.start();
  });
  afterAll(() => upstream.stop());

  test("give text and reasoning with the usage", async () => {
    const parts = await streamed("greet");
    expect(readBlocks(parts).map(({ opening, text }) => [opening, text])).toEqual([
      [{ type: "reasoning-start", id: expect.stringMatching(/^rs/) }, "A greeting is due."],
      [{ type: "text-start" }, "Hello, world"],
    ]);
    expect(parts.at(-1)).toEqual({
      type: "end",
      finish: "stop",
      usage: { kind: "exact", inputTokens: 12, outputTokens: 7 },
    });
  });

  test("give tool calls, which are what the answer stopped for", async () => {
    const parts = await streamed("weather");
    expect(readBlocks(parts).map(({ opening, text }) => [opening, text])).toEqual([
      [{ type: "tool-call-start", callId: "call_1", name: "get_weather" }, '{"city":"Oslo"}'],
      [{ type: "tool-call-start", callId: "call_2", name: "get_time" }, "{}"],
    ]);
    expect(parts.at(-1)).toMatchObject({ type: "end", finish: "tool_calls" });
  });

  test("give the finish of an answer cut by its limit", async () => {
    expect((await streamed("ramble")).at(-1)).toMatchObject({ type: "end", finish: "length" });
  });

  async function streamed(text: string): Promise<AnswerPart[]> {
    const prompt = {
      kind: "generate",
      messages: [{ role: "user", parts: [{ type: "text", text }] }],
      tools: [],
    } as const;
    const options = { model: "o4-mini", maxOutputTokens: 100, stream: true };
    const response = await fetch(`${upstream.url}/v1${responsesDialect.path}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer test" },
      body: JSON.stringify(responsesDialect.encodeRequest(prompt, options, () => {})),
    });
    const parser = new EventParser();
    const decoder = decodeStream();
    const parts = parser
      .push(new Uint8Array(await response.arrayBuffer()))
      .flatMap((event) => [...decoder.step(event)]);
    return [...parts, ...decoder.finish()];
  }
});

describe("a stream that deviates", () => {
  test("without a terminal event is cut", () => {
    const decoder = decodeStream();
    decoder.step(eventOf({ type: "response.created", response: { id: "resp_1" } }));
    expect(failureIn(() => decoder.finish()).kind).toBe("cut");
  });

  test("with an event that is no JSON object is malformed", () => {
    expect(failureIn(() => decodeStream().step({ data: "{" })).kind).toBe("provider_error");
    expect(failureIn(() => decodeStream().step({ data: "[1]" })).kind).toBe("provider_error");
  });

  test("ends at its terminal event: whatever follows means nothing", () => {
    const decoder = decodeStream();
    decoder.step(eventOf({ type: "response.completed", response: { output: [] } }));
    expect(decoder.step({ data: "[DONE]" })).toEqual([]);
    expect(decoder.step(eventOf({ type: "error", message: "late" }))).toEqual([]);
    expect(decoder.finish()).toEqual([]);
  });

  test("that fails throws the failure that its code names, in the upstream's words", () => {
    const failed = {
      type: "response.failed",
      response: { error: { code: "rate_limit_exceeded", message: "Slow down" } },
    };
    expect(failureIn(() => decode(failed))).toMatchObject({ kind: "rate_limited", upstreamMessage: "Slow down" });
    const refused = { type: "error", code: "invalid_prompt", message: "No" };
    expect(failureIn(() => decode(refused))).toMatchObject({ kind: "rejected", upstreamMessage: "No" });
    const unnamed = { type: "error", error: { message: "Bad key sk-abcdef123456" } };
    expect(failureIn(() => decode(unnamed))).toMatchObject({
      kind: "provider_error",
      upstreamMessage: "Bad key [secret]",
    });
    const ours = { type: "error", error: { code: "invalid_api_key", message: "No" } };
    expect(failureIn(() => decode(ours))).toMatchObject({ kind: "credentials" });
  });

  test("with only a terminal event still gives the whole answer", () => {
    const output = [
      { type: "web_search_call", id: "ws_1", status: "completed" },
      {
        type: "message",
        content: [
          { type: "output_text", text: "Hi" },
          { type: "refusal", refusal: "No" },
        ],
      },
      { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
    ];
    const parts = decode({ type: "response.completed", response: { id: "resp_1", output } });
    expect(parts[0]).toEqual({ type: "start", id: "resp_1" });
    expect(readBlocks(parts).map((block) => block.text)).toEqual(["Hi", "No", "{}"]);
    expect(parts.at(-1)).toEqual({ type: "end", finish: "tool_calls", usage: unknownUsage });
  });

  test("with a custom tool gives its text as a call", () => {
    const item = { type: "custom_tool_call", id: "ctc_1", call_id: "c", name: "apply_patch", input: "*** Begin" };
    const place = { item_id: "ctc_1", output_index: 0 };
    const parts = decode(
      { type: "response.output_item.added", output_index: 0, item: { ...item, input: "" } },
      { type: "response.custom_tool_call_input.delta", ...place, delta: "*** " },
      { type: "response.custom_tool_call_input.delta", ...place, delta: "Begin" },
      { type: "response.custom_tool_call_input.done", ...place, input: item.input },
      { type: "response.output_item.done", output_index: 0, item },
      { type: "response.completed", response: { output: [item] } },
    );
    expect(readBlocks(parts)).toMatchObject([
      { opening: { type: "tool-call-start", callId: "c", name: "apply_patch" }, text: "*** Begin" },
    ]);
    expect(parts.at(-1)).toMatchObject({ type: "end", finish: "tool_calls" });
  });

  test("without deltas gives the text of the finished parts, once", () => {
    const place = { output_index: 0, content_index: 0 };
    const message = { type: "message", content: [{ type: "output_text", text: "Hi" }] };
    const parts = decode(
      { type: "response.content_part.added", ...place, part: { type: "output_text", text: "" } },
      { type: "response.output_text.done", ...place, text: "Hi" },
      { type: "response.content_part.done", ...place, part: { type: "output_text", text: "Hi" } },
      { type: "response.output_item.done", output_index: 0, item: message },
      { type: "response.completed", response: { output: [message] } },
    );
    expect(parts.map((part) => part.type)).toEqual(["start", "text-start", "text-delta", "text-end", "end"]);
  });

  test("that changes an item's id on the way still fills the same block", () => {
    const parts = decode(
      { type: "response.output_item.added", output_index: 0, item: { type: "reasoning", id: "a" } },
      { type: "response.reasoning_summary_text.delta", output_index: 0, item_id: "b", summary_index: 0, delta: "One" },
      { type: "response.reasoning_summary_text.delta", output_index: 0, item_id: "c", summary_index: 1, delta: "Two" },
      {
        type: "response.reasoning_text.delta",
        output_index: 0,
        item_id: "c",
        content_index: 0,
        delta: "The long form",
      },
      {
        type: "response.output_item.done",
        output_index: 0,
        item: { type: "reasoning", id: "d", summary: [{ text: "One" }], encrypted_content: "opaque" },
      },
      { type: "response.completed", response: {} },
    );
    expect(readBlocks(parts)).toEqual([
      {
        opening: { type: "reasoning-start", id: "a" },
        text: "One\n\nTwo",
        ending: { type: "reasoning-end", encrypted: "opaque" },
      },
    ]);
  });

  test("that puts two items at one position gives both", () => {
    const call = (name: string) => ({ type: "function_call", call_id: name, name, arguments: "{}" });
    const eventsOf = (name: string) => [
      { type: "response.output_item.added", output_index: 0, item: { ...call(name), arguments: "" } },
      { type: "response.function_call_arguments.delta", output_index: 0, delta: "{}" },
      { type: "response.output_item.done", output_index: 0, item: call(name) },
    ];
    const parts = decode(...eventsOf("f"), ...eventsOf("g"), { type: "response.completed", response: {} });
    expect(readBlocks(parts).map(({ opening, text }) => [opening["name"], text])).toEqual([
      ["f", "{}"],
      ["g", "{}"],
    ]);
  });

  test("of hosted tools has an end and no parts of its own", () => {
    const parts = decode(
      { type: "response.created", response: { id: "resp_1", model: "m" } },
      { type: "response.output_item.added", output_index: 0, item: { type: "web_search_call", id: "ws_1" } },
      { type: "response.web_search_call.searching", output_index: 0, item_id: "ws_1" },
      { type: "response.completed", response: { output: [{ type: "web_search_call", id: "ws_1" }] } },
    );
    expect(parts).toEqual([
      { type: "start", id: "resp_1", model: "m" },
      { type: "end", finish: "stop", usage: unknownUsage },
    ]);
  });

  test("whose function call names no function is malformed", () => {
    const event = {
      type: "response.output_item.done",
      output_index: 0,
      item: { type: "function_call", call_id: "c" },
    };
    expect(failureIn(() => decode(event)).kind).toBe("provider_error");
  });
});

test("an incomplete response says what cut it", () => {
  const incomplete = (reason: string) => ({
    type: "response.incomplete",
    response: { status: "incomplete", incomplete_details: { reason } },
  });
  expect(decode(incomplete("content_filter")).at(-1)).toMatchObject({ finish: "content_filter" });
  expect(decode(incomplete("max_output_tokens")).at(-1)).toMatchObject({ finish: "length" });
});

function eventOf(data: JsonObject) {
  return { data: JSON.stringify(data) };
}

function decode(...events: readonly JsonObject[]): AnswerPart[] {
  const decoder = decodeStream();
  return events.flatMap((event) => [...decoder.step(eventOf(event))]);
}

function failureIn(action: () => unknown): ProviderFailure {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof ProviderFailure) return thrown;
    throw thrown;
  }
  throw new Error("nothing was thrown");
}
