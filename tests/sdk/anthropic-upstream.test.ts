// OpenAI's official client in front of Anthropic: what it asks for in Chat Completions and Responses arrives as
// Messages, and the answer comes back in its own words.

import { afterAll, describe, expect, test } from "bun:test";
import { LLMock } from "@copilotkit/aimock";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import type { ResponseInputItem } from "openai/resources/responses/responses";
import { startGateway } from "../support/gateway.ts";
import { clientOf } from "./setups.ts";
import { WireTap } from "./wire-tap.ts";

const usage = { input_tokens: 12, output_tokens: 5 };
const mock = new LLMock({ port: 0, logLevel: "silent" });
mock.onMessage("greet", { content: "Good evening.", usage });
mock.onMessage("structure", { content: '{"city":"Oslo"}', usage });
mock.on(
  { userMessage: "think", hasToolResult: false },
  {
    toolCalls: [
      { name: "get_weather", arguments: '{"city":"Rome"}', id: "toolu_rome" },
      { name: "get_weather", arguments: '{"city":"Oslo"}', id: "toolu_oslo" },
    ],
    reasoning: "I need the weather.",
    reasoningSignature: "EqQBsigned",
    usage,
  },
);
mock.on({ userMessage: "think", hasToolResult: true }, { content: "Rome is warmer.", usage });
await mock.start();
const tap = new WireTap(mock.url);
const gateway = await startGateway({ ANTHROPIC_API_KEY: "sk-ant-test", ANTHROPIC_BASE_URL: `${tap.url}/v1/` });
const client = clientOf(gateway);
afterAll(async () => {
  await gateway.close();
  await tap.stop();
  await mock.stop();
});

const model = "claude-haiku-4-5";
const picture = "iVBORw0KGgo=";
const address = "https://example.com/disc.jpg";
const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const chatTools = [{ type: "function" as const, function: { name: "get_weather", description: "Now", parameters } }];

