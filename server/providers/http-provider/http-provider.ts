// The transport for every upstream with an HTTP API: one POST per attempt, in the dialect that fits.

import { parseObject, type JsonObject } from "../../contracts/json.ts";
import type { ProtocolName } from "../../protocols/protocol.ts";
import type { Dialect, DialectPath } from "../dialect.ts";
import {
  ProviderFailure,
  type CountCall,
  type Provider,
  type ProviderCall,
  type ProviderId,
  type ProviderReply,
} from "../provider.ts";
import { readAnswerObject } from "./answer-object.ts";
import { partsOfAnswer } from "./answer-parts.ts";
import { AttemptClock } from "./attempt-clock.ts";
import { maxErrorBytes, readText } from "./bounded-body.ts";
import { ReplyStream } from "./reply-stream.ts";
import { failureOfErrorValue, failureOfStatus, withoutSecrets } from "./upstream-errors.ts";

export type HttpProviderOptions = {
  readonly id: ProviderId;
  /** Everything before the dialect's path: `https://openrouter.ai/api/v1`. */
  readonly baseUrl: string;
  /** Undefined for upstreams without keys, such as a model server on the same machine. */
  readonly apiKey: string | undefined;
  /** The header that the key is sent in; absent: `authorization`, as a bearer token. */
  readonly keyHeader?: "x-api-key" | "x-goog-api-key" | "api-key";
  /** Protocols whose bodies pass through; each needs a dialect. */
  readonly speaks: readonly ProtocolName[];
  /** In order of preference: a neutral prompt takes the first that translates its kind. */
  readonly dialects: readonly Dialect[];
  /** Narrows `speaks` to some of the upstream's models; absent: it holds for all of them. */
  readonly passes?: Provider["passes"];
  /** How tokens are counted before they are spent, where the upstream can. */
  readonly countTokens?: CountTokensRoute;
  /** Sent with each call, over the usual ones. */
  readonly headers?: { readonly [name: string]: string };
  /** Sent with each call that brings none of its own. */
  readonly defaultHeaders?: { readonly [name: string]: string };
  /** The upstream's own additions to each body; returns a copy. */
  readonly extendBody?: (body: JsonObject, call: ProviderCall) => JsonObject;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Unix milliseconds, for dates in `retry-after`. */
  readonly now?: () => number;
};

export type CountTokensRoute = {
  readonly path: DialectPath;
  /** What to ask; undefined: it cannot count this one. @throws GatewayError for content that the upstream cannot read. */
  body(call: CountCall): JsonObject | undefined;
  /** @throws ProviderFailure when the body holds no count. */
  read(body: JsonObject): number;
};

/** What stays the same between calls. */
type Upstream = Required<Pick<HttpProviderOptions, "fetch" | "now" | "extendBody">> & {
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly headers: Record<string, string>;
  readonly defaultHeaders: { readonly [name: string]: string } | undefined;
  readonly dialects: readonly Dialect[];
};

/** @throws Error when a protocol it should speak has no dialect. */
export function httpProvider(options: HttpProviderOptions): Provider {
  const missing = options.speaks.find((name) => !options.dialects.some((dialect) => dialect.protocol === name));
  if (missing !== undefined) throw new Error(`provider ${options.id} speaks ${missing} but has no dialect for it`);
  const upstream: Upstream = {
    baseUrl: options.baseUrl.replace(/\/+$/, ""),
    apiKey: options.apiKey,
    headers: {
      "content-type": "application/json",
      ...credentials(options),
      ...options.headers,
    },
    defaultHeaders: options.defaultHeaders,
    dialects: options.dialects,
    fetch: options.fetch ?? fetch,
    now: options.now ?? Date.now,
    extendBody: options.extendBody ?? ((body) => body),
  };
  return {
    id: options.id,
    speaks: new Set(options.speaks),
    translates: new Set(options.dialects.map((dialect) => dialect.translates)),
    call: (call) => attempt(upstream, call),
    ...(options.passes === undefined ? {} : { passes: options.passes }),
    ...counting(upstream, options.countTokens),
  };
}

function credentials({ apiKey, keyHeader }: HttpProviderOptions): Record<string, string> {
  if (apiKey === undefined) return {};
  return keyHeader === undefined ? { authorization: `Bearer ${apiKey}` } : { [keyHeader]: apiKey };
}

function counting(upstream: Upstream, route: CountTokensRoute | undefined): Pick<Provider, "countTokens"> {
  return route === undefined ? {} : { countTokens: (call) => count(upstream, route, call) };
}

/** Undefined for what the route cannot count. */
async function count(upstream: Upstream, route: CountTokensRoute, call: CountCall): Promise<number | undefined> {
  const { outgoing, upstreamModel: model } = call;
  const asked = route.body(call);
  if (asked === undefined) return undefined;
  const more = outgoing.kind === "pass-through" ? outgoing.headers : undefined;
  const clock = new AttemptClock(call.clocks, call.signal, () => performance.now());
  try {
    const path = pathTo(route.path, { model, stream: false });
    const response = await post(upstream, { path, body: JSON.stringify(asked), stream: false, more }, clock);
    if (!response.ok) throw await refusal(upstream, response, clock);
    const { text } = await readText(response, maxErrorBytes);
    const counted = parseObject(text);
    if (counted === undefined) throw malformed("the upstream's count is not a JSON object");
    return route.read(counted);
  } catch (thrown) {
    throw withoutSecrets(
      clock.failure(thrown, () => malformed("the upstream's count could not be read", thrown)),
      upstream.apiKey,
    );
  } finally {
    clock.abort();
  }
}

