// The provider against an upstream nobody here wrote: text, tools and embeddings, passed through and translated.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { LLMock } from "@copilotkit/aimock";
import type { JsonObject } from "../../contracts/json.ts";
import type { Prompt } from "../../conversation/prompt.ts";
import type { Provider, ProviderCall, ProviderReply, ReplyEvent } from "../provider.ts";
import { httpProvider } from "../http-provider/http-provider.ts";
import { chatCompletionsDialect, embeddingsDialect } from "./index.ts";
import { responsesDialect } from "./responses/index.ts";

const usage = { prompt_tokens: 11, completion_tokens: 4, total_tokens: 15 };
const exact = { kind: "exact", inputTokens: 11, outputTokens: 4 } as const;
const weather = { name: "get_weather", arguments: '{"city":"Rome"}' };

const mock = new LLMock({ port: 0 });
let provider: Provider;
beforeAll(async () => {
  mock.onMessage("weather", { toolCalls: [weather, { name: "get_time", arguments: "{}" }], usage });
  mock.onMessage("hello", { content: "Hello there, friend of the tests", usage });
  mock.onEmbedding("hello", { embedding: [0.25, -0.5, 1] });
  await mock.start();
  provider = httpProvider({
    id: "mock",
    baseUrl: `${mock.url}/v1`,
    apiKey: "sk-mock",
    speaks: ["chat-completions", "embeddings"],
    dialects: [chatCompletionsDialect, embeddingsDialect],
  });
});
afterAll(() => mock.stop());

function call(outgoing: ProviderCall["outgoing"], stream: boolean, by = provider): Promise<ProviderReply> {
  return by.call({
    outgoing,
    upstreamModel: "gpt-4o",
    model: "openai/gpt-4o",
    stream,
    attempt: 1,
    maxOutputTokens: 100,
    dataPolicy: "any",
    mayStore: true,
    signal: new AbortController().signal,
    clocks: { firstByteMs: 5_000, betweenChunksMs: 5_000, totalMs: 10_000 },
    warn: () => undefined,
  });
}

function ask(text: string): ProviderCall["outgoing"] {
  const parameters: JsonObject = { type: "object", properties: { city: { type: "string" } } };
  const prompt: Prompt = {
    kind: "generate",
    messages: [{ role: "user", parts: [{ type: "text", text }] }],
    tools: [{ name: "get_weather", parameters }, { name: "get_time" }],
  };
  return { kind: "translate", prompt };
}

async function collect(reply: ProviderReply): Promise<ReplyEvent[]> {
  if (reply.kind !== "stream") throw new Error("expected a stream");
  return Array.fromAsync(reply.events);
}

test("a translated answer in one piece", async () => {
  const reply = await call(ask("hello"), false);
  expect(reply).toMatchObject({
    kind: "answer",
    raw: undefined,
    answer: { parts: [{ type: "text", text: "Hello there, friend of the tests" }], finish: "stop", usage: exact },
  });
});

test("a translated stream", async () => {
  const events = await collect(await call(ask("hello"), true));
  const parts = events.flatMap((event) => [...event.parts]);
  const text = parts.flatMap((part) => (part.type === "text-delta" ? [part.text] : [])).join("");
  expect(text).toBe("Hello there, friend of the tests");
  expect(parts.at(-1)).toEqual({ type: "end", finish: "stop", usage: exact });
  expect(events.every((event) => event.raw === undefined)).toBe(true);
});

test("parallel tool calls, streamed and whole", async () => {
  const whole = await call(ask("weather"), false);
  if (whole.kind !== "answer") throw new Error("expected an answer");
  expect(whole.answer.finish).toBe("tool_calls");
  expect(whole.answer.parts).toMatchObject([weather, { name: "get_time", arguments: "{}" }]);

  const parts = (await collect(await call(ask("weather"), true))).flatMap((event) => [...event.parts]);
  const starts = parts.flatMap((part) => (part.type === "tool-call-start" ? [part] : []));
  const spoken = (block: number | undefined) =>
    parts.flatMap((part) => (part.type === "tool-call-delta" && part.block === block ? [part.arguments] : [])).join("");
  expect(starts.map((part) => part.name)).toEqual(["get_weather", "get_time"]);
  expect(spoken(starts[0]?.block)).toBe(weather.arguments);
  expect(parts.at(-1)).toMatchObject({ type: "end", finish: "tool_calls", usage: exact });
});

test("a passed stream hands out every event as it came", async () => {
  const body = {
    model: "gpt-4o",
    messages: [{ role: "user", content: "hello" }],
    stream: true,
    stream_options: { include_usage: true },
  };
  const events = await collect(await call({ kind: "pass-through", protocol: "chat-completions", body }, true));
  expect(events.every((event) => event.raw !== undefined)).toBe(true);
  expect(events.at(-1)?.raw?.data).toBe("[DONE]");
  expect(events.at(-1)?.parts.at(-1)).toMatchObject({ type: "end", usage: exact });
});

test("a prompt takes the first dialect that generates; a body takes the dialect of its protocol", async () => {
  const both = httpProvider({
    id: "both",
    baseUrl: `${mock.url}/v1`,
    apiKey: "sk-mock",
    speaks: ["chat-completions", "responses"],
    dialects: [responsesDialect, chatCompletionsDialect],
  });
  const body = { model: "gpt-4o", messages: [{ role: "user", content: "hello" }] };
  const passed = await call({ kind: "pass-through", protocol: "chat-completions", body }, false, both);
  expect(passed).toMatchObject({ raw: { object: "chat.completion" }, answer: { usage: exact } });
  await call(ask("hello"), false, both);
  expect(
    mock
      .getRequests()
      .map(({ path }) => path)
      .slice(-2),
  ).toEqual(["/v1/chat/completions", "/v1/responses"]);
});

test.each(["float", "base64"])("embeddings pass with encoding %s and their vectors are read", async (encoding) => {
  const body = { model: "text-embedding-3-small", input: ["hello"], encoding_format: encoding };
  const reply = await call({ kind: "pass-through", protocol: "embeddings", body }, false);
  expect(reply).toMatchObject({ kind: "answer", answer: { embeddings: [[0.25, -0.5, 1]] } });
});

test("embeddings are translated too", async () => {
  const reply = await call({ kind: "translate", prompt: { kind: "embed", inputs: ["hello", "hello you"] } }, false);
  expect(reply).toMatchObject({ kind: "answer", raw: undefined });
  expect(reply.kind === "answer" ? reply.answer.embeddings : []).toHaveLength(2);
});