describe("chat completions", () => {
  test("whole and streamed, with usage, instructions and sampling", async () => {
    const request = {
      model,
      messages: [
        { role: "system" as const, content: "Be polite." },
        { role: "user" as const, content: "greet" },
      ],
      temperature: 0.3,
      stop: "END",
      max_completion_tokens: 300,
      user: "user-7",
    };
    const { data, response } = await client.chat.completions.create(request).withResponse();
    expect(data).toMatchObject({
      choices: [{ message: { content: "Good evening." }, finish_reason: "stop" }],
      usage: { prompt_tokens: 12, completion_tokens: 5 },
    });
    expect(tap.last.path).toBe("/v1/messages");
    expect(tap.last.headers.get("anthropic-version")).toBe("2023-06-01");
    expect(tap.last.asked).toEqual({
      model: "claude-haiku-4-5",
      max_tokens: 300,
      system: [{ type: "text", text: "Be polite." }],
      messages: [{ role: "user", content: [{ type: "text", text: "greet" }] }],
      stop_sequences: ["END"],
      temperature: 0.3,
      metadata: { user_id: "user-7" },
    });
    expect(await gateway.traceOf(response)).toMatchObject({
      billing: { status: "billed", debit_usd: "0.000037000000" },
    });
    const stream = await client.chat.completions.create({ ...request, stream: true });
    let heard = "";
    for await (const chunk of stream) heard += chunk.choices[0]?.delta.content ?? "";
    expect(heard).toBe("Good evening.");
  });

  test("pictures by address and by data, and files", async () => {
    await client.chat.completions.create({
      model,
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "greet" },
            { type: "image_url", image_url: { url: address } },
            { type: "image_url", image_url: { url: `data:image/jpg;base64,${picture}` } },
            { type: "file", file: { filename: "disc.pdf", file_data: "data:application/pdf;base64,JVBERi0xLjQ=" } },
            { type: "file", file: { filename: "disc.txt", file_data: "data:text/plain;base64,aGk=" } },
          ],
        },
      ],
    });
    expect(tap.last.asked).toMatchObject({
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "greet" },
            { type: "image", source: { type: "url", url: address } },
            { type: "image", source: { type: "base64", media_type: "image/jpeg", data: picture } },
            { type: "document", source: { type: "base64", media_type: "application/pdf" }, title: "disc.pdf" },
            { type: "document", source: { type: "text", media_type: "text/plain", data: "hi" } },
          ],
        },
      ],
    });
  });

  test.each([false, true])("thinking and two calls go back together; streamed: %p", async (streamed) => {
    const messages: ChatCompletionMessageParam[] = [{ role: "user", content: "think" }];
    const request = { model, tools: chatTools, reasoning_effort: "low" as const, max_completion_tokens: 8_000 };
    const first = streamed
      ? await client.chat.completions.stream({ ...request, messages }).finalChatCompletion()
      : await client.chat.completions.create({ ...request, messages });
    expect(tap.last.asked).toMatchObject({ thinking: { type: "enabled", budget_tokens: 2_048 } });
    const message = first.choices[0]?.message;
    expect(message?.tool_calls?.map((call) => call.type === "function" && call.function.arguments)).toEqual([
      '{"city":"Rome"}',
      '{"city":"Oslo"}',
    ]);
    if (!message) return;
    messages.push(
      message,
      { role: "tool", tool_call_id: "toolu_rome", content: "warm" },
      { role: "tool", tool_call_id: "toolu_oslo", content: "cold" },
    );
    const second = await client.chat.completions.create({ ...request, messages });
    expect(second.choices[0]?.message.content).toBe("Rome is warmer.");
    // A client that keeps `reasoning_details` keeps the signature; OpenAI's own helper for streams drops them.
    const thinking = { type: "thinking", thinking: "I need the weather.", signature: "EqQBsigned" };
    const calls = [
      { type: "tool_use", id: "toolu_rome", name: "get_weather", input: { city: "Rome" } },
      { type: "tool_use", id: "toolu_oslo", name: "get_weather", input: { city: "Oslo" } },
    ];
    const [, answered, results] = Object.values(tap.last.asked["messages"] ?? []);
    if (!streamed) expect(answered).toEqual({ role: "assistant", content: [thinking, ...calls] });
    expect(results).toMatchObject({
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "toolu_rome" },
        { type: "tool_result", tool_use_id: "toolu_oslo" },
      ],
    });
  });

  test("a schema, closed and without the bounds that the API does not know", async () => {
    const schema = { type: "object", properties: { city: { type: "string", minLength: 1 } }, required: ["city"] };
    const answer = await client.chat.completions.create({
      model,
      messages: [{ role: "user", content: "structure" }],
      response_format: { type: "json_schema", json_schema: { name: "place", schema } },
    });
    expect(answer.choices[0]?.message.content).toBe('{"city":"Oslo"}');
    expect(tap.last.asked["output_config"]).toEqual({
      format: {
        type: "json_schema",
        schema: {
          type: "object",
          properties: { city: { type: "string" } },
          required: ["city"],
          additionalProperties: false,
        },
      },
    });
  });

  test("audio is refused by name before the upstream is asked", async () => {
    const before = tap.count;
    const failure: unknown = await client.chat.completions
      .create({
        model,
        messages: [
          { role: "user", content: [{ type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } }] },
        ],
      })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ status: 409, code: "routing_policy_blocked" });
    expect(tap.count).toBe(before);
  });
});

describe("responses", () => {
  test("whole and streamed", async () => {
    const answer = await client.responses.create({ model, input: "greet", instructions: "Be polite." });
    expect(answer.output_text).toBe("Good evening.");
    expect(tap.last.asked).toMatchObject({ system: [{ text: "Be polite." }] });
    const streamed = await client.responses.stream({ model, input: "greet" }).finalResponse();
    expect(streamed.output_text).toBe("Good evening.");
  });

  test("a picture, and reasoning that goes back with the results", async () => {
    const input: ResponseInputItem[] = [
      {
        role: "user",
        content: [
          { type: "input_text", text: "think" },
          { type: "input_image", image_url: `data:image/png;base64,${picture}`, detail: "auto" },
        ],
      },
    ];
    const tools = [{ type: "function" as const, name: "get_weather", parameters, strict: false }];
    const request = { model, tools, reasoning: { effort: "low" as const }, max_output_tokens: 8_000 };
    const first = await client.responses.create({ ...request, input });
    expect(first.output.map(({ type }) => type)).toEqual(["reasoning", "function_call", "function_call"]);
    for (const item of first.output) if (item.type === "reasoning" || item.type === "function_call") input.push(item);
    for (const id of ["toolu_rome", "toolu_oslo"])
      input.push({ type: "function_call_output", call_id: id, output: "21" });
    const second = await client.responses.create({ ...request, input });
    expect(second.output_text).toBe("Rome is warmer.");
    expect(tap.last.asked).toMatchObject({
      messages: [
        { content: [{ type: "text" }, { type: "image", source: { type: "base64", data: picture } }] },
        { content: [{ type: "thinking", signature: "EqQBsigned" }, { type: "tool_use" }, { type: "tool_use" }] },
        { content: [{ type: "tool_result" }, { type: "tool_result" }] },
      ],
    });
  });
});
