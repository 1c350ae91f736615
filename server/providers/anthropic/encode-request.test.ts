// What becomes of wishes that Claude's models word differently, or not at all.

import { describe, expect, test } from "bun:test";
import { parseObject } from "../../contracts/json.ts";
import type { GeneratePrompt, Message } from "../../conversation/prompt.ts";
import { encodeRequest } from "./encode-request.ts";

const user: Message = { role: "user", parts: [{ type: "text", text: "hi" }] };

function encoded(more: Partial<GeneratePrompt>, model = "claude-sonnet-4-6", maxOutputTokens = 10_000) {
  const warnings: string[] = [];
  const prompt: GeneratePrompt = { kind: "generate", messages: [user], tools: [], ...more };
  const body = encodeRequest(prompt, { model, maxOutputTokens, stream: false }, (sentence) => warnings.push(sentence));
  return { body, warnings };
}

describe("reasoning", () => {
  test.each([
    ["claude-opus-4-8", "xhigh", { type: "adaptive", display: "summarized" }, "xhigh"],
    ["anthropic/claude-opus-4.8", "low", { type: "adaptive", display: "summarized" }, "low"],
    ["claude-sonnet-4-6", "xhigh", { type: "adaptive", display: "summarized" }, "high"],
    ["claude-sonnet-4-6", "minimal", { type: "adaptive", display: "summarized" }, "low"],
    ["claude-haiku-4-5", "medium", { type: "enabled", budget_tokens: 5_000 }, undefined],
    ["claude-sonnet-4-5-20250929", "low", { type: "enabled", budget_tokens: 2_048 }, undefined],
    ["claude-sonnet-4-6", "none", undefined, undefined],
  ])("%s with effort %s", (model, effort, thinking, word) => {
    const { body } = encoded({ reasoning: { effort } }, model);
    expect(body["thinking"]).toEqual(thinking);
    expect(body["output_config"]).toEqual(word === undefined ? undefined : { effort: word });
  });

  test("a wish for a summary alone is a wish to think", () => {
    expect(encoded({ reasoning: { summary: "auto" } }).body["output_config"]).toEqual({ effort: "medium" });
  });

  const call: Message = {
    role: "assistant",
    parts: [{ type: "tool-call", callId: "a:b.c", name: "f", arguments: "not json" }],
  };
  const result: Message = { role: "tool", callId: "a:b.c", parts: [{ type: "text", text: "" }] };
  const tools = [{ name: "f" }];

  test.each<[string, Partial<GeneratePrompt>, number]>([
    ["before a call that it is made to make", { tools, toolChoice: "required" }, 10_000],
    ["in the middle of a turn that began without", { tools, messages: [user, call, result] }, 10_000],
    ["where the limit leaves no room", {}, 1_500],
  ])("is left out, with a warning, %s", (_when, more, limit) => {
    const { body, warnings } = encoded({ ...more, reasoning: { effort: "high" } }, "claude-haiku-4-5", limit);
    expect(body["thinking"]).toBeUndefined();
    expect(warnings.join()).toContain("reasoning was not carried over");
  });

  test("calls keep ids that the API takes, and input that is no JSON is told as such", () => {
    expect(encoded({ tools, messages: [user, call, result] }).body["messages"]).toEqual([
      { role: "user", content: [{ type: "text", text: "hi" }] },
      {
        role: "assistant",
        content: [{ type: "tool_use", id: "a_b_c", name: "f", input: { INVALID_JSON: "not json" } }],
      },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "a_b_c", content: [] }] },
    ]);
  });
});

describe("sampling", () => {
  test.each<[string, string, Partial<GeneratePrompt>, object]>([
    ["a temperature above 1 becomes 1", "claude-haiku-4-5", { temperature: 1.7 }, { temperature: 1 }],
    ["of two wishes one is carried over", "claude-haiku-4-5", { temperature: 0.2, topP: 0.9 }, { temperature: 0.2 }],
    ["none for models that sample alone", "claude-opus-4-8", { temperature: 0.2 }, {}],
    ["none beside thinking", "claude-haiku-4-5", { topP: 0.9, reasoning: { effort: "low" } }, {}],
    [
      "stop texts of white space are left out",
      "claude-haiku-4-5",
      { stop: ["\n", "END"] },
      { stop_sequences: ["END"] },
    ],
  ])("%s, and the trace hears of it", (_what, model, more, expected) => {
    const { body, warnings } = encoded(more, model);
    const { temperature, top_p, stop_sequences } = body;
    expect(parseObject(JSON.stringify({ temperature, top_p, stop_sequences }))).toEqual({ ...expected });
    expect(warnings).toHaveLength(1);
  });
});

test("system messages come first, wherever they stood; other makers' reasoning does not come", () => {
  const { body, warnings } = encoded({
    messages: [
      user,
      { role: "assistant", parts: [{ type: "reasoning", text: "Hm.", encrypted: "gAAAA" }] },
      { role: "system", parts: [{ type: "text", text: "Be brief." }] },
      user,
    ],
  });
  expect(body["system"]).toEqual([{ type: "text", text: "Be brief." }]);
  expect(body["messages"]).toEqual([
    {
      role: "user",
      content: [
        { type: "text", text: "hi" },
        { type: "text", text: "hi" },
      ],
    },
  ]);
  expect(warnings).toHaveLength(2);
});

test("JSON without a schema is asked for in words", () => {
  const { body } = encoded({ format: { type: "json_object" } });
  expect(JSON.stringify(body["system"])).toContain("one JSON object");
  expect(body["output_config"]).toBeUndefined();
});
