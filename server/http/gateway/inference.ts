// The inference endpoints: an HTTP request becomes a Received, a Reply becomes an HTTP response.

import { GatewayError } from "../../contracts/errors.ts";
import { confirmationHeader, idempotencyKeyHeader } from "../../contracts/headers.ts";
import { newId } from "../../contracts/ids.ts";
import type { AuthenticatedKey } from "../../keys/key-records.ts";
import type { ClientProtocol } from "../../protocols/protocol.ts";
import type { Reply } from "../../request/reply.ts";
import { runRequest } from "../../request/run-request.ts";
import type { Services } from "../../request/services.ts";
import { stop } from "../../request/stopping.ts";
import { errorResponse } from "../error-response.ts";
import { eventStreamBody } from "./event-stream.ts";
import { readJsonBody } from "./read-body.ts";

export type InferenceLimits = {
  /** Largest request body in bytes. */
  readonly bodyBytes: number;
  /** Most requests in progress at once; more are refused with 503. */
  readonly concurrentRequests: number;
  /** Silence within a stream after which a comment is sent, in milliseconds. */
  readonly keepAliveMs: number;
};

const readingGraceMs = 1_000;

/** Answers inference requests and knows which are in progress, so that shutdown can refuse and end them. */
export class InferenceEndpoint {
  readonly #services: Services;
  readonly #limits: InferenceLimits;
  readonly #running = new Set<AbortController>();
  #draining = false;

  constructor(services: Services, limits: InferenceLimits) {
    this.#services = services;
    this.#limits = limits;
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** New requests are refused with 503 from now on. */
  drain(): void {
    this.#draining = true;
  }

  /** Cancels what is still running; callers are told that the server stops. */
  abort(): void {
    for (const controller of this.#running) stop(controller);
  }

  /**
   * @param onBodyRead called once the body is read: from then on silence on the connection is not idleness.
   * @param under the key that the request runs under when its caller was let in otherwise; undefined: the one it carries.
   */
  async answer(
    request: Request,
    protocol: ClientProtocol,
    onBodyRead: () => void,
    under?: AuthenticatedKey,
  ): Promise<Response> {
    const requestId = newId("req");
    const refusal = this.#refusal();
    if (refusal) return errorResponse(refusal, requestId);
    const controller = new AbortController();
    const idempotencyKey = request.headers.get(idempotencyKeyHeader) ?? undefined;
    // An answer with a key is wanted whether or not this connection lasts: a repeat of the request will ask for it.
    const leave = (): void => {
      if (idempotencyKey === undefined) controller.abort();
    };
    request.signal.addEventListener("abort", leave, { once: true });
    this.#running.add(controller);
    const finish = (): void => {
      this.#running.delete(controller);
      request.signal.removeEventListener("abort", leave);
    };
    let streaming = false;
    try {
      const reply = await runRequest(
        {
          requestId,
          arrivedAt: this.#services.now(),
          protocol,
          credential: under === undefined ? credentialOf(request) : under.key.prefix,
          idempotencyKey,
          confirmed: request.headers.get(confirmationHeader)?.trim().toLowerCase() === "confirm",
          readBody: async () => {
            const read = await readJsonBody(request, this.#limits.bodyBytes);
            onBodyRead();
            return read;
          },
          signal: controller.signal,
        },
        under === undefined ? this.#services : { ...this.#services, keys: { authenticate: async () => under } },
      );
      streaming = reply.kind === "stream";
      return this.#render(reply, requestId, leave, finish, idempotencyKey === undefined ? undefined : request.signal);
    } finally {
      if (!streaming) finish();
    }
  }

  /** @param left of a request that runs on without its client: aborts when the client leaves, even before it reads. */
  #render(reply: Reply, requestId: string, leave: () => void, finish: () => void, left?: AbortSignal): Response {
    switch (reply.kind) {
      case "answer":
        return Response.json(reply.body, { headers: reply.headers });
      case "bytes":
        return new Response(reply.body, {
          headers: { ...reply.headers, "content-type": "application/json;charset=utf-8" },
        });
      case "refusal":
        return errorResponse(reply.error, requestId, reply.headers);
      case "stream": {
        const headers = {
          ...reply.headers,
          "content-type": "text/event-stream; charset=utf-8",
          "cache-control": "no-cache, no-transform",
          "x-accel-buffering": "no",
        };
        const chunks = endingWith(reply.chunks, finish);
        if (left) whenAborted(left, () => void chunks.return?.());
        const limits = { quietMs: this.#limits.keepAliveMs, longestMs: this.#longestStreamMs };
        return new Response(eventStreamBody(chunks, leave, limits), { headers });
      }
    }
  }

  /** The provider has its total time; what is left after it is only to be read. */
  get #longestStreamMs(): number {
    return this.#services.settings.clocks.totalMs + readingGraceMs;
  }

  #refusal(): GatewayError | undefined {
    if (this.#draining) {
      return new GatewayError("service_unavailable", "The server is shutting down.", { retryAfterSeconds: 5 });
    }
    if (this.#running.size >= this.#limits.concurrentRequests) {
      return new GatewayError("service_unavailable", "The server is at its limit of concurrent requests.", {
        retryAfterSeconds: 1,
      });
    }
    return undefined;
  }
}

/** The key as sent: the bearer token, else `x-api-key`. */
export function credentialOf(request: Request): string | undefined {
  const bearer = /^bearer\s+(\S+)\s*$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  return bearer ?? (request.headers.get("x-api-key")?.trim() || undefined);
}

function whenAborted(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener("abort", act, { once: true });
}

/** The same chunks; `finish` is called when they end, break or are left. */
function endingWith(chunks: AsyncIterator<Uint8Array>, finish: () => void): AsyncIterator<Uint8Array> {
  return {
    async next() {
      let ended = true;
      try {
        const result = await chunks.next();
        ended = result.done === true;
        return result;
      } finally {
        if (ended) finish();
      }
    },
    async return() {
      try {
        return (await chunks.return?.()) ?? { done: true, value: undefined };
      } finally {
        finish();
      }
    },
  };
}
