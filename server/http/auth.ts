// Serves `/api/auth/...`: the library's steps of signing in, in the public address' name, with our errors and without
// the tokens that it would hand to pages.

import type { Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { GatewayError, toGatewayError, type ErrorCode } from "../contracts/errors.ts";
import { headerNames } from "../contracts/headers.ts";
import { newId } from "../contracts/ids.ts";
import { objectAt, parseObject, stringAt, type JsonObject } from "../contracts/json.ts";
import { addressHeader } from "../identity/auth-parts.ts";
import { callOrigin } from "./call-origin.ts";
import { refusalWords } from "./auth-words.ts";
import { errorResponse } from "./error-response.ts";

export type AuthDoor = {
  readonly identity: { answer(request: Request): Promise<Response> };
  /** Without a trailing slash; may have a path. */
  readonly publicUrl: string;
  /** How many proxies in front add to `X-Forwarded-For`. */
  readonly trustedProxies: number;
  readonly reportFault: (where: string, error: unknown) => void;
};

const bodyLimitBytes = 65_536;
/** Letters lead to pages, which take these steps: other sites have no business with them. */
const stepsOfPages = /\/(?:magic-link\/verify|verify-email)$/;
/** They speak OAuth, errors included; the token is what the program asked for. */
const stepsOfPrograms = /\/device\/(?:code|token)$/;

export function mountAuth(app: Hono, door: AuthDoor): void {
  const tooLarge = () =>
    errorResponse(
      new GatewayError("payload_too_large", undefined, { details: { limit_bytes: bodyLimitBytes } }),
      newId("req"),
    );
  app.all("/api/auth/*", bodyLimit({ maxSize: bodyLimitBytes, onError: tooLarge }), async (context) => {
    const requestId = newId("req");
    const response = await answer(context, door, requestId).catch((thrown: unknown) => {
      const error = toGatewayError(thrown);
      if (error.status >= 500) door.reportFault(`sign-in, ${requestId}`, error);
      return errorResponse(error, requestId);
    });
    response.headers.set(headerNames.requestId, requestId);
    response.headers.set("cache-control", "no-store");
    response.headers.set("x-content-type-options", "nosniff");
    return response;
  });
}

async function answer(context: Context, door: AuthDoor, requestId: string): Promise<Response> {
  const { path } = context.req;
  const site = context.req.header("sec-fetch-site");
  if (stepsOfPages.test(path) && site !== undefined && site !== "same-origin") {
    throw new GatewayError("forbidden", "Open the link of the letter: it leads to a page that takes this step.");
  }
  const response = await door.identity.answer(inPublicName(context, door));
  if (stepsOfPrograms.test(path)) return new Response(response.body, response);
  return response.status >= 400 ? refusal(response, requestId) : withoutTokens(response);
}

/** Whatever the `Host` header says: links and cookies are made for the address that the operator gave. */
function inPublicName(context: Context, door: AuthDoor): Request {
  // The path as it is routed: without that of the public address, whether or not a proxy took it off.
  const { path } = context.req;
  const { search } = new URL(context.req.url);
  const headers = new Headers(context.req.raw.headers);
  headers.delete(addressHeader);
  const { address } = callOrigin(context, door.trustedProxies);
  if (address !== undefined) headers.set(addressHeader, address);
  const { method, body } = context.req.raw;
  return new Request(door.publicUrl + path + search, { method, headers, body });
}

/** A page needs no token: its session is in a cookie that scripts cannot read. */
async function withoutTokens(response: Response): Promise<Response> {
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("application/json")) return new Response(response.body, response);
  const text = await response.text();
  const body = parseObject(text);
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  if (body === undefined) return new Response(text, { status: response.status, headers });
  const { token: _token, session, ...rest } = body;
  const shown = session === undefined ? rest : { ...rest, session: shownSession(objectAt(body, "session")) };
  return new Response(JSON.stringify(shown), { status: response.status, headers });
}

function shownSession(session: JsonObject | undefined): JsonObject | null {
  if (session === undefined) return null;
  const { token: _token, ...shown } = session;
  return shown;
}

const codes: { readonly [status: number]: ErrorCode } = {
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  405: "method_not_allowed",
  409: "conflict",
  422: "conflict",
  429: "rate_limited",
};

async function refusal(response: Response, requestId: string): Promise<Response> {
  const body = parseObject(await response.text());
  const reason = stringAt(body ?? {}, "code")?.toLowerCase() ?? stringAt(body ?? {}, "error");
  const said = stringAt(body ?? {}, "error_description") ?? stringAt(body ?? {}, "message");
  const wait = Number(response.headers.get("x-retry-after"));
  const code = response.status >= 500 ? "internal_error" : (codes[response.status] ?? "invalid_request");
  const [message, hint] = wordsOf(response.status, reason, said);
  const error = new GatewayError(code, message, {
    ...(hint !== undefined && { hint }),
    ...(reason !== undefined && { details: { reason } }),
    ...(wait > 0 && { retryAfterSeconds: wait }),
  });
  const refused = errorResponse(error, requestId);
  // A refused second factor or a session that has ended also clears its cookie.
  for (const cookie of response.headers.getSetCookie()) refused.headers.append("set-cookie", cookie);
  return refused;
}

/** Where nothing is said the table of errors speaks. */
function wordsOf(
  status: number,
  reason: string | undefined,
  said: string | undefined,
): readonly (string | undefined)[] {
  if (status >= 500 || status === 404 || status === 405) return [];
  const known = reason === undefined ? undefined : refusalWords[reason];
  if (known !== undefined) return known;
  if (status === 429) return [said ?? "Too many tries.", "Wait a moment, then try again."];
  return [said, "Check what you entered, then try again."];
}
