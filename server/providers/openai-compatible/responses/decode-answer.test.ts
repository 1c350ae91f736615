import { expect, test } from "bun:test";
import type { JsonObject } from "../../../contracts/json.ts";
import { unknownUsage } from "../../../conversation/usage.ts";
import { ProviderFailure } from "../../provider.ts";
import { decodeAnswer } from "./decode-answer.ts";

/** The shape the API documents, with one item of every kind that has a neutral meaning and one that has none. */
const response = {
  id: "resp_67ccd2bed1ec8190b14f964abc054267",
  object: "response",
  created_at: 1741476542,
  status: "completed",
  error: null,
  incomplete_details: null,
  model: "gpt-5-2025-08-07",
  output: [
    {
      id: "rs_1",
      type: "reasoning",
      summary: [
        { type: "summary_text", text: "First." },
        { type: "summary_text", text: "Then." },
      ],
      encrypted_content: "gAAAAA",
    },
    { id: "ws_1", type: "web_search_call", status: "completed", action: { type: "search", query: "x" } },
    {
      id: "msg_1",
      type: "message",
      status: "completed",
      role: "assistant",
      content: [
        { type: "output_text", text: "It is sunny.", annotations: [] },
        { type: "refusal", refusal: "No more." },
      ],
    },
    {
      id: "ctc_1",
      type: "custom_tool_call",
      call_id: "call_0",
      name: "apply_patch",
      input: "*** Begin",
      status: "completed",
    },
    { id: "fc_1", type: "function_call", call_id: "call_1", name: "f", arguments: '{"a":1}', status: "completed" },
  ],
  usage: {
    input_tokens: 36,
    input_tokens_details: { cached_tokens: 8 },
    output_tokens: 87,
    output_tokens_details: { reasoning_tokens: 64 },
    total_tokens: 123,
  },
};

test("every kind of output item is read in order", () => {
  expect(decodeAnswer(response)).toEqual({
    id: response.id,
    model: response.model,
    parts: [
      { type: "reasoning", text: "First.\n\nThen.", encrypted: "gAAAAA", id: "rs_1" },
      { type: "text", text: "It is sunny." },
      { type: "refusal", text: "No more." },
      { type: "tool-call", callId: "call_0", name: "apply_patch", arguments: "*** Begin" },
      { type: "tool-call", callId: "call_1", name: "f", arguments: '{"a":1}' },
    ],
    finish: "tool_calls",
    usage: { kind: "exact", inputTokens: 36, cachedInputTokens: 8, outputTokens: 87, reasoningTokens: 64 },
  });
});

test("reasoning without a summary is read from its content", () => {
  const output = [{ type: "reasoning", id: "rs", summary: [], content: [{ type: "reasoning_text", text: "Hm." }] }];
  expect(decodeAnswer({ ...response, output }).parts).toEqual([{ type: "reasoning", text: "Hm.", id: "rs" }]);
});

test("missing or impossible usage is unknown, not zero", () => {
  expect(decodeAnswer({ ...response, usage: null }).usage).toEqual(unknownUsage);
  expect(decodeAnswer({ ...response, usage: { input_tokens: 3 } }).usage).toEqual(unknownUsage);
  expect(decodeAnswer({ ...response, usage: { input_tokens: -1, output_tokens: 2 } }).usage).toEqual(unknownUsage);
});

test("an incomplete response says what cut it", () => {
  const cut = (reason: string) =>
    decodeAnswer({ ...response, status: "incomplete", incomplete_details: { reason } }).finish;
  expect(cut("max_output_tokens")).toBe("length");
  expect(cut("content_filter")).toBe("content_filter");
});

test("a failed response is a failure of the kind its code names", () => {
  const failed = (code: string) => failureOf({ ...response, status: "failed", error: { code, message: "Why" } });
  expect(failed("server_error")).toMatchObject({ kind: "provider_error", upstreamMessage: "Why" });
  expect(failed("rate_limit_exceeded").kind).toBe("rate_limited");
  expect(failed("invalid_image_url").kind).toBe("rejected");
});

test("a body that is no finished response is malformed", () => {
  for (const body of [{}, { status: "queued", output: [] }, { status: "completed", output: "text" }]) {
    expect(failureOf(body).kind).toBe("provider_error");
  }
});

function failureOf(body: JsonObject): ProviderFailure {
  try {
    decodeAnswer(body);
  } catch (thrown) {
    if (thrown instanceof ProviderFailure) return thrown;
    throw thrown;
  }
  throw new Error("nothing was thrown");
}
