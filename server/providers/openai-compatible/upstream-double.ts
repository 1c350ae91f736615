// For tests: an upstream that answers as scripted, the calls to it, and readers of what comes back.

import type { JsonObject } from "../../contracts/json.ts";
import type { AnswerPart } from "../../conversation/answer.ts";
import { ProviderFailure, type Provider, type ProviderCall, type ProviderReply, type ReplyEvent } from "../provider.ts";
import { httpProvider } from "../http-provider/http-provider.ts";
import { chatCompletionsDialect, embeddingsDialect, extendOpenRouterBody } from "./index.ts";

export const apiKey = "sk-test-0123456789abcdef0123";
type Handler = (request: Request) => Response | Promise<Response>;

/** A server on a free port that answers as `answer` says, and a provider that calls it. */
export function startUpstream() {
  const script: { answer: Handler } = { answer: () => new Response("nothing to answer", { status: 500 }) };
  const server = Bun.serve({ port: 0, idleTimeout: 0, fetch: (request) => script.answer(request) });
  return { script, server, provider: providerAt(`http://127.0.0.1:${server.port}/v1/`) };
}

export function providerAt(baseUrl: string): Provider {
  return httpProvider({
    id: "double",
    baseUrl,
    apiKey,
    speaks: ["chat-completions", "embeddings"],
    dialects: [chatCompletionsDialect, embeddingsDialect],
    extendBody: extendOpenRouterBody,
  });
}

export function chatCall(extras: Partial<ProviderCall> = {}): ProviderCall {
  const stream = extras.stream ?? false;
  return {
    outgoing: {
      kind: "pass-through",
      protocol: "chat-completions",
      body: { model: "m", messages: [{ role: "user", content: "hi" }], max_tokens: 5, stream },
    },
    upstreamModel: "m",
    model: "m",
    stream,
    attempt: 1,
    maxOutputTokens: 5,
    dataPolicy: "any",
    mayStore: true,
    signal: new AbortController().signal,
    clocks: { firstByteMs: 2_000, betweenChunksMs: 2_000, totalMs: 5_000 },
    warn: () => undefined,
    ...extras,
  };
}

export const translated: ProviderCall["outgoing"] = {
  kind: "translate",
  prompt: { kind: "generate", messages: [{ role: "user", parts: [{ type: "text", text: "hi" }] }], tools: [] },
};
export const completion = {
  id: "chatcmpl-1",
  object: "chat.completion",
  model: "m-1",
  unknown_field: { kept: true },
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
};
export const chunk = (delta: JsonObject, finish: string | null = null) =>
  `data: ${JSON.stringify({ id: "chatcmpl-1", model: "m-1", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
export const usageChunk = `data: {"id":"chatcmpl-1","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}\n\n`;
export const done = "data: [DONE]\n\n";

/** An event stream that writes what the script yields and stays open for as long as it waits. */
export function sse(script: () => AsyncGenerator<string>, onCancel?: () => void): Response {
  const events = script();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done: over, value } = await events.next();
      if (over) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: () => onCancel?.(),
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}
export const sseOf = (...pieces: string[]) =>
  sse(async function* () {
    yield* pieces;
  });

export async function collect(reply: ProviderReply): Promise<ReplyEvent[]> {
  if (reply.kind !== "stream") throw new Error("expected a stream");
  const events: ReplyEvent[] = [];
  for await (const event of reply.events) events.push(event);
  return events;
}
export const partsOf = (events: readonly ReplyEvent[]): AnswerPart[] => events.flatMap((event) => [...event.parts]);

export async function failureOf(work: Promise<unknown>): Promise<ProviderFailure> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof ProviderFailure) return thrown;
  throw new Error(`expected a ProviderFailure, got ${String(thrown)}`);
}
