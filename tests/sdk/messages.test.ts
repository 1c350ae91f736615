// Anthropic's official client on every kind of upstream: text, tools, pictures, thinking, structure and counts.

import { afterAll, describe, expect, test } from "bun:test";
import type { MessageParam, Tool } from "@anthropic-ai/sdk/resources/messages";
import { jsonSchemaOutputFormat } from "@anthropic-ai/sdk/helpers/json-schema";
import { guaranteedHeaders } from "../support/guaranteed-headers.ts";
import { model, startMessagesSetups } from "./messages-setups.ts";

const usage = {
  input_tokens: 12,
  output_tokens: 5,
  prompt_tokens: 12,
  completion_tokens: 5,
  total_tokens: 17,
};
const setups = await startMessagesSetups((mock) => {
  mock.onMessage("greet", { content: "Good evening, sailor.", usage });
  mock.onMessage("look", { content: "A brass disc.", usage });
  mock.onMessage("structure", { content: '{"city":"Oslo"}', usage });
  mock.onMessage("long", { content: "And then", finishReason: "length", usage });
  mock.on(
    { userMessage: "two cities", hasToolResult: false },
    {
      toolCalls: [
        { name: "get_weather", arguments: '{"city":"Paris"}', id: "call_paris" },
        { name: "get_weather", arguments: '{"city":"Oslo"}', id: "call_oslo" },
      ],
      usage,
    },
  );
  mock.on({ userMessage: "two cities", hasToolResult: true }, { content: "Paris is warmer.", usage });
  mock.on(
    { userMessage: "think", hasToolResult: false },
    {
      toolCalls: [{ name: "get_weather", arguments: '{"city":"Rome"}', id: "call_rome" }],
      reasoning: "I need the weather.",
      usage,
    },
  );
  mock.on({ userMessage: "think", hasToolResult: true }, { content: "It is warm.", usage });
});
afterAll(() => setups.close());

