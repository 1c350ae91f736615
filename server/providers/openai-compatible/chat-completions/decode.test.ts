// Reading Chat Completions as upstreams really write it: OpenAI, OpenRouter, DeepSeek, xAI, Gemini's imitation.

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { JsonObject } from "../../../contracts/json.ts";
import type { AnswerPart, FinishReason } from "../../../conversation/answer.ts";
import { EventParser } from "../../../conversation/events.ts";
import type { Usage } from "../../../conversation/usage.ts";
import { ProviderFailure } from "../../provider.ts";
import { chatCompletionsDialect as dialect } from "./index.ts";

const chunk = (delta: JsonObject, finish: string | null = null): JsonObject => ({
  id: "gen-1",
  model: "m-1",
  choices: [{ index: 0, delta, finish_reason: finish }],
});

function decode(chunks: readonly (JsonObject | "[DONE]")[]): AnswerPart[] {
  const decoder = dialect.decodeStream();
  const parts = chunks.flatMap((each) => [
    ...decoder.step({ data: typeof each === "string" ? each : JSON.stringify(each) }),
  ]);
  return [...parts, ...decoder.finish()];
}
const end = (finish: FinishReason, usage: Usage): AnswerPart => ({ type: "end", finish, usage });
const withoutStart = (parts: readonly AnswerPart[]): AnswerPart[] => parts.filter((part) => part.type !== "start");

describe("a stream of", () => {
  test("OpenRouter: reasoning once although said twice, its continuation at the block's end, then text", () => {
    const parts = decode([
      chunk({
        role: "assistant",
        content: "",
        reasoning: "Let me",
        reasoning_details: [{ type: "reasoning.text", text: "Let me", index: 0 }],
      }),
      chunk({
        content: "",
        reasoning: null,
        reasoning_details: [{ type: "reasoning.text", signature: "sig", index: 0 }],
      }),
      chunk({ content: "Yes" }),
      chunk({ content: "" }, "stop"),
      {
        ...chunk({ content: "" }),
        usage: {
          prompt_tokens: 100,
          completion_tokens: 20,
          prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 30 },
          completion_tokens_details: { reasoning_tokens: 15 },
        },
      },
      "[DONE]",
    ]);
    expect(withoutStart(parts)).toEqual([
      { type: "reasoning-start", block: 0 },
      { type: "reasoning-delta", block: 0, text: "Let me" },
      { type: "reasoning-end", block: 0, encrypted: "sig" },
      { type: "text-start", block: 1 },
      { type: "text-delta", block: 1, text: "Yes" },
      { type: "text-end", block: 1 },
      end("stop", {
        kind: "exact",
        inputTokens: 100,
        cachedInputTokens: 60,
        cacheWriteTokens: 30,
        outputTokens: 20,
        reasoningTokens: 15,
      }),
    ]);
  });

  test("Azure: what its filters found in the prompt comes before the answer and its id", () => {
    const filters = { id: "", model: "", choices: [], prompt_filter_results: [{ prompt_index: 0 }] };
    const [first] = decode([filters, chunk({ content: "ok" }, "stop")]);
    expect(first).toEqual({ type: "start", id: "gen-1", model: "m-1" });
  });

  test("DeepSeek: reasoning_content", () => {
    const parts = decode([chunk({ reasoning_content: "hm", content: null }), chunk({ content: "ok" }, "stop")]);
    expect(parts.map((part) => part.type)).toEqual([
      "start",
      "reasoning-start",
      "reasoning-delta",
      "reasoning-end",
      "text-start",
      "text-delta",
      "text-end",
      "end",
    ]);
  });

  test("parallel tool calls whose pieces interleave", () => {
    const call = (index: number, fields: JsonObject) => chunk({ tool_calls: [{ index, ...fields }] });
    const parts = decode([
      call(0, { id: "a", type: "function", function: { name: "f", arguments: "" } }),
      call(1, { id: "b", type: "function", function: { name: "g", arguments: "{" } }),
      call(0, { function: { arguments: "{}" } }),
      call(1, { function: { arguments: "}" } }),
      chunk({}, "tool_calls"),
    ]);
    expect(withoutStart(parts)).toEqual([
      { type: "tool-call-start", block: 0, callId: "a", name: "f" },
      { type: "tool-call-start", block: 1, callId: "b", name: "g" },
      { type: "tool-call-delta", block: 1, arguments: "{" },
      { type: "tool-call-delta", block: 0, arguments: "{}" },
      { type: "tool-call-delta", block: 1, arguments: "}" },
      { type: "tool-call-end", block: 0 },
      { type: "tool-call-end", block: 1 },
      end("tool_calls", { kind: "unknown" }),
    ]);
  });

  test.each([
    ["no index at all", {}],
    ["index 0 for each", { index: 0 }],
  ])("parallel tool calls with %s are told apart by id", (_what, index) => {
    const call = (id: string) => chunk({ tool_calls: [{ ...index, id, function: { name: id, arguments: "{}" } }] });
    const names = decode([call("a"), call("b"), chunk({}, "stop")]).flatMap((part) =>
      part.type === "tool-call-start" ? [part.name] : [],
    );
    expect(names).toEqual(["a", "b"]);
  });

  test("refusals", () => {
    const parts = decode([chunk({ refusal: "No" }), chunk({ refusal: "." }), chunk({}, "stop")]);
    expect(parts.filter((part) => part.type === "refusal-delta").map((part) => part.text)).toEqual(["No", "."]);
  });

  test("several choices: the first is the answer, tool calls of the others are seen", () => {
    const other = { index: 1, delta: { content: "B", tool_calls: [{ index: 0, id: "x", function: { name: "rm" } }] } };
    const parts = decode([{ choices: [{ index: 0, delta: { content: "A" }, finish_reason: "stop" }, other] }]);
    expect(parts.filter((part) => part.type === "text-delta").map((part) => part.text)).toEqual(["A"]);
    expect(parts.some((part) => part.type === "tool-call-start" && part.name === "rm")).toBe(true);
  });
});

