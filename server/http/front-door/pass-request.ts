// Passes a request on to an agent and its answer back, both as streams: within bounds of time, and no longer than the client
// stays.

import type { Endpoint } from "../../../runtimes/runtime.ts";
import { headersForAgent, headersForClient, type Asker } from "./forwarded-headers.ts";

/** Until the first byte of an answer. Agents think. */
const firstByteMs = 300_000;
/** Of silence within an answer. */
const silenceMs = 600_000;

export class AgentUnreachable extends Error {
  override readonly name = "AgentUnreachable";
}

/**
 * @param onEnd called once, when the answer is over; not when this throws.
 * @throws AgentUnreachable before anything of an answer came
 */
export async function passRequest(
  request: Request,
  { host, port }: Endpoint,
  asker: Asker,
  onEnd: () => void,
): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const cut = new AbortController();
  const leave = (): void => cut.abort();
  request.signal.addEventListener("abort", leave, { once: true });
  const clock = setTimeout(leave, firstByteMs);
  try {
    const hasBody = request.method !== "GET" && request.method !== "HEAD" && request.body !== null;
    const answer = await fetch(`http://${host.includes(":") ? `[${host}]` : host}:${port}${pathname}${search}`, {
      method: request.method,
      headers: headersForAgent(request.headers, asker),
      redirect: "manual",
      // What the agent compressed stays compressed.
      decompress: false,
      signal: cut.signal,
      ...(hasBody ? { body: request.body, duplex: "half" } : {}),
    });
    const headers = headersForClient(answer.headers);
    const body = answer.body === null ? null : bounded(answer.body, cut, onEnd);
    if (body === null) onEnd();
    return new Response(body, { status: answer.status, headers });
  } catch (error) {
    throw new AgentUnreachable("The agent did not answer.", { cause: error });
  } finally {
    clearTimeout(clock);
  }
}

/** Ends an answer that falls silent for too long, and lets go of the agent when the client goes. */
function bounded(
  body: ReadableStream<Uint8Array>,
  cut: AbortController,
  onEnd: () => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const clock = setTimeout(() => cut.abort(), silenceMs);
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        onEnd();
        controller.close();
      } catch (error) {
        onEnd();
        controller.error(error);
      } finally {
        clearTimeout(clock);
      }
    },
    async cancel() {
      onEnd();
      cut.abort();
      await reader.cancel().catch(() => undefined);
    },
  });
}