async function attempt(upstream: Upstream, call: ProviderCall): Promise<ProviderReply> {
  const dialect = chooseDialect(upstream, call);
  const body = JSON.stringify(upstream.extendBody(outgoingBody(dialect, call), call));
  const clock = new AttemptClock(call.clocks, call.signal, () => performance.now());
  try {
    const more = call.outgoing.kind === "pass-through" ? call.outgoing.headers : undefined;
    const { upstreamModel: model, stream } = call;
    const path = pathTo(dialect.path, { model, stream });
    const response = await post(upstream, { path, body, stream, more }, clock);
    if (!response.ok) throw await refusal(upstream, response, clock);
    if (stream && isEventStream(response) && response.body !== null) {
      const raw = call.outgoing.kind === "pass-through";
      const clean = (failure: ProviderFailure) => withoutSecrets(failure, upstream.apiKey);
      return {
        kind: "stream",
        events: new ReplyStream({ body: response.body, decoder: dialect.decodeStream(), clock, raw, clean }),
      };
    }
    const reply = await wholeAnswer(response, dialect, call, clock);
    clock.stop();
    return reply;
  } catch (thrown) {
    const failure = clock.failure(thrown, () => malformed("the upstream's answer could not be read", thrown));
    clock.abort();
    throw withoutSecrets(failure, upstream.apiKey);
  }
}

function chooseDialect(upstream: Upstream, call: ProviderCall): Dialect {
  const { outgoing } = call;
  const dialect = upstream.dialects.find((candidate) =>
    outgoing.kind === "pass-through"
      ? candidate.protocol === outgoing.protocol
      : candidate.translates === outgoing.prompt.kind,
  );
  if (dialect === undefined)
    throw new ProviderFailure("provider_error", "the upstream has no dialect for this request");
  return dialect;
}

function outgoingBody(dialect: Dialect, call: ProviderCall): JsonObject {
  if (call.outgoing.kind === "pass-through") return call.outgoing.body;
  const { upstreamModel: model, maxOutputTokens, stream } = call;
  return dialect.encodeRequest(call.outgoing.prompt, { model, maxOutputTokens, stream }, call.warn);
}

function pathTo(path: DialectPath, to: { readonly model: string; readonly stream: boolean }): string {
  return typeof path === "string" ? path : path(to);
}

type Post = {
  readonly path: string;
  readonly body: string;
  readonly stream: boolean;
  /** Headers of the client's protocol. */
  readonly more: { readonly [name: string]: string } | undefined;
};

/** Resolves when the headers are there. Redirects are never followed: they could carry the key elsewhere. */
async function post(upstream: Upstream, { path, body, stream, more }: Post, clock: AttemptClock): Promise<Response> {
  clock.signal.throwIfAborted();
  const headers = {
    ...upstream.defaultHeaders,
    ...more,
    ...upstream.headers,
    accept: stream ? "text/event-stream" : "application/json",
  };
  try {
    return await upstream.fetch(upstream.baseUrl + path, {
      method: "POST",
      headers,
      body,
      redirect: "error",
      signal: clock.signal,
    });
  } catch (thrown) {
    throw clock.failure(
      thrown,
      () => new ProviderFailure("unreachable", "the upstream could not be reached", { cause: thrown }),
    );
  }
}

async function refusal(upstream: Upstream, response: Response, clock: AttemptClock): Promise<ProviderFailure> {
  clock.waitForChunk();
  // The status alone says what happened; a body that cannot be read takes nothing away from it.
  const text = await readText(response, maxErrorBytes).then(
    (read) => read.text,
    () => "",
  );
  return failureOfStatus(response.status, response.headers, text, upstream.apiKey, upstream.now());
}

function isEventStream(response: Response): boolean {
  return response.headers.get("content-type")?.toLowerCase().startsWith("text/event-stream") ?? false;
}

async function wholeAnswer(
  response: Response,
  dialect: Dialect,
  call: ProviderCall,
  clock: AttemptClock,
): Promise<ProviderReply> {
  clock.rest();
  const body = await readAnswerObject(response);
  if (body.error !== undefined && body.error !== null) throw failureOfErrorValue(body.error);
  const answer = dialect.decodeAnswer(body);
  const passesThrough = call.outgoing.kind === "pass-through";
  if (!call.stream) return { kind: "answer", answer, raw: passesThrough ? body : undefined };
  // Passed through, a stream consists of the upstream's events, and there are none to forward.
  if (passesThrough) throw malformed("the upstream answered a streaming request without a stream");
  return { kind: "stream", events: wholeAsStream(answer) };
}

async function* wholeAsStream(answer: Parameters<typeof partsOfAnswer>[0]) {
  yield { parts: partsOfAnswer(answer), raw: undefined };
}

function malformed(message: string, cause?: unknown): ProviderFailure {
  return new ProviderFailure("provider_error", message, { cause });
}
