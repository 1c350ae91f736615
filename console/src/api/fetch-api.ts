// The one way to the control API: same origin, JSON both ways, and every refusal as an ApiError.

import { ApiError, type ErrorBody } from "./api-error.ts";
import { basePath } from "./base.ts";
import { parseJson } from "./parse-json.ts";

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

type Call = {
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
};

/** Longer than any route of the control API takes. */
const patienceMs = 60_000;

/** The address of a route: `apiUrl("/api/me")`; absent query values are left out. */
export function apiUrl(path: string, query: Query = {}): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const item of value) words.append(name, String(item));
    else if (value !== undefined && value !== "") words.set(name, String(value));
  }
  const search = words.size === 0 ? "" : `?${words}`;
  return basePath.replace(/\/$/, "") + path + search;
}

/**
 * Calls a route and reads its JSON. The type is the caller's word: take it from `server/contracts`.
 * @throws ApiError
 */
export async function fetchApi<Body>(method: Method, path: string, call: Call = {}): Promise<Body> {
  const response = await answerOf(method, path, call);
  const text = await response.text();
  if (!response.ok) throw refusalOf(response, text);
  return readJson<Body>(response, text);
}

export const getApi = <Body>(path: string, query?: Query, signal?: AbortSignal): Promise<Body> =>
  fetchApi<Body>("GET", path, { query, signal });

async function answerOf(method: Method, path: string, { query, body, headers, signal }: Call): Promise<Response> {
  const limit = AbortSignal.timeout(patienceMs);
  try {
    return await fetch(apiUrl(path, query), {
      method,
      credentials: "same-origin",
      headers: {
        accept: "application/json",
        ...(method !== "GET" && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, {
      code: "unreachable",
      message: "The server did not answer.",
      hint: "Check your connection, then try again.",
    });
  }
}

/** What a response that is not ok says. */
export function refusalOf(response: Response, text: string): ApiError {
  const requestId = response.headers.get("x-astrolabe-cloud-request-id") ?? undefined;
  const body = parseJson<Partial<ErrorBody> | AgentsErrorBody>(text);
  if (typeof body?.error === "string") return agentsRefusal(response.status, { ...body, error: body.error });
  const error = body?.error;
  if (typeof error?.code === "string" && typeof error.message === "string") return new ApiError(response.status, error);
  // Not the API's own words: a proxy in front of it, most likely.
  return new ApiError(response.status, {
    code: "unreadable",
    message: `The server answered ${response.status} without a reason.`,
    hint: "Try again in a moment.",
    ...(requestId !== undefined && { requestId }),
  });
}

/** What the agents' part of the API answers with, below `/api/v1`. */
type AgentsErrorBody = {
  readonly error: string;
  readonly error_code?: string;
  readonly details?: string;
  readonly hint?: string;
  readonly request_id?: string;
};

function agentsRefusal(status: number, { error, error_code, details, hint, request_id }: AgentsErrorBody): ApiError {
  return new ApiError(status, {
    code: error_code ?? "unreadable",
    message: details === undefined ? error : `${error} ${details}`,
    ...(hint !== undefined && { hint }),
    ...(request_id !== undefined && { requestId: request_id }),
  });
}

function readJson<Body>(response: Response, text: string): Body {
  const body = parseJson<Body>(text);
  if (body !== undefined) return body;
  throw new ApiError(response.status, {
    code: "unreadable",
    message: "The server's answer is not JSON.",
    hint: "Something between you and the server answered in its place. Try again in a moment.",
  });
}
