// What the gateway reads off a chat request, and what it refuses by name.

import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../contracts/errors.ts";
import type { Json, JsonObject } from "../../contracts/json.ts";
import { chatCompletionsProtocol as protocol } from "./index.ts";

const user = (content: Json): JsonObject => ({ role: "user", content });
const read = (body: JsonObject) => protocol.read(body, JSON.stringify(body).length);

test("the smallest request takes every default", () => {
  const asked = read({ messages: [user("hi")] });
  expect(asked.model).toBe("astrolabe/auto");
  expect(asked.stream).toBe(false);
  expect(asked.maxOutputTokens).toBeUndefined();
  expect(asked.choices).toBe(1);
  expect(asked.features).toMatchObject({
    lastUserText: "hi",
    messageCount: 1,
    attachments: [],
    toolNames: [],
    toolsUsable: true,
    format: "text",
    reasoningRequested: false,
    insideToolExchange: false,
  });
});

test("a request with everything is understood whole", () => {
  const schema = { type: "object", properties: { a: { type: "number" } } };
  const asked = read({
    model: "auto",
    stream: true,
    n: 3,
    max_tokens: 50,
    max_completion_tokens: 40,
    reasoning_effort: "low",
    tools: [
      { type: "function", function: { name: "f", parameters: { type: "object" } } },
      { type: "custom", custom: { name: "g" } },
    ],
    tool_choice: "none",
    parallel_tool_calls: true,
    response_format: { type: "json_schema", json_schema: { name: "out", schema } },
    metadata: { astrolabe: { quality: "high", colour: "red" }, team: "x" },
    messages: [
      { role: "system", content: "Be brief" },
      user("What is this?"),
      { role: "assistant", content: null, tool_calls: [] },
      { role: "tool", tool_call_id: "a", content: "42" },
      user([
        { type: "text", text: "And this?" },
        { type: "image_url", image_url: { url: "https://example.com/a.png" } },
        { type: "file", file: { file_id: "file-1" } },
      ]),
    ],
  });
  expect(asked).toMatchObject({ model: "auto", stream: true, choices: 3, maxOutputTokens: 40, outputSchema: schema });
  expect(asked.overrides).toEqual({ quality: "high" });
  expect(asked.warnings).toHaveLength(1);
  expect([...asked.toolSchemas]).toEqual([
    ["f", { type: "object" }],
    ["g", undefined],
  ]);
  expect(asked.features).toMatchObject({
    lastUserText: "And this?",
    contextText: "Be brief\nWhat is this?\n42",
    attachments: [{ kind: "image", url: "https://example.com/a.png" }, { kind: "file" }],
    toolNames: ["f", "g"],
    toolsUsable: false,
    parallelToolCalls: true,
    format: "json_schema",
    reasoningRequested: true,
    insideToolExchange: false,
  });
});

test("a tool exchange is running until the user speaks again", () => {
  const messages = [user("hi"), { role: "assistant", content: "" }, { role: "tool", tool_call_id: "a", content: "42" }];
  expect(read({ messages }).features.insideToolExchange).toBe(true);
  expect(read({ messages: [...messages, user("thanks")] }).features.insideToolExchange).toBe(false);
});

test("inline data is not text, except where the file is text", () => {
  const picture = `data:image/png;base64,${"A".repeat(10_000)}`;
  const notes = `data:text/plain;base64,${"A".repeat(10_000)}`;
  const withPicture = read({ messages: [user([{ type: "image_url", image_url: { url: picture } }])] });
  expect(withPicture.features.textBytes).toBeLessThan(200);
  expect(withPicture.features.attachments).toEqual([{ kind: "image" }]);
  const withSound = read({ messages: [user([{ type: "input_audio", input_audio: { data: "A".repeat(10_000) } }])] });
  expect(withSound.features.textBytes).toBeLessThan(200);
  const withNotes = read({ messages: [user([{ type: "file", file: { file_data: notes } }])] });
  expect(withNotes.features.textBytes).toBeGreaterThan(10_000);
});

test("features stay small however long the conversation is", () => {
  const long = "word ".repeat(100_000);
  const { features } = read({ messages: [user(long), { role: "assistant", content: long }, user(`${long}the end`)] });
  expect(features.lastUserText.length).toBeLessThanOrEqual(8_000);
  expect(features.lastUserText).toEndWith("the end");
  expect(features.contextText.length).toBeLessThanOrEqual(2_500);
});

