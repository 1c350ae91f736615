// The least a JSON proxy on this runtime can do: parse the request, send it on, parse the answer, send it back. No keys,
// no credits, no routing. The gateway's cost is read against it.

import { parseObject } from "../../server/contracts/json.ts";
import { listeningPort } from "./listening-port.ts";

const upstream = process.env["UPSTREAM"];
if (upstream === undefined) throw new Error("UPSTREAM must be the address to send requests to");

Bun.serve({
  hostname: "127.0.0.1",
  port: listeningPort(process.env),
  idleTimeout: 0,
  fetch: (request) => {
    if (request.method !== "POST") return new Response("ready");
    return forward(request);
  },
});

async function forward(request: Request): Promise<Response> {
  const body = parseObject(await request.text());
  const reply = await fetch(upstream + new URL(request.url).pathname, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: request.headers.get("authorization") ?? "",
    },
    body: JSON.stringify(body),
    signal: request.signal,
  });
  const type = reply.headers.get("content-type");
  if (type === "text/event-stream") return new Response(reply.body, { headers: { "content-type": type } });
  return Response.json(parseObject(await reply.text()), { status: reply.status });
}
