import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../contracts/errors.ts";
import type { JsonObject } from "../../contracts/json.ts";
import type { Asked } from "../protocol.ts";
import { readRequest } from "./read.ts";

describe("a request is refused by the field at fault", () => {
  const cases: readonly (readonly [param: string, body: JsonObject])[] = [
    ["input", {}],
    ["input", { input: 7 }],
    ["input[1]", { input: [{}, "text"] }],
    ["model", { input: "", model: 5 }],
    ["model", { input: "", model: "" }],
    ["model", { input: "", model: "m".repeat(201) }],
    ["stream", { input: "", stream: "yes" }],
    ["instructions", { input: "", instructions: [] }],
    ["max_output_tokens", { input: "", max_output_tokens: 0 }],
    ["max_output_tokens", { input: "", max_output_tokens: 1.5 }],
    ["metadata", { input: "", metadata: "x" }],
    ["metadata.astrolabe.quality", { input: "", metadata: { astrolabe: { quality: "best" } } }],
    ["tools", { input: "", tools: {} }],
    ["tools[0]", { input: "", tools: ["f"] }],
    ["tools[0].type", { input: "", tools: [{ name: "f" }] }],
    ["tools[0].name", { input: "", tools: [{ type: "function", function: { name: "f" } }] }],
    ["tools[1].parameters", { input: "", tools: [{ type: "mcp" }, { type: "function", name: "f", parameters: "{}" }] }],
    ["tools[0].tools[0].name", { input: "", tools: [{ type: "namespace", name: "n", tools: [{ type: "function" }] }] }],
    ["text", { input: "", text: "json" }],
    ["text.format.type", { input: "", text: { format: { type: "xml" } } }],
    ["text.format.schema", { input: "", text: { format: { type: "json_schema", name: "n" } } }],
    ["response_format.json_schema.schema", { input: "", response_format: { type: "json_schema", json_schema: {} } }],
    ["previous_response_id", { input: "", previous_response_id: ["resp_1"] }],
    ["conversation", { input: "", conversation: { id: "conv_1" } }],
    ["background", { input: "", background: true }],
    ["store", { input: "", store: "yes" }],
  ];
  test.each(cases)("%s in %j", (param, body) => {
    expect(refusalOf(body)).toMatchObject({ code: "invalid_request", param });
  });
});

test("keeping is only spoken of where it is asked for", () => {
  expect(readRequest({ input: "Hi" }, 10)).not.toHaveProperty("keeping");
  expect(readRequest({ input: "Hi", store: false, previous_response_id: null }, 10)).not.toHaveProperty("keeping");
  const goingOn = readRequest({ input: "Hi", previous_response_id: "resp_1" }, 10);
  expect(goingOn.keeping).toEqual({ store: false, previous: "resp_1", bodyBytes: 10 });
});

test("null fields count as absent", () => {
  const body = { input: "Hi", model: null, stream: null, tools: null, metadata: null, text: null, background: null };
  expect(readRequest(body, 10)).toMatchObject({ model: "astrolabe/auto", stream: false, overrides: {} });
});

test("what the caller asked for is read", () => {
  const asked = readRequest(
    {
      model: "astrolabe/coding",
      input: "Hi",
      stream: true,
      store: true,
      max_output_tokens: 20,
      metadata: { astrolabe: { quality: "high", mood: "good" } },
      reasoning: { effort: "low" },
      parallel_tool_calls: true,
      tool_choice: "none",
      tools: [
        { type: "function", name: "f", parameters: { type: "object" } },
        { type: "web_search" },
        { type: "custom", name: "patch" },
        { type: "namespace", name: "crm", tools: [{ type: "function", name: "g" }] },
      ],
      text: { format: { type: "json_schema", name: "n", schema: { type: "array" } } },
      response_format: { type: "json_object" },
    },
    100,
  );
  expect(asked).toMatchObject({
    model: "astrolabe/coding",
    stream: true,
    maxOutputTokens: 20,
    overrides: { quality: "high" },
    outputSchema: { type: "array" },
  });
  expect(asked.warnings).toEqual([
    "metadata.astrolabe.mood is not a known field and was ignored",
    "response_format was ignored because text.format is set",
  ]);
  expect(asked.keeping).toEqual({ store: true, bodyBytes: 100 });
  expect(asked.features).toMatchObject({
    toolNames: ["f", "web_search", "patch", "crm", "g"],
    toolsUsable: false,
    parallelToolCalls: true,
    format: "json_schema",
    reasoningRequested: true,
  });
  expect([...asked.toolSchemas]).toEqual([
    ["f", { type: "object" }],
    ["patch", undefined],
    ["g", undefined],
  ]);
});

