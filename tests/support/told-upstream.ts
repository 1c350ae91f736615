// An upstream whose streamed answers a test tells word by word, in chat completions and in responses. Each word is one
// token. It ends an answer at the limit it was given, as real ones do.

import { numberAt, type JsonObject } from "../../server/contracts/json.ts";
import { asObject } from "./gateway.ts";

export type ToldAnswer = {
  readonly body: JsonObject;
  /** The output limit that came with the request. */
  readonly limit: number;
  /** Sends words until the limit is reached; returns how many were sent. */
  say(words: number): number;
  /** Ends well, with exact usage. */
  end(): void;
  /** Resolves when the gateway hangs up. */
  readonly hungUp: Promise<void>;
};

export type ToldUpstream = {
  readonly url: string;
  /** The next request that came in, in order. */
  next(): Promise<ToldAnswer>;
  close(): Promise<void>;
};

const inputTokens = 12;

export function startToldUpstream(): ToldUpstream {
  const arrived: ToldAnswer[] = [];
  const waiting: ((answer: ToldAnswer) => void)[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    async fetch(request) {
      const body = asObject(await request.json());
      const { response, answer } = told(body, request.url.endsWith("/responses") ? responsesEvents() : chatEvents());
      const wanted = waiting.shift();
      if (wanted) wanted(answer);
      else arrived.push(answer);
      return response;
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    next: () => {
      const first = arrived.shift();
      return first ? Promise.resolve(first) : new Promise((resolve) => waiting.push(resolve));
    },
    close: () => server.stop(true),
  };
}

/** What a protocol says before the words, for each of them, and after the last. */
type Events = {
  readonly open: () => string;
  readonly word: (text: string) => string;
  readonly close: (text: string, words: number, finish: "stop" | "length") => string;
};

function told(body: JsonObject, events: Events): { response: Response; answer: ToldAnswer } {
  const limits = ["max_output_tokens", "max_completion_tokens", "max_tokens"].map((name) => numberAt(body, name));
  const limit = limits.find((stated) => stated !== undefined) ?? Number.POSITIVE_INFINITY;
  const hangUp = Promise.withResolvers<void>();
  const encoder = new TextEncoder();
  let send: (text: string) => void = () => undefined;
  let finish: () => void = () => undefined;
  let ended = false;
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      send = (text) => controller.enqueue(encoder.encode(text));
      finish = () => controller.close();
    },
    cancel() {
      ended = true;
      hangUp.resolve();
    },
  });
  let text = "";
  let words = 0;
  const close = (reason: "stop" | "length"): void => {
    if (ended) return;
    ended = true;
    send(events.close(text, words, reason));
    finish();
  };
  send(events.open());
  const answer: ToldAnswer = {
    body,
    limit,
    say(count) {
      let sent = 0;
      for (; sent < count && words < limit && !ended; sent++) {
        const word = `${words === 0 ? "" : " "}word`;
        words++;
        text += word;
        send(events.word(word));
      }
      if (words >= limit) close("length");
      return sent;
    },
    end: () => close("stop"),
    hungUp: hangUp.promise,
  };
  return { response: new Response(stream, { headers: { "content-type": "text/event-stream" } }), answer };
}

function chatEvents(): Events {
  const chunk = (delta: JsonObject, finish: string | null, more: JsonObject = {}): string => {
    const choices = [{ index: 0, delta, finish_reason: finish }];
    const head = { id: "chatcmpl-told", object: "chat.completion.chunk", created: 7, model: "told" };
    return `data: ${JSON.stringify({ ...head, choices, ...more })}\n\n`;
  };
  return {
    open: () => chunk({ role: "assistant", content: "" }, null),
    word: (content) => chunk({ content }, null),
    close: (_text, words, finish) => {
      const usage = { prompt_tokens: inputTokens, completion_tokens: words, total_tokens: inputTokens + words };
      return `${chunk({}, finish)}${chunk({}, finish, { choices: [], usage })}data: [DONE]\n\n`;
    },
  };
}

function responsesEvents(): Events {
  let sequence = 0;
  const event = (type: string, fields: JsonObject): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...fields })}\n\n`;
  const base = { id: "resp_told", object: "response", created_at: 7, model: "told", error: null, metadata: {} };
  const response = (status: string, output: JsonObject[], more: JsonObject = {}): JsonObject => ({
    ...base,
    status,
    incomplete_details: null,
    output,
    usage: null,
    ...more,
  });
  const place = { item_id: "msg_told", output_index: 0, content_index: 0 };
  const part = (text: string): JsonObject => ({ type: "output_text", text, annotations: [] });
  const item = (status: string, content: JsonObject[]): JsonObject => {
    return { id: "msg_told", type: "message", role: "assistant", status, content };
  };
  return {
    open: () =>
      event("response.created", { response: response("in_progress", []) }) +
      event("response.output_item.added", { output_index: 0, item: item("in_progress", []) }) +
      event("response.content_part.added", { ...place, part: part("") }),
    word: (delta) => event("response.output_text.delta", { ...place, delta }),
    close: (text, words, finish) => {
      const whole = [item("completed", [part(text)])];
      const usage = { input_tokens: inputTokens, output_tokens: words, total_tokens: inputTokens + words };
      const cut = finish === "length";
      const details = { usage, incomplete_details: cut ? { reason: "max_output_tokens" } : null };
      return (
        event("response.output_text.done", { ...place, text }) +
        event("response.output_item.done", { output_index: 0, item: whole[0] ?? null }) +
        event(cut ? "response.incomplete" : "response.completed", {
          response: response(cut ? "incomplete" : "completed", whole, details),
        })
      );
    },
  };
}

/** Variables of a gateway over it, for one model of known price: 5 USD in and 25 out per million tokens. */
export function toldEnvironment({ url }: ToldUpstream, protocol: string): Record<string, string> {
  return {
    ASTROLABE_UPSTREAMS: "told",
    TOLD_BASE_URL: url,
    TOLD_MODELS: `${toldModel}=told`,
    TOLD_PROTOCOLS: protocol,
    ASTROLABE_BALANCE_FLOOR_USD: "0",
  };
}

export const toldModel = "anthropic/claude-opus-4.7";

/** A request whose answer can be long, as the path's protocol writes it. */
export function askingFor(path: string, more: JsonObject = {}): JsonObject {
  const question = "Count the words you say, and say many of them.";
  return path.endsWith("/responses")
    ? { model: toldModel, input: question, ...more }
    : { model: toldModel, messages: [{ role: "user", content: question }], ...more };
}
