import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../contracts/errors.ts";
import type { JsonObject } from "../../contracts/json.ts";
import { toGeneratePrompt } from "./to-prompt.ts";

test("instructions come first, and one turn of the assistant is one message", () => {
  const { messages } = translate({
    instructions: "Be brief.",
    input: [
      { role: "user", content: "Weather in Oslo and Rome?" },
      {
        type: "reasoning",
        id: "rs_1",
        summary: [{ type: "summary_text", text: "Two calls." }],
        encrypted_content: "e",
      },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "Looking.", annotations: [] }] },
      { type: "function_call", call_id: "c1", name: "f", arguments: '{"city":"Oslo"}' },
      { type: "function_call", call_id: "c2", name: "f", arguments: '{"city":"Rome"}' },
      { type: "function_call_output", call_id: "c1", output: "Snow" },
      { type: "function_call_output", call_id: "c2", output: [{ type: "input_text", text: "Sun" }] },
    ],
  }).prompt;
  expect(messages).toEqual([
    { role: "system", parts: [{ type: "text", text: "Be brief." }] },
    { role: "user", parts: [{ type: "text", text: "Weather in Oslo and Rome?" }] },
    {
      role: "assistant",
      parts: [
        { type: "reasoning", text: "Two calls.", encrypted: "e", id: "rs_1" },
        { type: "text", text: "Looking." },
        { type: "tool-call", callId: "c1", name: "f", arguments: '{"city":"Oslo"}' },
        { type: "tool-call", callId: "c2", name: "f", arguments: '{"city":"Rome"}' },
      ],
    },
    { role: "tool", callId: "c1", parts: [{ type: "text", text: "Snow" }] },
    { role: "tool", callId: "c2", parts: [{ type: "text", text: "Sun" }] },
  ]);
});

test("the older `response_format` means the same as `text.format`", () => {
  const schema = { type: "object" };
  const expected = { type: "json_schema", name: "n", schema, strict: true };
  const nested = { type: "json_schema", json_schema: { name: "n", schema, strict: true } };
  expect(translate({ input: "", response_format: nested }).prompt.format).toMatchObject(expected);
  expect(translate({ input: "", response_format: expected }).prompt.format).toMatchObject(expected);
  expect(translate({ input: "", text: { format: expected } }).prompt.format).toMatchObject(expected);
});

test("bare base64 becomes a data URI by the file's name", () => {
  const input = [{ role: "user", content: [{ type: "input_file", filename: "A.PDF", file_data: "JVBERi0=" }] }];
  expect(translate({ input }).prompt.messages[0]?.parts).toEqual([
    { type: "file", source: { data: "data:application/pdf;base64,JVBERi0=" }, filename: "A.PDF" },
  ]);
});

test("a loss that keeps the meaning is warned of", () => {
  const input = [{ role: "user", content: [{ type: "input_image", image_url: "https://a.b/c", detail: "original" }] }];
  const { prompt, warnings } = translate({
    input,
    truncation: "auto",
    service_tier: null,
    metadata: { team: "a" },
    stream: true,
  });
  expect(prompt.messages[0]?.parts).toEqual([{ type: "image", url: "https://a.b/c", detail: "high" }]);
  expect(warnings).toEqual([
    "truncation was not carried over: the provider has no equivalent",
    "input[0].content[0].detail: `original` was lowered to `high`",
  ]);
});

describe("a loss that changes the meaning is refused by its field", () => {
  const inUserContent = (part: JsonObject) => ({ input: [{ role: "user", content: [part] }] });
  const cases: readonly (readonly [param: string, body: JsonObject])[] = [
    ["tools[1].type", { input: "", tools: [{ type: "function", name: "f" }, { type: "web_search" }] }],
    ["tools[0].type", { input: "", tools: [{ type: "custom", name: "c" }] }],
    ["tool_choice.type", { input: "", tool_choice: { type: "allowed_tools", mode: "auto", tools: [] } }],
    ["prompt", { input: "", prompt: { id: "pmpt_1" } }],
    ["input[0].id", { input: [{ type: "item_reference", id: "msg_1" }] }],
    ["input[0].type", { input: [{ type: "web_search_call", id: "ws_1" }] }],
    ["input[0].role", { input: [{ role: "tool", content: "x" }] }],
    ["input[0].content", { input: [{ role: "user" }] }],
    ["input[0].content[0].file_id", inUserContent({ type: "input_image", file_id: "file_1" })],
    ["input[0].content[0].image_url", inUserContent({ type: "input_image" })],
    ["input[0].content[0].type", inUserContent({ type: "input_video", video_url: "https://a.b/c" })],
    ["input[0].content[0].text", inUserContent({ type: "input_text" })],
    ["input[0].content[0]", inUserContent({ type: "input_file" })],
    ["input[0].call_id", { input: [{ type: "function_call", name: "f", arguments: "{}" }] }],
    ["input[0].output", { input: [{ type: "function_call_output", call_id: "c" }] }],
  ];
  test.each(cases)("%s in %j", (param, body) => {
    expect(refusalOf(body)).toMatchObject({ code: "invalid_request", param });
  });
});

function translate(body: JsonObject) {
  const warnings: string[] = [];
  return { prompt: toGeneratePrompt(body, warnings), warnings };
}

function refusalOf(body: JsonObject): GatewayError {
  try {
    toGeneratePrompt(body, []);
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown;
    throw thrown;
  }
  throw new Error("nothing was refused");
}
