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
import { errorResponse } from "./error-response.ts";

export type AuthDoor = {
  readonly identity: { answer(request: Request): Promise<Response> };
  /** Without a trailing slash; may have a path, which a proxy in front takes off. */
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
  const { pathname, search } = new URL(context.req.url);
  const headers = new Headers(context.req.raw.headers);
  headers.delete(addressHeader);
  const { address } = callOrigin(context, door.trustedProxies);
  if (address !== undefined) headers.set(addressHeader, address);
  const { method, body } = context.req.raw;
  return new Request(door.publicUrl + pathname + search, { method, headers, body });
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

/** What to say where the library's words do not tell what to do; keys are `details.reason`. */
const words: { readonly [reason: string]: string } = {
  invalid_email_or_password: "The e-mail address or the password is wrong.",
  invalid_email: "Enter an e-mail address, such as ada@example.com.",
  invalid_password: "The password is wrong.",
  password_too_short: "Choose a password of at least 12 characters.",
  password_too_long: "Choose a password of at most 128 characters.",
  user_already_exists_use_another_email: "There is an account with this address. Sign in to it, or reset its password.",
  email_not_verified: "Confirm your e-mail address first: a letter with a link is on its way.",
  invalid_token: "The link was used or has ended. Ask for another one.",
  token_expired: "The link has ended. Ask for another one.",
  invalid_origin: "This page was opened at another address than the server's own. Open the public address.",
  missing_or_null_origin: "The browser did not say which page this comes from. Open the public address.",
  invalid_code: "The code is wrong. Enter the one that your app shows now.",
  invalid_backup_code: "The backup code is wrong, or was used before.",
  invalid_two_factor_cookie: "The sign-in took too long. Start again with your password.",
  failed_to_unlink_last_account: "This is the only way into your account. Add a password or another one first.",
  unauthorized: "Sign in first.",
};

async function refusal(response: Response, requestId: string): Promise<Response> {
  const body = parseObject(await response.text());
  const reason = stringAt(body ?? {}, "code")?.toLowerCase() ?? stringAt(body ?? {}, "error");
  const said = stringAt(body ?? {}, "error_description") ?? stringAt(body ?? {}, "message");
  const wait = Number(response.headers.get("x-retry-after"));
  const code = response.status >= 500 ? "internal_error" : (codes[response.status] ?? "invalid_request");
  const error = new GatewayError(code, messageOf(response.status, reason, said), {
    ...(reason !== undefined && { details: { reason } }),
    ...(wait > 0 && { retryAfterSeconds: wait }),
  });
  const refused = errorResponse(error, requestId);
  // A refused second factor or a session that has ended also clears its cookie.
  for (const cookie of response.headers.getSetCookie()) refused.headers.append("set-cookie", cookie);
  return refused;
}

function messageOf(status: number, reason: string | undefined, said: string | undefined): string | undefined {
  if (status >= 500 || status === 404 || status === 405) return undefined;
  const known = reason === undefined ? undefined : words[reason];
  if (known !== undefined) return known;
  if (status === 429 && reason === undefined) return "Too many tries from this address. Wait a moment and try again.";
  return said;
}
