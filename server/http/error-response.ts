// Renders a GatewayError: in the OpenAI-style error shape that most routes share, or in that of the route's protocol.

import { errorTable, type GatewayError } from "../contracts/errors.ts";
import { headerNames } from "../contracts/headers.ts";
import type { JsonObject } from "../contracts/json.ts";
import { requestIdHeaders } from "../request/response-headers.ts";

/** How a refusal is written. Never holds a cause or a stack trace. */
export type ErrorShape = (error: GatewayError, requestId: string) => JsonObject;

function errorBody(error: GatewayError, requestId: string): JsonObject {
  return {
    error: {
      code: error.code,
      message: error.message,
      type: errorTable[error.code].type,
      ...(error.param === undefined ? {} : { param: error.param }),
      requestId,
      hint: error.hint,
      ...(error.details === undefined ? {} : { details: { ...error.details } }),
    },
  };
}

/**
 * The refusal as an HTTP response. Official clients repeat a 409 or 5xx by themselves; `x-should-retry` keeps them from
 * it where the same request can only be refused again.
 */
export function errorResponse(
  error: GatewayError,
  requestId: string,
  headers: Record<string, string> = {},
  shape: ErrorShape = errorBody,
): Response {
  return Response.json(shape(error, requestId), {
    status: error.status,
    headers: { ...errorHeaders(error, requestId), ...headers },
  });
}

/** What goes with a refusal, whatever its body looks like. */
export function errorHeaders(error: GatewayError, requestId: string): Record<string, string> {
  const retry =
    error.retryAfterSeconds === undefined ? {} : { [headerNames.retryAfter]: String(error.retryAfterSeconds) };
  const final = errorTable[error.code].retryable ? {} : { "x-should-retry": "false" };
  const challenge = error.code === "unauthorized" ? { "www-authenticate": "Bearer" } : {};
  return { ...requestIdHeaders(requestId), ...retry, ...final, ...challenge };
}
