// The HTTP side of the agent: a page to talk to it, its answers, and whether it lives.

import { answer } from "./agent.ts";
import { readConversation } from "./conversation.ts";
import { explain } from "./failure.ts";

const plainText = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };

const server = Bun.serve({
  port: Number(process.env["PORT"] ?? 80),
  // Models take their time: a connection is not closed because nothing was said for a while.
  idleTimeout: 0,
  routes: {
    "/": new Response(Bun.file(new URL("page.html", import.meta.url))),
    "/health": Response.json({ status: "ok" }),
    "/chat": { POST: chat },
  },
  fetch: () => Response.json({ error: "There is nothing here. Try / or POST /chat." }, { status: 404 }),
});

console.log(`Listening on port ${server.port}.`);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    // Answers that have begun are finished, within the time that platforms give; new connections are refused.
    setTimeout(() => process.exit(0), 25_000).unref();
    void server.stop().then(() => process.exit(0));
  });
}

/** Answers `{ "message": "..." }` piece by piece as plain text, or whole as JSON when the client accepts only that. */
async function chat(request: Request): Promise<Response> {
  const conversation = await readConversation(request);
  if ("problem" in conversation) return Response.json({ error: conversation.problem }, { status: 400 });
  const pieces = answer(conversation.turns, request.signal)[Symbol.asyncIterator]();
  try {
    // Nothing is sent before the first piece, so that a refusal has a status of its own.
    const first = await pieces.next();
    return request.headers.get("accept") === "application/json"
      ? Response.json({ answer: (await Array.fromAsync(rest(first, pieces))).join("") })
      : new Response(asBytes(rest(first, pieces)), { headers: plainText });
  } catch (error) {
    const { status, message, log } = explain(error);
    console.error(log);
    return Response.json({ error: message }, { status });
  }
}

async function* rest(first: IteratorResult<string>, others: AsyncIterator<string>): AsyncGenerator<string> {
  for (let piece = first; !piece.done; piece = await others.next()) yield piece.value;
}

/** An answer that breaks off ends with the reason; its status has been sent by then. */
function asBytes(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      try {
        const piece = await pieces.next();
        if (piece.done) controller.close();
        else controller.enqueue(encoder.encode(piece.value));
      } catch (error) {
        const { message, log } = explain(error);
        console.error(log);
        controller.enqueue(encoder.encode(`\n\n[The answer broke off. ${message}]`));
        controller.close();
      }
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
