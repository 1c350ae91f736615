import { expect, test } from "bun:test";
import type { GeneratePrompt } from "../../../conversation/prompt.ts";
import { encodeRequest } from "./encode-request.ts";

const options = { model: "gpt-5", maxOutputTokens: 100, stream: false };
const empty: GeneratePrompt = { kind: "generate", messages: [], tools: [] };

test("system messages keep their place among the others", () => {
  const prompt: GeneratePrompt = {
    ...empty,
    messages: [
      { role: "user", parts: [{ type: "text", text: "Hi" }] },
      { role: "developer", parts: [{ type: "text", text: "From now on, rhyme." }] },
    ],
  };
  expect(encode(prompt).body).toEqual({
    model: "gpt-5",
    max_output_tokens: 100,
    stream: false,
    store: false,
    input: [
      { type: "message", role: "user", content: [{ type: "input_text", text: "Hi" }] },
      { type: "message", role: "developer", content: [{ type: "input_text", text: "From now on, rhyme." }] },
    ],
  });
});

test("a tool without `strict` stays unstrict, where this API would take it for strict", () => {
  expect(encode({ ...empty, tools: [{ name: "f" }] }).body["tools"]).toEqual([
    { type: "function", name: "f", parameters: null, strict: false },
  ]);
});

test("one turn of reasoning, text and calls becomes items in order", () => {
  const { body } = encode({
    ...empty,
    messages: [
      {
        role: "assistant",
        parts: [
          { type: "reasoning", text: "", encrypted: "opaque", id: "rs_1" },
          { type: "text", text: "Let me see." },
          { type: "refusal", text: "Not that." },
          { type: "tool-call", callId: "c1", name: "f", arguments: "{}" },
        ],
      },
      { role: "tool", callId: "c1", parts: [{ type: "text", text: "42" }] },
    ],
  });
  expect(body["input"]).toEqual([
    { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "opaque" },
    {
      type: "message",
      role: "assistant",
      content: [
        { type: "output_text", text: "Let me see." },
        { type: "refusal", refusal: "Not that." },
      ],
    },
    { type: "function_call", call_id: "c1", name: "f", arguments: "{}" },
    { type: "function_call_output", call_id: "c1", output: "42" },
  ]);
});

test("what the API has no place for is warned of", () => {
  const { body, warnings } = encode({
    ...empty,
    messages: [{ role: "assistant", parts: [{ type: "reasoning", text: "Hm." }] }],
    stop: ["END"],
    seed: 7,
  });
  expect(body["input"]).toEqual([]);
  expect(warnings).toEqual([
    "seed was not carried over: the Responses API has no such parameter",
    "stop was not carried over: the Responses API has no such parameter",
    "earlier reasoning that this API did not encrypt was not carried over",
  ]);
});

function encode(prompt: GeneratePrompt) {
  const warnings: string[] = [];
  return { body: encodeRequest(prompt, options, (sentence) => warnings.push(sentence)), warnings };
}
