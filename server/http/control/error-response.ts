// A GatewayError as the control API's answer: the gateway's error body, never the text of an internal fault.

import type { z } from "zod";
import type { errorBodySchema } from "../../contracts/control.ts";
import { errorTable, type GatewayError } from "../../contracts/errors.ts";
import type { RequestId } from "../../contracts/ids.ts";

export function errorResponse(error: GatewayError, requestId: RequestId): Response {
  const body: z.output<typeof errorBodySchema> = {
    error: {
      code: error.code,
      message: error.message,
      type: errorTable[error.code].type,
      ...(error.param !== undefined && { param: error.param }),
      requestId,
      hint: errorTable[error.code].hint,
      ...(error.details !== undefined && { details: { ...error.details } }),
    },
  };
  const response = Response.json(body, { status: error.status });
  if (error.retryAfterSeconds !== undefined) response.headers.set("retry-after", String(error.retryAfterSeconds));
  if (error.code === "unauthorized") response.headers.set("www-authenticate", "Bearer");
  return response;
}
