// The upstream of the headroom run: answers each request with the number of tokens that its case asks for, and says so in
// its usage.

import { stringAt, type JsonObject } from "../server/contracts/json.ts";
import { parseObject } from "../server/contracts/json.ts";
import type { HeadroomCase } from "./headroom-requests.ts";

export type HeadroomUpstream = { readonly url: string; readonly close: () => Promise<void> };

/** @param find the case of a request by its `user`; undefined is answered with 404. */
export function startHeadroomUpstream(find: (user: string) => HeadroomCase | undefined): HeadroomUpstream {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const body = parseObject(await request.text()) ?? {};
      const found = find(stringAt(body, "user") ?? "");
      if (!found) return new Response("no such case", { status: 404 });
      return body["stream"] === true ? streamed(found) : whole(found);
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, close: () => server.stop(true) };
}

const head = { id: "chatcmpl-headroom", created: 1, model: "headroom" };

function whole({ body, answer }: HeadroomCase): Response {
  const content = textOf(body, answer.outputTokens);
  const choices = [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }];
  return Response.json({ ...head, object: "chat.completion", choices, usage: usageOf(answer) });
}

function streamed({ body, answer }: HeadroomCase): Response {
  const chunk = (choices: JsonObject[], more: JsonObject = {}): string =>
    `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices, ...more })}\n\n`;
  const content = textOf(body, answer.outputTokens);
  const text =
    chunk([{ index: 0, delta: { role: "assistant", content }, finish_reason: null }]) +
    chunk([{ index: 0, delta: {}, finish_reason: "stop" }]) +
    chunk([], { usage: usageOf(answer) });
  return new Response(`${text}data: [DONE]\n\n`, { headers: { "content-type": "text/event-stream" } });
}

/** Words of about one token each, as JSON where the answer must be JSON. */
function textOf(body: JsonObject, tokens: number): string {
  const words = Array.from({ length: Math.max(1, tokens) }, (_, index) => vocabulary[index % vocabulary.length]).join(
    " ",
  );
  if (body["response_format"] === undefined) return words;
  return JSON.stringify({ name: words, total: 1, lines: [] });
}

const vocabulary =
  "the brass disc turns on its pin while a second plate holds every star in place and marks the hour".split(" ");

function usageOf({ inputTokens, cachedTokens, outputTokens }: HeadroomCase["answer"]): JsonObject {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(cachedTokens === 0 ? {} : { prompt_tokens_details: { cached_tokens: cachedTokens } }),
  };
}