const picture = "iVBORw0KGgo=";
const address = "https://example.com/disc.jpg";
const ask = (content: MessageParam["content"]) => ({
  model,
  max_tokens: 1_000,
  messages: [{ role: "user" as const, content }],
});
const weather: Tool = {
  name: "get_weather",
  description: "Weather now",
  input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

describe.each(setups.all)("with $upstream", ({ client, tap, gateway, path }) => {
  test("a whole answer has its text, its reason to stop, exact usage and all guaranteed headers", async () => {
    const { data, response } = await client.messages
      .create({ ...ask("greet"), system: "Be polite.", metadata: { user_id: "user-7" } })
      .withResponse();
    expect(data).toMatchObject({
      type: "message",
      role: "assistant",
      content: [{ type: "text", text: "Good evening, sailor." }],
      stop_reason: "end_turn",
      usage: { input_tokens: 12, output_tokens: 5 },
    });
    expect(response.headers.get("request-id")).toMatch(/^req_[0-9a-f]{32}$/);
    for (const name of guaranteedHeaders) expect([name, response.headers.get(name)]).not.toEqual([name, null]);
    expect(tap.last.path).toBe(path);
    expect(await gateway.traceOf(response)).toMatchObject({ protocol: "messages", billing: { status: "billed" } });
  });

  test("the helper for streams hears the words as they come and ends with the same message", async () => {
    const stream = client.messages.stream(ask("greet"));
    let heard = "";
    stream.on("text", (delta) => (heard += delta));
    const message = await stream.finalMessage();
    expect(heard).toBe("Good evening, sailor.");
    expect(message).toMatchObject({ content: [{ type: "text", text: heard }], stop_reason: "end_turn" });
    if (path !== "/v1/messages") expect(message.usage).toMatchObject({ input_tokens: 12, output_tokens: 5 });
    const events = await Array.fromAsync(await client.messages.create({ ...ask("greet"), stream: true }));
    expect(events.at(-1)).toMatchObject({ type: "message_stop", astrolabe: { model, billing_status: "billed" } });
  });

  test("an answer that reached its limit says so", async () => {
    expect((await client.messages.create(ask("long"))).stop_reason).toBe("max_tokens");
    expect((await client.messages.stream(ask("long")).finalMessage()).stop_reason).toBe("max_tokens");
  });

  test.each([false, true])("two calls, their results, and the answer made of them; streamed: %p", async (streamed) => {
    const request = { ...ask("two cities"), tools: [weather], tool_choice: { type: "any" as const } };
    const first = streamed
      ? await client.messages.stream(request).finalMessage()
      : await client.messages.create(request);
    expect(first.stop_reason).toBe("tool_use");
    const calls = first.content.flatMap((block) => (block.type === "tool_use" ? [block] : []));
    expect(calls.map(({ id, name, input }) => [id, name, input])).toEqual([
      ["call_paris", "get_weather", { city: "Paris" }],
      ["call_oslo", "get_weather", { city: "Oslo" }],
    ]);
    const messages: MessageParam[] = [
      ...request.messages,
      { role: "assistant", content: first.content },
      {
        role: "user",
        content: calls.map(({ id }) => ({ type: "tool_result" as const, tool_use_id: id, content: "21 degrees" })),
      },
    ];
    const second = await client.messages.create({ ...request, messages, tool_choice: { type: "auto" } });
    expect(second.content).toMatchObject([{ type: "text", text: "Paris is warmer." }]);
  });

  test("pictures by address and by data, and documents, reach the upstream in its own words", async () => {
    await client.messages.create(
      ask([
        { type: "text", text: "look" },
        { type: "image", source: { type: "url", url: address } },
        { type: "image", source: { type: "base64", media_type: "image/png", data: picture } },
        { type: "document", source: { type: "base64", media_type: "application/pdf", data: "JVBERi0xLjQ=" } },
      ]),
    );
    const data = `data:image/png;base64,${picture}`;
    const pdf = "data:application/pdf;base64,JVBERi0xLjQ=";
    const expected = {
      "/v1/messages": [
        { type: "text" },
        { type: "image", source: { type: "url", url: address } },
        { type: "image", source: { type: "base64", media_type: "image/png", data: picture } },
        { type: "document" },
      ],
      "/v1/chat/completions": [
        { type: "text" },
        { type: "image_url", image_url: { url: address } },
        { type: "image_url", image_url: { url: data } },
        { type: "file", file: { file_data: pdf } },
      ],
      "/v1/responses": [
        { type: "input_text" },
        { type: "input_image", image_url: address },
        { type: "input_image", image_url: data },
        { type: "input_file", file_data: pdf },
      ],
    };
    const field = path === "/v1/responses" ? "input" : "messages";
    expect(tap.last.asked).toMatchObject({ [field]: [{ role: "user", content: expected[path] }] });
  });

  test("a picture that a tool returned reaches the upstream too", async () => {
    const image = {
      type: "image" as const,
      source: { type: "base64" as const, media_type: "image/png" as const, data: picture },
    };
    await client.messages.create({
      model,
      max_tokens: 100,
      tools: [weather],
      messages: [
        { role: "user", content: "look" },
        { role: "assistant", content: [{ type: "tool_use", id: "call_1", name: "get_weather", input: {} }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "call_1", content: [image] }] },
        { role: "user", content: "look" },
      ],
    });
    expect(JSON.stringify(tap.last.asked)).toContain(picture);
    // Chat Completions takes text alone from tools.
    if (path !== "/v1/chat/completions") return;
    expect(tap.last.asked).toMatchObject({
      messages: [
        {},
        {},
        { role: "tool", content: "The result is attached below." },
        { role: "user", content: [{ type: "text" }, { type: "image_url" }] },
        { role: "user" },
      ],
    });
  });

  test.each([false, true])(
    "thinking is shown, and goes back with the tool's result; streamed: %p",
    async (streamed) => {
      const thinking = { type: "enabled" as const, budget_tokens: 1_024 };
      const request = { ...ask("think"), max_tokens: 4_000, tools: [weather], thinking };
      const first = streamed
        ? await client.messages.stream(request).finalMessage()
        : await client.messages.create(request);
      expect(first.content.map(({ type }) => type)).toEqual(["thinking", "tool_use"]);
      const [thought] = first.content;
      expect(thought).toMatchObject({ thinking: "I need the weather." });
      const messages: MessageParam[] = [
        ...request.messages,
        { role: "assistant", content: first.content },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "call_rome", content: "warm" }] },
      ];
      const second = await client.messages.create({ ...request, messages });
      expect(second.content).toMatchObject([{ type: "text", text: "It is warm." }]);
      if (path === "/v1/messages")
        expect(tap.last.asked).toMatchObject({ messages: [{}, { content: first.content }, {}] });
      else if (path === "/v1/responses") expect(JSON.stringify(tap.last.asked)).toContain('"encrypted_content":"');
      else expect(JSON.stringify(tap.last.asked)).toContain("I need the weather.");
    },
  );

  test("a schema is asked for in the upstream's words, and its answer is parsed by the client", async () => {
    const schema = {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
      additionalProperties: false,
    } as const;
    const message = await client.messages.parse({
      ...ask("structure"),
      output_config: { format: jsonSchemaOutputFormat(schema) },
    });
    expect(message.parsed_output).toEqual({ city: "Oslo" });
    const sent = {
      "/v1/messages": { output_config: { format: { type: "json_schema", schema } } },
      "/v1/chat/completions": { response_format: { type: "json_schema", json_schema: { schema } } },
      "/v1/responses": { text: { format: { type: "json_schema", schema } } },
    };
    expect(tap.last.asked).toMatchObject(sent[path]);
  });

  test("tokens are counted without a debit", async () => {
    const before = await gateway.credits();
    const { data, response } = await client.messages
      .countTokens({ model, messages: [{ role: "user", content: "greet" }], tools: [weather] })
      .withResponse();
    expect(data.input_tokens).toBeGreaterThan(0);
    for (const name of guaranteedHeaders) expect([name, response.headers.get(name)]).not.toEqual([name, null]);
    expect(await gateway.credits()).toEqual(before);
  });
});
