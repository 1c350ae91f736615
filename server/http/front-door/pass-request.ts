// Passes a request on to an agent and its answer back, both as streams: within bounds of time, and no longer than the client
// stays.

import type { Endpoint } from "../../../runtimes/runtime.ts";
import { headersForAgent, headersForClient, type Asker } from "./forwarded-headers.ts";

/** Until the first byte of an answer. Agents think. */
const firstByteMs = 300_000;
/** Of silence within an answer. */
const silenceMs = 600_000;

/** Bodies up to this size are held, so that they can be sent again to where the agent is by now. */
const heldBytes = 256 * 1024;

export class AgentUnreachable extends Error {
  override readonly name = "AgentUnreachable";
  /** Whether nothing of the request was sent: it may be tried elsewhere. */
  readonly untouched: boolean;

  constructor(cause: unknown) {
    super("The agent did not answer.", { cause });
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    this.untouched = code === "ECONNREFUSED" || code === "ConnectionRefused";
  }
}

/** What of a request is sent: it can be sent again unless its body is a stream. */
export type PassedRequest = {
  readonly request: Request;
  readonly body: Request["body"] | ArrayBuffer | undefined;
  readonly canRepeat: boolean;
};

export async function readyToPass(request: Request): Promise<PassedRequest> {
  const { method, headers } = request;
  if (method === "GET" || method === "HEAD" || request.body === null) {
    return { request, body: undefined, canRepeat: true };
  }
  const length = Number(headers.get("content-length") ?? Number.NaN);
  if (!(length <= heldBytes)) return { request, body: request.body, canRepeat: false };
  return { request, body: await request.arrayBuffer(), canRepeat: true };
}

/**
 * @param onEnd called once, when the answer is over; not when this throws.
 * @throws AgentUnreachable before anything of an answer came
 */
export async function passRequest(
  { request, body }: PassedRequest,
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
    const answer = await fetch(`http://${host.includes(":") ? `[${host}]` : host}:${port}${pathname}${search}`, {
      method: request.method,
      headers: headersForAgent(request.headers, asker),
      redirect: "manual",
      // What the agent compressed stays compressed.
      decompress: false,
      signal: cut.signal,
      ...(body === undefined ? {} : { body, duplex: "half" }),
    });
    const headers = headersForClient(answer.headers);
    if (answer.body === null) onEnd();
    return new Response(answer.body && bounded(answer.body, cut, onEnd), { status: answer.status, headers });
  } catch (error) {
    throw new AgentUnreachable(error);
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
