// A relay between the gateway and its upstream that notes down what goes over the wire, in both directions: what the
// upstream was really asked, field by field, and what it really answered.

import { parseObject, type JsonObject } from "../../server/contracts/json.ts";

export type Exchange = {
  readonly path: string;
  /** What follows the path, with its question mark; empty when there is none. */
  readonly query: string;
  readonly headers: Headers;
  readonly asked: JsonObject;
  /** The body of the answer, once it has come to its end or broken off. */
  readonly answered: Promise<string>;
  /** True once the gateway has hung up before the end. */
  cancelled: boolean;
};

export class WireTap {
  readonly #exchanges: Exchange[] = [];
  readonly #server: ReturnType<typeof Bun.serve>;

  /** @param upstream base address without a trailing slash; paths are appended as they come. */
  constructor(upstream: string) {
    this.#server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      idleTimeout: 0,
      fetch: (request) => this.#relay(request, upstream),
    });
  }

  get url(): string {
    return this.#server.url.origin;
  }

  /** The latest exchange. @throws Error when nothing went over the wire since the last `forget`. */
  get last(): Exchange {
    const exchange = this.#exchanges.at(-1);
    if (!exchange) throw new Error("nothing went over the wire");
    return exchange;
  }

  get count(): number {
    return this.#exchanges.length;
  }

  forget(): void {
    this.#exchanges.length = 0;
  }

  async stop(): Promise<void> {
    await this.#server.stop(true);
  }

  async #relay(request: Request, upstream: string): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const body = await request.text();
    const noted = Promise.withResolvers<string>();
    const exchange: Exchange = {
      path: pathname,
      query: search,
      headers: request.headers,
      asked: parseObject(body) ?? {},
      answered: noted.promise,
      cancelled: false,
    };
    this.#exchanges.push(exchange);
    request.signal.addEventListener("abort", () => (exchange.cancelled = true));
    const headers = new Headers(request.headers);
    headers.delete("accept-encoding");
    const answer = await fetch(upstream + pathname + search, { method: "POST", headers, body, signal: request.signal });
    return new Response(noting(answer.body, noted.resolve), { status: answer.status, headers: answer.headers });
  }
}

/** Passes the chunks on and tells the whole. Where the upstream breaks off, the answer ends without its end. */
async function* noting(body: ReadableStream<Uint8Array> | null, tell: (whole: string) => void) {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of body ?? []) {
      chunks.push(chunk);
      yield chunk;
    }
  } catch {
    // The gateway must notice by itself that the terminal event is missing.
  } finally {
    tell(Buffer.concat(chunks).toString());
  }
}
