// HTTP to one server: bounded waits, no redirects that would carry the token elsewhere, failures in words.

import { parseJson, type Json } from "../../server/contracts/json.ts";
import { Problem } from "../problem.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export type Exchange = {
  readonly body?: Json | FormData;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: 60,000. */
  readonly timeoutMs?: number;
  /** A connection that fails counts as an answer of status 503, for whoever asks again anyway. */
  readonly patient?: true;
};

export type Answer = {
  readonly status: number;
  /** Undefined when it is empty, or no JSON. */
  readonly body: Json | undefined;
  readonly headers: Headers;
};

export type HttpParts = {
  /** Without a slash at the end. */
  readonly server: string;
  readonly version: string;
  readonly signal: AbortSignal;
  /** One line per request, for --verbose. */
  readonly detail: (line: string) => void;
};

const answerWithinMs = 60_000;
const largestAnswerBytes = 64 * 1024 * 1024;

export class HttpClient {
  readonly server: string;
  readonly #parts: HttpParts;

  constructor(parts: HttpParts) {
    this.server = parts.server;
    this.#parts = parts;
  }

  /** One request and its whole answer, whatever its status. @throws Problem when there is no answer */
  async exchange(method: Method, path: string, exchange: Exchange = {}): Promise<Answer> {
    const { timeoutMs = answerWithinMs, patient } = exchange;
    const signal = AbortSignal.any([this.#parts.signal, AbortSignal.timeout(timeoutMs)]);
    try {
      const response = await this.#fetch(method, path, exchange, signal);
      const text = await boundedText(response);
      return { status: response.status, body: parseJson(text), headers: response.headers };
    } catch (cause) {
      if (patient && !this.#parts.signal.aborted && !(cause instanceof Problem)) {
        return { status: 503, body: undefined, headers: new Headers() };
      }
      throw this.#failure(cause);
    }
  }

  /** A request whose answer is read while it comes; the wait for its beginning is bounded. @throws Problem */
  async open(path: string, exchange: Exchange = {}): Promise<Response> {
    const starting = new AbortController();
    const timer = setTimeout(() => starting.abort(new DOMException("timed out", "TimeoutError")), answerWithinMs);
    try {
      return await this.#fetch("GET", path, exchange, AbortSignal.any([this.#parts.signal, starting.signal]));
    } catch (cause) {
      throw this.#failure(cause);
    } finally {
      clearTimeout(timer);
    }
  }

  async #fetch(method: Method, path: string, exchange: Exchange, signal: AbortSignal): Promise<Response> {
    const { server, version, detail } = this.#parts;
    const { body, token, headers } = exchange;
    const started = performance.now();
    const sent = body === undefined ? undefined : body instanceof FormData ? body : JSON.stringify(body);
    const response = await fetch(server + path, {
      method,
      redirect: "manual",
      signal,
      headers: {
        accept: "application/json",
        "user-agent": `ast/${version} (${process.platform}; ${process.arch})`,
        "x-cli-version": version,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(typeof sent === "string" && { "content-type": "application/json" }),
        ...headers,
      },
      ...(sent !== undefined && { body: sent }),
    });
    const requestId = response.headers.get("x-astrolabe-cloud-request-id");
    const took = Math.round(performance.now() - started);
    detail(
      `${method} ${server}${path} → ${response.status} in ${took} ms${requestId === null ? "" : ` (${requestId})`}`,
    );
    if (response.status >= 300 && response.status < 400) throw movedTo(server, response.headers.get("location"));
    return response;
  }

  #failure(cause: unknown): unknown {
    if (cause instanceof Problem || this.#parts.signal.aborted) return cause;
    const isLate = cause instanceof Error && cause.name === "TimeoutError";
    const { server, detail } = this.#parts;
    detail(`${server} → ${cause instanceof Error ? cause.message : String(cause)}`);
    const message = isLate
      ? `The server at ${server} does not answer in time.`
      : `The server at ${server} cannot be reached${codeOf(cause)}.`;
    return new Problem("failed", message, {
      code: isLate ? "server_timeout" : "server_unreachable",
      hint: "Is it running, and is this its address? --server <address> or ASTRO_SERVER_URL names another.",
      cause,
    });
  }
}

/** `: ConnectionRefused`, and the like. */
function codeOf(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? `: ${code}` : "";
}

/** Encodes what stands between slashes: `apiPath`/api/v1/agents/${account}/${name}`` */
export function apiPath(pieces: TemplateStringsArray, ...values: readonly string[]): string {
  return pieces.reduce((path, piece, index) => `${path}${encodeURIComponent(values[index - 1] ?? "")}${piece}`);
}

/** A query out of what is known; empty when nothing is. */
export function queryOf(values: Readonly<Record<string, string | number | undefined>>): string {
  const known = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] satisfies [string, string]],
  );
  return known.length === 0 ? "" : `?${new URLSearchParams(known).toString()}`;
}

function movedTo(server: string, location: string | null): Problem {
  const target = location === null ? undefined : URL.parse(location, server)?.origin;
  return new Problem("failed", `The server at ${server} sends its callers to ${target ?? "another address"}.`, {
    code: "server_moved",
    hint: target === undefined ? "Name the right address with --server." : `If you trust it: --server ${target}`,
  });
}

async function boundedText(response: Response): Promise<string> {
  const length = Number(response.headers.get("content-length") ?? "0");
  if (length > largestAnswerBytes) throw new Problem("failed", "The server's answer is too large.");
  return response.text();
}