describe("a wrong field is refused by its name", () => {
  const messages: Json[] = [user("hi")];
  const cases: [string, JsonObject][] = [
    ["messages", {}],
    ["messages", { messages: [] }],
    ["messages[0]", { messages: ["hi"] }],
    ["messages[1].role", { messages: [...messages, { content: "x" }] }],
    ["model", { messages, model: 7 }],
    ["stream", { messages, stream: "yes" }],
    ["max_tokens", { messages, max_tokens: 0 }],
    ["max_completion_tokens", { messages, max_completion_tokens: 1.5 }],
    ["max_output_tokens", { messages, max_output_tokens: "9" }],
    ["n", { messages, n: 129 }],
    ["tools", { messages, tools: {} }],
    ["tools[0].type", { messages, tools: [{}] }],
    ["tools[0].function.name", { messages, tools: [{ type: "function", function: {} }] }],
    ["tool_choice", { messages, tool_choice: "maybe" }],
    ["response_format.type", { messages, response_format: {} }],
    ["response_format.json_schema", { messages, response_format: { type: "json_schema" } }],
    ["metadata", { messages, metadata: "x" }],
    ["metadata.astrolabe.quality", { messages, metadata: { astrolabe: { quality: "best" } } }],
  ];
  test.each(cases)("%s", (param, body) => {
    let thrown: unknown;
    try {
      read(body);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(GatewayError);
    expect(thrown).toMatchObject({ code: "invalid_request", param });
  });
});

describe("the body for an upstream of the same protocol", () => {
  test("keeps unknown fields, drops our metadata and leaves the caller's body alone", () => {
    const body = { model: "auto", messages: [user("hi")], vendor: { x: 1 }, metadata: { astrolabe: {}, team: "x" } };
    const before = JSON.stringify(body);
    const passed = protocol.passBody(body, "m-1", 64);
    expect(passed).toEqual({
      model: "m-1",
      messages: body.messages,
      vendor: { x: 1 },
      metadata: { team: "x" },
      max_tokens: 64,
    });
    expect(JSON.stringify(body)).toBe(before);
    expect(protocol.passBody({ ...body, metadata: { astrolabe: {} } }, "m-1", 64).metadata).toBeUndefined();
  });

  test.each([
    ["no limit", {}, "gpt-4o", { max_tokens: 9 }],
    ["no limit", {}, "gpt-5-mini", { max_completion_tokens: 9 }],
    ["max_tokens", { max_tokens: 99 }, "o3-mini", { max_completion_tokens: 9 }],
    ["max_completion_tokens", { max_completion_tokens: 99 }, "gpt-4o", { max_completion_tokens: 9 }],
    ["both", { max_completion_tokens: 20, max_tokens: 99 }, "gpt-4o", { max_completion_tokens: 9 }],
    ["max_output_tokens", { max_output_tokens: 99 }, "gpt-4o", { max_tokens: 9 }],
  ] as const)("states one output limit where the caller set %s", (_what, limits, model, expected) => {
    expect(protocol.passBody({ messages: [], ...limits }, model, 9)).toEqual({ model, messages: [], ...expected });
  });

  test("asks a stream for its usage and keeps the caller's other stream options", () => {
    const body = { messages: [], stream: true, stream_options: { include_obfuscation: false } };
    const passed = protocol.passBody(body, "m", 9);
    expect(passed.stream_options).toEqual({ include_obfuscation: false, include_usage: true });
  });
});

test("an instruction becomes the first system message", () => {
  const body = { messages: [user("hi")] };
  expect(protocol.withInstruction(body, "Careful").messages).toEqual([
    { role: "system", content: "Careful" },
    user("hi"),
  ]);
  expect(body.messages).toHaveLength(1);
});

describe("translation", () => {
  const messages = [user("hi")];
  const cases: [string, JsonObject][] = [
    ["n", { messages, n: 2 }],
    ["functions", { messages, functions: [] }],
    ["modalities", { messages, modalities: ["text", "audio"] }],
    ["tools[0].type", { messages, tools: [{ type: "custom", custom: { name: "g" } }] }],
    ["messages[0].role", { messages: [{ role: "function", content: "x" }] }],
    ["messages[0].content[0].type", { messages: [user([{ type: "video_url" }])] }],
    ["messages[0].tool_call_id", { messages: [{ role: "tool", content: "x" }] }],
    ["messages[0].audio", { messages: [{ role: "assistant", audio: { id: "a" } }] }],
    ["response_format.type", { messages, response_format: { type: "grammar" } }],
  ];
  test.each(cases)("refuses %s rather than lose it", (param, body) => {
    expect(() => protocol.toPrompt(body, [])).toThrow(`\`${param}\` must be`);
  });

  test("warns of what only fine-tunes", () => {
    const warnings: string[] = [];
    protocol.toPrompt({ messages: [{ ...user("hi"), name: "Ann" }], logprobs: true, top_k: 4, store: null }, warnings);
    expect(warnings).toHaveLength(3);
  });

  test("narrows the tools to the allowed ones", () => {
    const tool = (name: string) => ({ type: "function", function: { name } });
    const prompt = protocol.toPrompt(
      {
        messages,
        tools: [tool("f"), tool("g")],
        tool_choice: { type: "allowed_tools", allowed_tools: { mode: "required", tools: [tool("g")] } },
      },
      [],
    );
    expect(prompt).toMatchObject({ tools: [{ name: "g" }], toolChoice: "required" });
  });
});