describe("a broken stream", () => {
  const kindOf = (work: () => unknown): string => {
    try {
      work();
    } catch (thrown) {
      return thrown instanceof ProviderFailure ? thrown.kind : String(thrown);
    }
    return "nothing thrown";
  };

  test("is cut without a finish reason, [DONE] or not", () => {
    expect(kindOf(() => decode([chunk({ content: "a" })]))).toBe("cut");
    expect(kindOf(() => decode([chunk({ content: "a" }), "[DONE]"]))).toBe("cut");
  });

  test("is a provider error when an event is not JSON, or a tool call has no name", () => {
    expect(kindOf(() => dialect.decodeStream().step({ data: "{oops" }))).toBe("provider_error");
    const nameless = chunk({ tool_calls: [{ index: 0, id: "a", function: { arguments: "{}" } }] }, "tool_calls");
    expect(kindOf(() => decode([nameless]))).toBe("provider_error");
  });

  test("says what went wrong when an error sits on the choice", () => {
    const failed = {
      choices: [{ index: 0, delta: {}, finish_reason: "error", error: { code: 429, message: "slow" } }],
    };
    expect(kindOf(() => decode([failed]))).toBe("rate_limited");
  });
});

describe("usage", () => {
  const usageOf = (usage: JsonObject) =>
    dialect.decodeAnswer({ choices: [{ message: { content: "x" }, finish_reason: "stop" }], usage }).usage;

  test("is unknown rather than zero when a total is missing", () => {
    expect(usageOf({ prompt_tokens: 3 })).toEqual({ kind: "unknown" });
  });

  test("of xAI counts the reasoning its completion leaves out", () => {
    const usage = usageOf({
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 115,
      completion_tokens_details: { reasoning_tokens: 100 },
    });
    expect(usage).toEqual({ kind: "exact", inputTokens: 10, outputTokens: 105, reasoningTokens: 100 });
  });
});

test("a whole answer of OpenRouter: reasoning, text, calls, and a forced call that ended with `stop`", () => {
  const answer = dialect.decodeAnswer({
    id: "gen-1",
    model: "m-1",
    choices: [
      {
        message: {
          content: "Calling",
          reasoning: "why",
          reasoning_details: [{ type: "reasoning.encrypted", data: "blob", id: "rs_1" }],
          tool_calls: [{ id: "a", function: { name: "f", arguments: { city: "Rome" } } }],
        },
        finish_reason: "stop",
      },
    ],
  });
  expect(answer.parts).toEqual([
    { type: "reasoning", text: "why", encrypted: "blob", id: "rs_1" },
    { type: "text", text: "Calling" },
    { type: "tool-call", callId: "a", name: "f", arguments: '{"city":"Rome"}' },
  ]);
  expect(answer.finish).toBe("tool_calls");
});

test("any split of the bytes gives the same parts", () => {
  const chunks = [
    chunk({ role: "assistant", reasoning: "přemýšlím 🤔" }),
    chunk({ content: "žluťoučký 🐎" }),
    chunk({ tool_calls: [{ index: 0, id: "a", function: { name: "f", arguments: '{"a":' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: "1}" } }] }),
    chunk({}, "tool_calls"),
  ];
  const text = `: comment\r\n\r\n${chunks.map((each) => `data: ${JSON.stringify(each)}\n\n`).join("")}data: [DONE]\n\n`;
  const bytes = new TextEncoder().encode(text);
  const expected = decode([...chunks, "[DONE]"]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 12 }), (cuts) => {
      const parser = new EventParser();
      const decoder = dialect.decodeStream();
      const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const parts = edges.flatMap((from, index) =>
        parser
          .push(bytes.subarray(from, edges[index + 1] ?? bytes.length))
          .flatMap((event) => [...decoder.step(event)]),
      );
      expect([...parts, ...decoder.finish()]).toEqual(expected);
    }),
  );
});
