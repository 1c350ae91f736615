// An upstream that speaks Messages as the test says: whole messages, streams event by event, counts and errors.

import type { JsonObject } from "../../server/contracts/json.ts";
import { asObject } from "./gateway.ts";

export type AnthropicCall = {
  readonly path: string;
  readonly headers: Headers;
  readonly body: JsonObject;
  /** Aborts when the gateway hangs up. */
  readonly signal: AbortSignal;
};

export type AnthropicAnswer = (call: AnthropicCall) => Response | Promise<Response>;

export type AnthropicDouble = {
  readonly url: string;
  /** The latest call. @throws Error when there was none. */
  readonly last: AnthropicCall;
  readonly calls: AnthropicCall[];
  /** How messages are answered from now on; counts are answered with 42. */
  answer: AnthropicAnswer;
  close(): Promise<void>;
};

export function startAnthropicDouble(): AnthropicDouble {
  const calls: AnthropicCall[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    async fetch(request) {
      const { pathname: path } = new URL(request.url);
      const call = { path, headers: request.headers, body: asObject(await request.json()), signal: request.signal };
      calls.push(call);
      return path.endsWith("/count_tokens") ? Response.json({ input_tokens: 42 }) : double.answer(call);
    },
  });
  const double: AnthropicDouble = {
    url: `http://127.0.0.1:${server.port}`,
    get last() {
      const call = calls.at(-1);
      if (!call) throw new Error("the upstream was not called");
      return call;
    },
    calls,
    answer: says("All is well."),
    close: () => server.stop(true),
  };
  return double;
}

/** Variables of a gateway over it, with credits to spare. */
export function anthropicEnvironment({ url }: AnthropicDouble): Record<string, string> {
  return { ANTHROPIC_API_KEY: "sk-ant-upstream-0123456789", ANTHROPIC_BASE_URL: url };
}

const plainUsage = { input_tokens: 10, output_tokens: 5 };

/** A good answer, whole or streamed as asked; the usage is told where the API tells it. */
export function says(text: string, usage: JsonObject = plainUsage): AnthropicAnswer {
  return ({ body }) => {
    const head = { id: "msg_double", type: "message", role: "assistant", model: "claude-double", stop_sequence: null };
    if (body["stream"] !== true) {
      const content = [{ type: "text", text, citations: null }];
      return Response.json({ ...head, content, stop_reason: "end_turn", usage, new_field: { kept: true } });
    }
    const { output_tokens: output, ...input } = usage;
    return streams([
      {
        type: "message_start",
        message: { ...head, content: [], stop_reason: null, usage: { ...input, output_tokens: 1 } },
      },
      { type: "ping" },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" }, new_field: 1 },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } },
      { type: "content_block_stop", index: 0 },
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn", stop_sequence: null },
        usage: { output_tokens: output },
      },
      { type: "message_stop", new_field: 2 },
    ]);
  };
}

export function streams(events: readonly JsonObject[], ending?: Promise<never>): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      for (const event of events) controller.enqueue(encoder.encode(eventText(event)));
      await ending?.catch(() => undefined);
      controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

function eventText(event: JsonObject): string {
  return `event: ${String(event["type"])}\ndata: ${JSON.stringify(event)}\n\n`;
}

export function fails(status: number, type: string, message: string, headers: Record<string, string> = {}) {
  return (): Response =>
    Response.json({ type: "error", error: { type, message }, request_id: "req_upstream" }, { status, headers });
}
