import { expect, test } from "bun:test";
import type { Answer } from "../../conversation/answer.ts";
import type { AnswerContext } from "../protocol.ts";
import { encodeAnswer } from "./encode-answer.ts";

const context: AnswerContext = { answerId: "0a1b", createdAt: 1_764_000_000, model: "some/model", request: {} };
const answer: Answer = {
  parts: [{ type: "text", text: "Hello" }],
  finish: "stop",
  usage: { kind: "exact", inputTokens: 10, cachedInputTokens: 4, outputTokens: 5, reasoningTokens: 2 },
};

test("an answer says when it was complete, and only when it is", () => {
  const known = { ...context, completedAt: () => 1_764_000_009 };
  expect(encodeAnswer(answer, known, undefined)["completed_at"]).toBe(1_764_000_009);
  expect(encodeAnswer({ ...answer, finish: "length" }, known, undefined)["completed_at"]).toBeNull();
});

test("an answer is a whole Response object with the API's defaults", () => {
  expect(encodeAnswer(answer, context, { lane: "coding" })).toEqual({
    id: "resp_0a1b",
    object: "response",
    created_at: 1_764_000_000,
    status: "completed",
    background: false,
    completed_at: null,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    max_tool_calls: null,
    metadata: { astrolabe: { lane: "coding" } },
    model: "some/model",
    output: [
      {
        id: "msg_0a1b_0",
        type: "message",
        status: "completed",
        role: "assistant",
        content: [{ type: "output_text", text: "Hello", annotations: [], logprobs: [] }],
      },
    ],
    parallel_tool_calls: true,
    previous_response_id: null,
    prompt_cache_key: null,
    reasoning: { effort: null, summary: null },
    safety_identifier: null,
    service_tier: null,
    store: false,
    temperature: null,
    text: { format: { type: "text" } },
    tool_choice: "auto",
    tools: [],
    top_logprobs: 0,
    top_p: null,
    truncation: "disabled",
    usage: {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 4 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 2 },
      total_tokens: 15,
    },
  });
});

test("what was asked is echoed, except that nothing is stored and the overrides stay with us", () => {
  const request = {
    instructions: "Be brief.",
    tools: [{ type: "function", name: "f" }],
    tool_choice: "required",
    temperature: 0,
    max_output_tokens: 20,
    store: true,
    metadata: { team: "a", astrolabe: { quality: "high" } },
    response_format: { type: "json_object" },
  };
  expect(encodeAnswer(answer, { ...context, request }, undefined)).toMatchObject({
    instructions: "Be brief.",
    tools: [{ type: "function", name: "f" }],
    tool_choice: "required",
    temperature: 0,
    max_output_tokens: 20,
    store: false,
    metadata: { team: "a" },
    text: { format: { type: "json_object" } },
  });
});

test("unknown usage is null, not zero", () => {
  expect(encodeAnswer({ ...answer, usage: { kind: "unknown" } }, context, undefined)["usage"]).toBeNull();
});

test("an answer cut by its limit is incomplete in its last item only", () => {
  const parts = [...answer.parts, { type: "tool-call", callId: "c", name: "f", arguments: '{"a":' } as const];
  expect(encodeAnswer({ ...answer, parts, finish: "length" }, context, undefined)).toMatchObject({
    status: "incomplete",
    incomplete_details: { reason: "max_output_tokens" },
    output: [{ status: "completed" }, { id: "fc_0a1b_1", call_id: "c", status: "incomplete" }],
  });
});

test("a provider's own id is kept and marked as a response's", () => {
  expect(encodeAnswer({ ...answer, id: "resp_up" }, context, undefined)["id"]).toBe("resp_up");
  expect(encodeAnswer({ ...answer, id: "chatcmpl-7" }, context, undefined)["id"]).toBe("resp_chatcmpl-7");
});
