// OpenAI's official client in front of Gemini as aimock plays it: what it asks for in Chat Completions and Responses
// arrives as `generateContent`, and the answer comes back in its own words.

import { afterAll, describe, expect, test } from "bun:test";
import { LLMock } from "@copilotkit/aimock";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { startGateway } from "../support/gateway.ts";
import { clientOf } from "./setups.ts";
import { WireTap } from "./wire-tap.ts";

const key = "AIzaSyTestKey0123456789";
const usage = { promptTokenCount: 12, candidatesTokenCount: 5 };
const mock = new LLMock({ port: 0, logLevel: "silent", chunkSize: 4 });
mock.onMessage("greet", { content: "Good evening.", usage });
mock.onMessage("structure", { content: '{"city":"Oslo"}', usage });
mock.onMessage("ponder", { content: "Forty-two.", reasoning: "What is the question?", usage });
mock.on(
  { userMessage: "weather", hasToolResult: false },
  {
    toolCalls: [
      { name: "get_weather", arguments: '{"city":"Rome"}', id: "rome1" },
      { name: "get_weather", arguments: '{"city":"Oslo"}' },
    ],
    usage,
  },
);
mock.on({ userMessage: "weather", hasToolResult: true }, { content: "Rome is warmer.", usage });
await mock.start();
const tap = new WireTap(mock.url);
const gateway = await startGateway({ GEMINI_API_KEY: key, GEMINI_BASE_URL: `${tap.url}/` });
const client = clientOf(gateway);
afterAll(async () => {
  await gateway.close();
  await tap.stop();
  await mock.stop();
});

const model = "google/gemini-2.5-pro";
const messages = (content: string): ChatCompletionMessageParam[] => [{ role: "user", content }];
const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const tools = [{ type: "function" as const, function: { name: "get_weather", description: "Now", parameters } }];

describe("chat completions", () => {
  test("whole, with usage, instructions and sampling; the key is in a header alone", async () => {
    const { data, response } = await client.chat.completions
      .create({
        model,
        messages: [{ role: "system", content: "Be polite." }, ...messages("greet")],
        temperature: 0.3,
        stop: "END",
        max_completion_tokens: 300,
      })
      .withResponse();
    expect(data).toMatchObject({
      choices: [{ message: { content: "Good evening." }, finish_reason: "stop" }],
      usage: { prompt_tokens: 12, completion_tokens: 5 },
    });
    expect([tap.last.path, tap.last.query]).toEqual(["/v1beta/models/gemini-2.5-pro:generateContent", ""]);
    expect([tap.last.headers.get("x-goog-api-key"), tap.last.headers.get("authorization")]).toEqual([key, null]);
    expect(tap.last.asked).toEqual({
      systemInstruction: { parts: [{ text: "Be polite." }] },
      contents: [{ role: "user", parts: [{ text: "greet" }] }],
      generationConfig: { maxOutputTokens: 300, temperature: 0.3, stopSequences: ["END"] },
    });
    // 1.25 USD in and 10 out per million tokens.
    expect(await gateway.traceOf(response)).toMatchObject({
      billing: { status: "billed", debit_usd: "0.000065000000" },
    });
  });

  test("streamed, with its usage", async () => {
    const stream = client.chat.completions.stream({
      model,
      messages: messages("greet"),
      stream_options: { include_usage: true },
    });
    const whole = await stream.finalChatCompletion();
    expect(tap.last.query).toBe("?alt=sse");
    expect(whole).toMatchObject({
      choices: [{ message: { content: "Good evening." }, finish_reason: "stop" }],
      usage: { prompt_tokens: 12, completion_tokens: 5 },
    });
  });

  test.each([false, true])("two calls, and their results in their order; streamed: %p", async (streamed) => {
    const request = { model, tools, tool_choice: "auto" as const };
    const asked = messages("weather");
    const first = streamed
      ? await client.chat.completions.stream({ ...request, messages: asked }).finalChatCompletion()
      : await client.chat.completions.create({ ...request, messages: asked });
    const [choice] = first.choices;
    expect(choice?.finish_reason).toBe("tool_calls");
    const calls = choice?.message.tool_calls ?? [];
    expect(calls.map((call) => call.type === "function" && call.function.arguments)).toEqual([
      '{"city":"Rome"}',
      '{"city":"Oslo"}',
    ]);
    if (!choice) return;
    const results = calls.map(({ id }, place) => ({ role: "tool" as const, tool_call_id: id, content: `${place}` }));
    const second = await client.chat.completions.create({
      ...request,
      messages: [...asked, choice.message, ...results.toReversed()],
    });
    expect(second.choices[0]?.message.content).toBe("Rome is warmer.");
    expect(tap.last.asked).toMatchObject({
      contents: [
        { role: "user" },
        {
          role: "model",
          parts: [
            { functionCall: { id: "rome1", name: "get_weather", args: { city: "Rome" } } },
            { functionCall: { name: "get_weather", args: { city: "Oslo" } } },
          ],
        },
        {
          role: "user",
          parts: [
            { functionResponse: { id: "rome1", name: "get_weather", response: { output: "0" } } },
            { functionResponse: { name: "get_weather", response: { output: "1" } } },
          ],
        },
      ],
      tools: [
        { functionDeclarations: [{ name: "get_weather", description: "Now", parametersJsonSchema: parameters }] },
      ],
      toolConfig: { functionCallingConfig: { mode: "AUTO" } },
    });
  });

  test("a schema", async () => {
    const answer = await client.chat.completions.create({
      model,
      messages: messages("structure"),
      response_format: { type: "json_schema", json_schema: { name: "place", schema: parameters, strict: true } },
    });
    expect(answer.choices[0]?.message.content).toBe('{"city":"Oslo"}');
    expect(tap.last.asked).toMatchObject({
      generationConfig: { responseMimeType: "application/json", responseJsonSchema: parameters },
    });
  });

  test("pictures and sound", async () => {
    await client.chat.completions.create({
      model,
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "greet" },
            { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } },
            { type: "image_url", image_url: { url: "https://example.com/disc.jpg" } },
            { type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } },
          ],
        },
      ],
    });
    expect(tap.last.asked["contents"]).toEqual([
      {
        role: "user",
        parts: [
          { text: "greet" },
          { inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } },
          { fileData: { mimeType: "image/jpeg", fileUri: "https://example.com/disc.jpg" } },
          { inlineData: { mimeType: "audio/wav", data: "UklGRg==" } },
        ],
      },
    ]);
  });
});

describe("responses", () => {
  test("whole and streamed, with thoughts as the summary of reasoning", async () => {
    const request = { model, input: "ponder", reasoning: { effort: "low" as const } };
    const whole = await client.responses.create(request);
    expect(whole.output.map(({ type }) => type)).toEqual(["reasoning", "message"]);
    expect(whole.output_text).toBe("Forty-two.");
    expect(tap.last.asked).toMatchObject({
      generationConfig: { thinkingConfig: { thinkingBudget: 1_024, includeThoughts: true } },
    });
    const streamed = await client.responses.stream(request).finalResponse();
    expect(streamed.output).toMatchObject([
      { type: "reasoning", summary: [{ text: "What is the question?" }] },
      { type: "message", content: [{ text: "Forty-two." }] },
    ]);
  });
});