test("reasoning switched off is not reasoning requested", () => {
  const requested = (reasoning: JsonObject | null) => featuresOf({ input: "", reasoning }).reasoningRequested;
  expect([null, {}, { effort: "none", summary: "auto" }].map(requested)).toEqual([false, false, false]);
  expect([{ effort: "minimal" }, { summary: "auto" }].map(requested)).toEqual([true, true]);
});

describe("the input items", () => {
  test("a plain string is the user's one turn, cut in the middle when it is long", () => {
    const { lastUserText, messageCount } = featuresOf({ input: `head${"x".repeat(20_000)}tail` });
    expect(lastUserText.length).toBeLessThanOrEqual(8_000);
    expect(lastUserText).toStartWith("headx");
    expect(lastUserText).toEndWith("xtail");
    expect(messageCount).toBe(1);
  });

  test("give the last user turn, and the turns before it as context, newest last", () => {
    const features = featuresOf({
      input: [
        { role: "system", content: "Be kind." },
        { role: "user", content: "Write a parser." },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "In which language?" }] },
        {
          role: "user",
          content: [
            { type: "input_text", text: "Rust" },
            { type: "input_text", text: "please" },
          ],
        },
        { type: "reasoning", summary: [], content: [{ type: "reasoning_text", text: "Hm." }] },
      ],
    });
    expect(features).toMatchObject({
      lastUserText: "Rust\nplease",
      contextText: "Write a parser.\nIn which language?",
      messageCount: 5,
      attachments: [],
      insideToolExchange: false,
    });
  });

  test("context keeps to its limit and drops the oldest", () => {
    const { contextText } = featuresOf({
      input: [
        { role: "user", content: "old ".repeat(1_000) },
        { role: "assistant", content: "new ".repeat(500) },
        { role: "user", content: "now" },
      ],
    });
    expect(contextText).toHaveLength(2_500);
    expect(contextText).toEndWith("new new ");
  });

  test("of unknown kinds with text count as the user's", () => {
    expect(featuresOf({ input: [{ type: "input_text", text: "Hello" }] }).lastUserText).toBe("Hello");
  });

  test("of a kind named like an object's own method are ordinary unknown kinds", () => {
    const input = [{ type: "constructor", content: [{ type: "toString" }] }];
    expect(featuresOf({ input })).toMatchObject({ lastUserText: "", attachments: [] });
  });

  test("a tool result after the last user turn means a running exchange; a new turn ends it", () => {
    const exchange = [
      { role: "user", content: "Weather?" },
      { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
      { type: "function_call_output", call_id: "c", output: "Sunny" },
    ];
    expect(featuresOf({ input: exchange }).insideToolExchange).toBe(true);
    expect(featuresOf({ input: [...exchange, { role: "user", content: "Thanks" }] }).insideToolExchange).toBe(false);
  });

  test("attachments are found wherever they hide, and their inline data is not text", () => {
    const image = `data:image/png;base64,${"A".repeat(1_000)}`;
    const input = [
      {
        role: "user",
        content: [
          { type: "input_image", image_url: "https://a.example/cat" },
          { type: "input_image", image_url: image },
          { type: "input_file", file_url: "https://b.example/report" },
          { type: "input_file", filename: "a.pdf", file_data: "B".repeat(500) },
          { type: "input_file", file_id: "file_1" },
          { type: "input_audio", input_audio: { data: "C".repeat(300), format: "wav" } },
        ],
      },
      {
        type: "function_call_output",
        call_id: "c",
        output: [{ type: "input_image", image_url: "https://c.example/x" }],
      },
      { type: "computer_call_output", call_id: "d", output: { type: "computer_screenshot", image_url: image } },
    ];
    const bodyBytes = JSON.stringify({ input }).length;
    const features = featuresOf({ input }, bodyBytes);
    expect(features.attachments).toEqual([
      { kind: "image", url: "https://a.example/cat" },
      { kind: "image" },
      { kind: "file", url: "https://b.example/report" },
      { kind: "file" },
      { kind: "file" },
      { kind: "audio" },
      { kind: "image", url: "https://c.example/x" },
      { kind: "image" },
    ]);
    expect(features.textBytes).toBe(bodyBytes - 2 * image.length - 500 - 300);
  });
});

function featuresOf(body: JsonObject, bodyBytes = 0): Asked["features"] {
  return readRequest(body, bodyBytes).features;
}

function refusalOf(body: JsonObject): GatewayError {
  try {
    readRequest(body, 0);
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown;
    throw thrown;
  }
  throw new Error("nothing was refused");
}
