// The official OpenAI client reads what the encoder writes.

import { afterAll, expect, test } from "bun:test";
import OpenAI, { APIError } from "openai";
import { GatewayError } from "../../contracts/errors.ts";
import type { JsonObject } from "../../contracts/json.ts";
import { parseObject } from "../../contracts/json.ts";
import type { AnswerPart } from "../../conversation/answer.ts";
import { encodeEvent, type ServerSentEvent } from "../../conversation/events.ts";
import { chatCompletionsProtocol as protocol } from "./index.ts";

const parts: readonly AnswerPart[] = [
  { type: "start", id: "gen-1", model: "m-1" },
  { type: "reasoning-start", block: 0 },
  { type: "reasoning-delta", block: 0, text: "thinking" },
  { type: "reasoning-end", block: 0 },
  { type: "text-start", block: 1 },
  { type: "text-delta", block: 1, text: "Hel" },
  { type: "text-delta", block: 1, text: "lo" },
  { type: "text-end", block: 1 },
  { type: "tool-call-start", block: 2, callId: "a", name: "f" },
  { type: "tool-call-start", block: 3, callId: "b", name: "g" },
  { type: "tool-call-delta", block: 3, arguments: '{"x":' },
  { type: "tool-call-delta", block: 2, arguments: "{}" },
  { type: "tool-call-delta", block: 3, arguments: "1}" },
  { type: "tool-call-end", block: 2 },
  { type: "tool-call-end", block: 3 },
];
const usage = { kind: "exact", inputTokens: 7, cachedInputTokens: 2, outputTokens: 5, reasoningTokens: 1 } as const;
const metadata = { lane: "auto" };

const server = Bun.serve({ port: 0, fetch: async (request) => answer(parseObject(await request.text()) ?? {}) });
afterAll(() => server.stop(true));
const client = new OpenAI({ apiKey: "k", baseURL: `http://127.0.0.1:${server.port}/v1`, maxRetries: 0 });

function answer(request: JsonObject): Response {
  const context = { answerId: "own", createdAt: 1_700_000_000, model: "m", request };
  if (request.stream !== true) {
    const whole = {
      parts: [
        { type: "text", text: "Hello" },
        { type: "tool-call", callId: "a", name: "f", arguments: "{}" },
      ],
      finish: "tool_calls",
      usage,
    } as const;
    return Response.json(protocol.encodeAnswer(whole, context, metadata));
  }
  const encoder = protocol.encodeStream(context);
  const events: ServerSentEvent[] = parts.flatMap((part) => [...encoder.step(part)]);
  events.push(
    ...(request.user === "break"
      ? encoder.fail(new GatewayError("streaming_provider_error"), "req_1")
      : encoder.end({ type: "end", finish: "tool_calls", usage }, metadata)),
  );
  const body = Buffer.concat(events.map((event) => encodeEvent(event)));
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

const messages = [{ role: "user", content: "hi" }] as const;

test("as a whole", async () => {
  const completion = await client.chat.completions.create({ model: "m", messages: [...messages] });
  expect(completion.id).toBe("chatcmpl-own");
  expect(completion.choices[0]?.message.content).toBe("Hello");
  expect(completion.choices[0]?.message.tool_calls).toHaveLength(1);
  expect(completion.usage).toMatchObject({ prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 });
  expect(completion).toHaveProperty("astrolabe", metadata);
});

test("as chunks: the role first, usage and metadata last, and only when asked for", async () => {
  const stream = await client.chat.completions.create({
    model: "m",
    messages: [...messages],
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = await Array.fromAsync(stream);
  expect(chunks[0]).toMatchObject({ id: "chatcmpl-gen-1", choices: [{ delta: { role: "assistant" } }] });
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 12 }, astrolabe: metadata });
  expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe("tool_calls");
  expect(chunks.some((chunk) => JSON.stringify(chunk).includes('"reasoning_content":"thinking"'))).toBe(true);

  const plain = await client.chat.completions.create({ model: "m", messages: [...messages], stream: true });
  const withoutUsage = await Array.fromAsync(plain);
  expect(withoutUsage.every((chunk) => !("usage" in chunk))).toBe(true);
  expect(withoutUsage.at(-1)).toMatchObject({ choices: [{ finish_reason: "tool_calls" }], astrolabe: metadata });
});

test("through its stream helper, with parallel tool calls put together", async () => {
  const stream = client.chat.completions.stream({ model: "m", messages: [...messages] });
  const final = await stream.finalChatCompletion();
  const [choice] = final.choices;
  expect(choice?.finish_reason).toBe("tool_calls");
  expect(choice?.message.content).toBe("Hello");
  const calls = choice?.message.tool_calls?.flatMap((call) => (call.type === "function" ? [call.function] : []));
  expect(calls).toMatchObject([
    { name: "f", arguments: "{}" },
    { name: "g", arguments: '{"x":1}' },
  ]);
});

test("a stream that fails after it began raises the client's error with our code", async () => {
  const stream = await client.chat.completions.create({
    model: "m",
    messages: [...messages],
    stream: true,
    user: "break",
  });
  const thrown = await Array.fromAsync(stream).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(APIError);
  expect(thrown).toMatchObject({ code: "streaming_provider_error", type: "server_error" });
});
