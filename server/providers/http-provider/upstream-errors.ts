// How an upstream's refusal becomes a ProviderFailure: by HTTP status, or by the error object it hid in a 200. The
// upstream's words are kept for the trace, cleaned of everything that looks like a secret.

import {
  arrayAt,
  entryOf,
  isObject,
  objectAt,
  parseObject,
  stringAt,
  type Json,
  type JsonObject,
} from "../../contracts/json.ts";
import { ProviderFailure, type FailureKind } from "../provider.ts";

const mostMessageCharacters = 500;
/** What is looked at before cleaning; cleaning only shortens, so 500 clean characters remain of it. */
const mostReadCharacters = 4_000;
const longestRetrySeconds = 86_400;

/** Key formats of the usual vendors, then any long run that mixes letters and digits. */
const secretShapes = [
  /\bbearer\s+\S+/gi,
  /\b(?:sk|pk|rk|gsk|xai|astrolabe_live|astrolabe_test|astrolabe_pat)[-_][\w*.-]{6,}/gi,
  /\b(?:AKIA|ASIA|AIza)[\w-]{12,}/g,
  /\b(?=[\w-]*[0-9])(?=[\w-]*[A-Za-z])[\w-]{32,}\b/g,
];

/** The text without keys, at most 500 characters. */
export function cleanMessage(text: string, apiKey: string | undefined): string {
  let clean = text.slice(0, mostReadCharacters);
  if (apiKey !== undefined && apiKey !== "") clean = clean.replaceAll(apiKey, "[secret]");
  for (const shape of secretShapes) clean = clean.replace(shape, "[secret]");
  return clean.slice(0, mostMessageCharacters);
}

/** The same failure, sure to hold no key; decoders do not know the key and leave this to the transport. */
export function withoutSecrets(failure: ProviderFailure, apiKey: string | undefined): ProviderFailure {
  const { upstreamMessage, status, retryAfterSeconds } = failure;
  if (upstreamMessage === undefined) return failure;
  return new ProviderFailure(failure.kind, failure.message, {
    upstreamMessage: cleanMessage(upstreamMessage, apiKey),
    ...(status === undefined ? {} : { status }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    cause: failure.cause,
  });
}

const kindByStatus: { readonly [status: number]: FailureKind } = {
  400: "rejected",
  401: "credentials",
  402: "credentials",
  403: "credentials",
  408: "timeout",
  413: "rejected",
  422: "rejected",
  429: "rate_limited",
};

/** A 400 with such words is about this upstream or model, so another candidate may well succeed. */
const aboutTheUpstream =
  /model|provider|unsupported|not found|location is not supported|capacity|overloaded|temporarily unavailable/i;

/** Anthropic says so with a 400, and so does Google. */
const aboutOurAccount = /credit balance is too low|api key (?:not valid|expired|not found)|enable billing/i;

function kindOfStatus(status: number, message: string | undefined): FailureKind {
  if (status === 400 && message !== undefined && aboutOurAccount.test(message)) return "credentials";
  if (status === 400 && message !== undefined && aboutTheUpstream.test(message)) return "provider_error";
  return kindByStatus[status] ?? "provider_error";
}

/** An answer whose status is not 2xx. `text` is its body, `nowMs` Unix milliseconds for dates in `retry-after`. */
export function failureOfStatus(
  status: number,
  headers: Headers,
  text: string,
  apiKey: string | undefined,
  nowMs: number,
): ProviderFailure {
  const message = messageOfBody(text);
  const retryAfterSeconds = readRetryAfter(headers, nowMs) ?? readRetryDelay(text);
  return new ProviderFailure(kindOfStatus(status, message), `the upstream answered ${status}`, {
    status,
    ...(message === undefined ? {} : { upstreamMessage: cleanMessage(message, apiKey) }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

/** Upstreams that name errors in words rather than by status. */
const kindByWord: { readonly [word: string]: FailureKind } = {
  rate_limit_exceeded: "rate_limited",
  rate_limit_error: "rate_limited",
  insufficient_quota: "credentials",
  invalid_api_key: "credentials",
  authentication_error: "credentials",
  permission_error: "credentials",
  billing_error: "credentials",
  request_too_large: "rejected",
  timeout_error: "timeout",
  context_length_exceeded: "rejected",
};

/** The failure behind an `error` value in a body or event that came with status 200. */
export function failureOfErrorValue(error: Json): ProviderFailure {
  const message = messageOfError(error);
  const fields = isObject(error) ? error : {};
  const status = statusIn(fields.code) ?? statusIn(fields.status);
  const kind = kindOfWord(fields.code) ?? kindOfWord(fields.type);
  return new ProviderFailure(
    status === undefined ? (kind ?? "provider_error") : kindOfStatus(status, message),
    "the upstream answered with an error",
    {
      ...(status === undefined ? {} : { status }),
      ...(message === undefined ? {} : { upstreamMessage: cleanMessage(message, undefined) }),
    },
  );
}

/** What an error's code or type says; undefined when it is no word of ours. */
export function kindOfWord(value: Json | undefined): FailureKind | undefined {
  return typeof value === "string" ? entryOf(kindByWord, value) : undefined;
}

function statusIn(value: Json | undefined): number | undefined {
  const number = typeof value === "string" && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= 400 && number <= 599 ? number : undefined;
}

/** The message of an error body; undefined for pages and other text nobody wrote for a program. */
function messageOfBody(text: string): string | undefined {
  const body = parseObject(text);
  if (body === undefined) return text.trim() === "" || text.trimStart().startsWith("<") ? undefined : text.trim();
  if (body.error !== undefined && body.error !== null) return messageOfError(body.error);
  return stringAt(body, "message") ?? describe(body.detail);
}

function messageOfError(error: Json): string | undefined {
  if (!isObject(error)) return describe(error);
  const message = stringAt(error, "message") ?? stringAt(error, "code");
  const underlying = rawOf(error);
  return message !== undefined && underlying !== undefined ? `${message}: ${underlying}` : (message ?? underlying);
}

/** OpenRouter's own message says only that the provider failed; the provider's words are in `metadata.raw`. */
function rawOf(error: JsonObject): string | undefined {
  const metadata = objectAt(error, "metadata");
  return metadata === undefined ? undefined : describe(metadata.raw);
}

function describe(value: Json | undefined): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Seconds to wait, rounded up, at most a day; undefined when the upstream does not say or says nonsense. */
function readRetryAfter(headers: Headers, nowMs: number): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : (Date.parse(value) - nowMs) / 1_000;
  return Number.isFinite(seconds) ? Math.min(longestRetrySeconds, Math.max(0, Math.ceil(seconds))) : undefined;
}

/** Google says it in the details of the error: `"retryDelay": "31s"`. */
function readRetryDelay(text: string): number | undefined {
  const error = objectAt(parseObject(text) ?? {}, "error") ?? {};
  for (const detail of arrayAt(error, "details") ?? []) {
    const delay = isObject(detail) ? /^(\d+(?:\.\d+)?)s$/.exec(stringAt(detail, "retryDelay") ?? "")?.[1] : undefined;
    if (delay !== undefined) return Math.min(longestRetrySeconds, Math.ceil(Number(delay)));
  }
  return undefined;
}
