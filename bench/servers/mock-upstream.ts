// The upstream everything under test talks to, a process of its own: answers at once with a fixed body, or streams what
// the request's marker orders. It does as little as possible, so that what is measured is what stands before it.

import { pathOf, readOrder, type Protocol, type StreamOrder } from "../prompt.ts";
import { listeningPort } from "./listening-port.ts";
import { streamScript, wholeAnswers } from "./mock-answers.ts";

const jsonHeaders = { "content-type": "application/json" };
const streamHeaders = { "content-type": "text/event-stream", "cache-control": "no-cache" };

Bun.serve({
  hostname: "127.0.0.1",
  port: listeningPort(process.env),
  idleTimeout: 0,
  fetch: (request) => {
    if (request.method !== "POST") return new Response("ready");
    return answer(request);
  },
});

async function answer(request: Request): Promise<Response> {
  const path = request.url.slice(request.url.indexOf("/", "http://".length));
  const body = await request.text();
  const whole = wholeAnswers[path];
  if (whole === undefined) return new Response("no such path", { status: 404 });
  if (!body.includes('"stream":true')) return new Response(whole, { headers: jsonHeaders });
  const protocol = path === pathOf.responses ? "responses" : "chat";
  return new Response(streamed(protocol, readOrder(body), request.signal), { headers: streamHeaders });
}

async function* streamed(protocol: Protocol, order: StreamOrder, signal: AbortSignal): AsyncGenerator<string> {
  const script = streamScript(protocol, order);
  yield script.opening;
  for (let index = 0; index < order.frames && !signal.aborted; index += 1) {
    if (order.paceMs > 0) await Bun.sleep(order.paceMs);
    yield script.frame(index);
  }
  yield script.closing();
}
