// An upstream that speaks Responses and chat completions, thinks before it answers, repeats what it was told last, and
// remembers what it was asked. Like some real ones it gives every response the same id, and claims to have stored it.

import { arrayAt, isObject, numberAt, objectAt, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { asObject } from "./gateway.ts";

export type ThinkingUpstream = {
  readonly url: string;
  /** What it was asked, in order. */
  readonly asked: JsonObject[];
  /** The input, or the messages, of the last request. */
  lastInput(): JsonObject[];
  close(): Promise<void>;
};

/** @param name stands in the ids of its items and in its encrypted thoughts. */
export function startThinkingUpstream(name: string): ThinkingUpstream {
  const asked: JsonObject[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    async fetch(request) {
      const body = asObject(await request.json());
      asked.push(body);
      if (!request.url.endsWith("/responses")) return Response.json(completion(body));
      const response = responseTo(body, name, asked.length);
      if (body["stream"] !== true) return Response.json(response);
      return new Response(eventsOf(response), { headers: { "content-type": "text/event-stream" } });
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}/v1`,
    asked,
    lastInput: () => {
      const body = asked.at(-1) ?? {};
      return (arrayAt(body, "input") ?? arrayAt(body, "messages") ?? []).filter(isObject);
    },
    close: () => server.stop(true),
  };
}

/** Variables of a gateway over such upstreams, by name: which models each has, and what it speaks. */
export function thinkingEnvironment(upstreams: {
  readonly [name: string]: { upstream: ThinkingUpstream; models: string; protocols: string };
}): Record<string, string> {
  const entries = Object.entries(upstreams).flatMap(([name, { upstream, models, protocols }]) => [
    [`${name.toUpperCase()}_BASE_URL`, upstream.url],
    [`${name.toUpperCase()}_MODELS`, models],
    [`${name.toUpperCase()}_PROTOCOLS`, protocols],
  ]);
  return {
    ...Object.fromEntries(entries),
    ASTROLABE_UPSTREAMS: Object.keys(upstreams).join(","),
    ASTROLABE_INIT_CREDITS_USD: "1000",
  };
}

function responseTo(body: JsonObject, name: string, number: number): JsonObject {
  const encrypted = (arrayAt(body, "include") ?? []).includes("reasoning.encrypted_content");
  const item = (type: string, fields: JsonObject): JsonObject => ({ id: `${type}_${name}_${number}`, type, ...fields });
  const text = `You said: ${lastTextOf(arrayAt(body, "input") ?? [body["input"] ?? ""])}`;
  const output = [
    item("reasoning", { summary: [], ...(encrypted ? { encrypted_content: `thoughts of ${name}` } : {}) }),
    item("message", {
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text, annotations: [], logprobs: [] }],
    }),
  ];
  const usage = { input_tokens: 12, output_tokens: 5, total_tokens: 17 };
  return {
    id: "resp_0123456789abcdef0123456789abcdef",
    object: "response",
    created_at: 7,
    status: "completed",
    model: stringAt(body, "model") ?? "",
    output,
    usage,
    store: true,
    previous_response_id: null,
    instructions: stringAt(body, "instructions") ?? null,
    metadata: objectAt(body, "metadata") ?? {},
    max_output_tokens: numberAt(body, "max_output_tokens") ?? null,
    error: null,
    incomplete_details: null,
  };
}

function lastTextOf(input: readonly unknown[]): string {
  const last = input.at(-1);
  if (typeof last === "string") return last;
  const content = isObject(last) ? last["content"] : "";
  return typeof content === "string" ? content : JSON.stringify(content);
}

function eventsOf(response: JsonObject): string {
  let sequence = 0;
  const event = (type: string, fields: JsonObject): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...fields })}\n\n`;
  const begun = { ...response, status: "in_progress", output: [], usage: null };
  const items = (arrayAt(response, "output") ?? []).filter(isObject).map((item, index) => {
    const at = { output_index: index };
    const [part] = (arrayAt(item, "content") ?? []).filter(isObject);
    const place = { ...at, item_id: stringAt(item, "id") ?? "", content_index: 0 };
    const text = part ? (stringAt(part, "text") ?? "") : "";
    const said = part
      ? event("response.content_part.added", { ...place, part: { ...part, text: "" } }) +
        event("response.output_text.delta", { ...place, delta: text }) +
        event("response.output_text.done", { ...place, text }) +
        event("response.content_part.done", { ...place, part })
      : "";
    const empty = part ? { ...item, status: "in_progress", content: [] } : item;
    return (
      event("response.output_item.added", { ...at, item: empty }) +
      said +
      event("response.output_item.done", { ...at, item })
    );
  });
  return [
    event("response.created", { response: begun }),
    event("response.in_progress", { response: begun }),
    ...items,
    event("response.completed", { response }),
  ].join("");
}

function completion(body: JsonObject): JsonObject {
  const content = `You said: ${lastTextOf(arrayAt(body, "messages") ?? [])}`;
  const choices = [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }];
  const usage = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 };
  return { id: "c1", object: "chat.completion", created: 1, model: stringAt(body, "model") ?? "", choices, usage };
}
