// The inference endpoints: an HTTP request becomes a Received, a Reply becomes an HTTP response.

import { GatewayError } from "../../contracts/errors.ts";
import { confirmationHeader, idempotencyKeyHeader } from "../../contracts/headers.ts";
import { newId, type RequestId } from "../../contracts/ids.ts";
import type { AuthenticatedKey } from "../../keys/key-records.ts";
import type { ClientProtocol } from "../../protocols/protocol.ts";
import { countTokens, type CountReply } from "../../request/count-tokens.ts";
import type { Reply } from "../../request/reply.ts";
import { runRequest } from "../../request/run-request.ts";
import type { Services } from "../../request/services.ts";
import type { ReadBody, Received } from "../../request/stages.ts";
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

/** What a reply is rendered with. */
type Rendering = {
  readonly requestId: string;
  readonly protocol: ClientProtocol;
  readonly leave: () => void;
  readonly finish: () => void;
  /** Of a request that runs on without its client: aborts when the client leaves, even before it reads. */
  readonly left: AbortSignal | undefined;
};

const readingGraceMs = 1_000;
/** Beta names are short words; what is longer or holds anything else is not passed on. */
const protocolHeaderValue = /^[\w.,\- ]{1,2000}$/;

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
    if (refusal) return errorResponse(refusal, requestId, {}, protocol.errorBody);
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
          ...protocolHeadersOf(request, protocol),
          idempotencyKey,
          confirmed: isConfirmed(request),
          readBody: () => this.#readBody(request, onBodyRead),
          signal: controller.signal,
        },
        under === undefined ? this.#services : { ...this.#services, keys: { authenticate: async () => under } },
      );
      streaming = reply.kind === "stream";
      const left = idempotencyKey === undefined ? undefined : request.signal;
      return this.#render(reply, { requestId, protocol, leave, finish, left });
    } finally {
      if (!streaming) finish();
    }
  }

  /** Counts the tokens of a request's prompt, under the same limits as answering it. */
  async count(
    request: Request,
    protocol: ClientProtocol,
    requestId: RequestId,
    onBodyRead: () => void,
  ): Promise<CountReply> {
    const refusal = this.#refusal();
    if (refusal) return { kind: "refusal", headers: {}, error: refusal };
    const controller = new AbortController();
    const leave = (): void => controller.abort();
    request.signal.addEventListener("abort", leave, { once: true });
    this.#running.add(controller);
    try {
      return await countTokens(
        {
          requestId,
          arrivedAt: this.#services.now(),
          protocol,
          credential: credentialOf(request),
          ...protocolHeadersOf(request, protocol),
          idempotencyKey: undefined,
          confirmed: isConfirmed(request),
          readBody: () => this.#readBody(request, onBodyRead),
          signal: controller.signal,
        },
        this.#services,
      );
    } finally {
      this.#running.delete(controller);
      request.signal.removeEventListener("abort", leave);
    }
  }

  async #readBody(request: Request, onBodyRead: () => void): Promise<ReadBody> {
    const read = await readJsonBody(request, this.#limits.bodyBytes);
    onBodyRead();
    return read;
  }

  #render(reply: Reply, { requestId, protocol, leave, finish, left }: Rendering): Response {
    switch (reply.kind) {
      case "answer":
        return Response.json(reply.body, { headers: reply.headers });
      case "bytes":
        return new Response(reply.body, {
          headers: { ...reply.headers, "content-type": "application/json;charset=utf-8" },
        });
      case "refusal":
        return errorResponse(reply.error, requestId, reply.headers, protocol.errorBody);
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

function isConfirmed(request: Request): boolean {
  return request.headers.get(confirmationHeader)?.trim().toLowerCase() === "confirm";
}

/** The request's headers that its protocol passes on; nothing when it sent none. */
function protocolHeadersOf(request: Request, { headers: names }: ClientProtocol): Pick<Received, "protocolHeaders"> {
  if (names === undefined) return {};
  const protocolHeaders: Record<string, string> = {};
  for (const name of names) {
    const value = request.headers.get(name);
    if (value !== null && protocolHeaderValue.test(value)) protocolHeaders[name] = value;
  }
  return { protocolHeaders };
}

/**
 * The key as sent: `x-bf-vk`, which nobody sends by accident, else the bearer token, else `x-api-key`. Clients that use
 * the first fill the others with whatever their library wants to see.
 */
export function credentialOf(request: Request): string | undefined {
  const gatewayKey = request.headers.get("x-bf-vk")?.trim();
  if (gatewayKey) return gatewayKey;
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
