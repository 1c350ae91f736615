// Answers and streams as the API writes them: usage, signatures, filters, and what counts as whose failure.

import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../contracts/json.ts";
import type { AnswerPart } from "../../conversation/answer.ts";
import { ProviderFailure } from "../provider.ts";
import { decodeAnswer } from "./decode-answer.ts";
import { decodeStream } from "./decode-stream.ts";
import { geminiEmbeddingsDialect } from "./index.ts";

const usage = { promptTokenCount: 9, candidatesTokenCount: 4, totalTokenCount: 13 };
const piece = (parts: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({
  candidates: [{ content: { role: "model", parts: [...parts] }, index: 0, ...more }],
  responseId: "r-1",
  modelVersion: "gemini-2.5-pro",
});
const last = (parts: readonly JsonObject[], finishReason = "STOP"): JsonObject => ({
  ...piece(parts, { finishReason }),
  usageMetadata: usage,
});

function decoded(pieces: readonly JsonObject[]): AnswerPart[] {
  const decoder = decodeStream();
  const parts = pieces.flatMap((each) => [...decoder.step({ data: JSON.stringify(each) })]);
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

describe("usage", () => {
  const usageOf = (usageMetadata: JsonObject) => decodeAnswer({ ...last([{ text: "Hi" }]), usageMetadata }).usage;

  test("the prompt includes what was cached of it, thoughts stand beside the answer and are charged like it", () => {
    const reported = {
      promptTokenCount: 100,
      cachedContentTokenCount: 60,
      candidatesTokenCount: 5,
      thoughtsTokenCount: 7,
    };
    expect(usageOf({ ...reported, totalTokenCount: 112 })).toEqual({
      kind: "exact",
      inputTokens: 100,
      cachedInputTokens: 60,
      outputTokens: 12,
      reasoningTokens: 7,
    });
  });

  test("results of tools that the provider ran are input", () => {
    const reported = { promptTokenCount: 10, toolUsePromptTokenCount: 4, candidatesTokenCount: 2, totalTokenCount: 16 };
    expect(usageOf(reported)).toEqual({ kind: "exact", inputTokens: 14, outputTokens: 2 });
  });

  test("an answer that is all thoughts has their number", () => {
    const reported = { promptTokenCount: 10, thoughtsTokenCount: 30, totalTokenCount: 40 };
    expect(usageOf(reported)).toEqual({ kind: "exact", inputTokens: 10, outputTokens: 30, reasoningTokens: 30 });
  });

  test.each<[string, JsonObject]>([
    ["nothing is reported", {}],
    ["only the prompt is", { promptTokenCount: 3 }],
    ["more is cached than there was", { ...usage, cachedContentTokenCount: 10 }],
    ["the total is less than the prompt", { promptTokenCount: 3, totalTokenCount: 2 }],
  ])("is unknown when %s", (_when, reported) => {
    expect(usageOf(reported)).toEqual({ kind: "unknown" });
  });

  test("of a stream is the last count of each kind", () => {
    const early = { promptTokenCount: 9, thoughtsTokenCount: 6, totalTokenCount: 15 };
    const end = decoded([{ ...piece([{ text: "H" }]), usageMetadata: early }, last([{ text: "i" }])]).at(-1);
    expect(end).toMatchObject({ usage: { inputTokens: 9, outputTokens: 10, reasoningTokens: 6 } });
  });
});

describe("a stream", () => {
  test("tells thoughts, text, and the signature that its empty last part carries", () => {
    const parts = decoded([
      piece([{ text: "Let me", thought: true }]),
      piece([{ text: " see.", thought: true }, { text: "It" }]),
      piece([{ text: " is." }]),
      last([{ text: "", thoughtSignature: "c2ln" }]),
    ]);
    expect(parts).toEqual([
      { type: "start", id: "r-1", model: "gemini-2.5-pro" },
      { type: "reasoning-start", block: 0 },
      { type: "reasoning-delta", block: 0, text: "Let me" },
      { type: "reasoning-delta", block: 0, text: " see." },
      { type: "reasoning-end", block: 0 },
      { type: "text-start", block: 1 },
      { type: "text-delta", block: 1, text: "It" },
      { type: "text-delta", block: 1, text: " is." },
      { type: "text-end", block: 1 },
      { type: "reasoning-start", block: 2 },
      { type: "reasoning-end", block: 2, encrypted: "gemini::c2ln" },
      { type: "end", finish: "stop", usage: { kind: "exact", inputTokens: 9, outputTokens: 4 } },
    ]);
  });

  test("gives calls ids of their own where the API gave none, and keeps the signature with its call", () => {
    const parts = decoded([
      piece([{ text: "Hm.", thought: true }]),
      last([
        { functionCall: { name: "f", args: { a: 1 } }, thoughtSignature: "c2ln" },
        { functionCall: { name: "f", id: "abc123" } },
      ]),
    ]);
    expect(parts.slice(3)).toEqual([
      { type: "reasoning-end", block: 0, encrypted: "gemini:call_r-1_0:c2ln" },
      { type: "tool-call-start", block: 1, callId: "call_r-1_0", name: "f" },
      { type: "tool-call-delta", block: 1, arguments: '{"a":1}' },
      { type: "tool-call-end", block: 1 },
      { type: "tool-call-start", block: 2, callId: "gemini_abc123", name: "f" },
      { type: "tool-call-delta", block: 2, arguments: "{}" },
      { type: "tool-call-end", block: 2 },
      { type: "end", finish: "tool_calls", usage: { kind: "exact", inputTokens: 9, outputTokens: 4 } },
    ]);
  });

  test("passes over parts of the provider's own tools, other candidates and fields from tomorrow", () => {
    const other = { candidates: [{ index: 1, content: { parts: [{ text: "no" }] } }], new_field: 1 };
    const own = piece([{ executableCode: { code: "1" } }, { inlineData: { mimeType: "image/png", data: "" } }]);
    expect(decoded([own, other, last([])]).map(({ type }) => type)).toEqual(["start", "end"]);
  });

  test("that ends before the model has stopped is cut", () => {
    expect(failureOf(() => decoded([piece([{ text: "Half" }])])).kind).toBe("cut");
  });

  test.each([
    [429, "rate_limited"],
    [503, "provider_error"],
    [401, "credentials"],
  ])("with an error of code %d fails as %s", (code, kind) => {
    const failure = failureOf(() => decoded([piece([]), { error: { code, message: "no", status: "WORD" } }]));
    expect([failure.kind, failure.upstreamMessage]).toEqual([kind, "no"]);
  });

  test("that is no JSON is the upstream's failure", () => {
    expect(failureOf(() => decodeStream().step({ data: "{" })).kind).toBe("provider_error");
  });
});

describe("filters", () => {
  test("a blocked prompt is a refusal that says why, and costs what was read", () => {
    const blocked = { promptFeedback: { blockReason: "PROHIBITED_CONTENT" }, responseId: "r" };
    const answer = decodeAnswer({ ...blocked, usageMetadata: { promptTokenCount: 8, totalTokenCount: 8 } });
    expect(answer).toEqual({
      id: "r",
      parts: [{ type: "refusal", text: "The provider's filters blocked the request: PROHIBITED_CONTENT." }],
      finish: "content_filter",
      usage: { kind: "exact", inputTokens: 8, outputTokens: 0 },
    });
    expect(decoded([{ promptFeedback: { blockReason: "SAFETY" } }]).map(({ type }) => type)).toEqual([
      "start",
      "refusal-start",
      "refusal-delta",
      "refusal-end",
      "end",
    ]);
  });

  test("an answer that they left nothing of is a refusal in the provider's words", () => {
    const candidate = { finishReason: "SAFETY", finishMessage: "That is unsafe.", index: 0 };
    expect(decodeAnswer({ candidates: [candidate], usageMetadata: usage })).toMatchObject({
      parts: [{ type: "refusal", text: "That is unsafe." }],
      finish: "content_filter",
    });
  });

  test("what was said before they stopped it stays", () => {
    expect(decodeAnswer(last([{ text: "Once" }], "RECITATION"))).toMatchObject({
      parts: [{ type: "text", text: "Once" }],
      finish: "content_filter",
    });
  });
});

test.each([
  ["STOP", "stop"],
  ["MAX_TOKENS", "length"],
  ["SPII", "content_filter"],
  ["LANGUAGE", "content_filter"],
  ["FROM_TOMORROW", "stop"],
  ["constructor", "stop"],
] as const)("an answer that stopped for %s has the finish %s", (reason, finish) => {
  expect(decodeAnswer(last([{ text: "Hi" }], reason)).finish).toBe(finish);
});

test.each<[string, JsonObject]>([
  ["an error", { error: { code: 500, message: "no" } }],
  ["no candidate", { usageMetadata: usage }],
  ["no reason to stop", piece([{ text: "Hi" }])],
  ["a call without a name", last([{ functionCall: { args: {} } }])],
  ["a call that the model has garbled", last([], "MALFORMED_FUNCTION_CALL")],
])("a body with %s is no answer", (_what, body) => {
  expect(failureOf(() => decodeAnswer(body)).kind).toBe("provider_error");
});

describe("embeddings", () => {
  const decode = (body: JsonObject) => geminiEmbeddingsDialect.decodeAnswer(body);

  test("are read in order, with their usage where it is told", () => {
    const embeddings = [{ values: [0.5, 1] }, { values: [0, 2] }];
    expect(decode({ embeddings, usageMetadata: { promptTokenCount: 6 } })).toMatchObject({
      embeddings: [
        [0.5, 1],
        [0, 2],
      ],
      usage: { kind: "exact", inputTokens: 6, outputTokens: 0 },
    });
    expect(decode({ embeddings }).usage).toEqual({ kind: "unknown" });
  });

  test.each<[string, JsonObject]>([
    ["none", {}],
    ["an empty one", { embeddings: [{ values: [] }] }],
    ["one of words", { embeddings: [{ values: ["a"] }] }],
  ])("an answer with %s is a failure", (_what, body) => {
    expect(failureOf(() => decode(body)).kind).toBe("provider_error");
  });
});
