// A refusal in Anthropic's shape. Its `type` is the word that official clients know for the status; what happened
// exactly is our own code, also under `details.error_code`, where those clients read it.

import type { GatewayError } from "../../contracts/errors.ts";
import type { JsonObject } from "../../contracts/json.ts";

const typeByStatus: { readonly [status: number]: string } = {
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  409: "conflict_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
  504: "timeout_error",
};

function typeOf(status: number): string {
  return typeByStatus[status] ?? (status >= 500 ? "api_error" : "invalid_request_error");
}

export function messagesErrorBody(error: GatewayError, requestId: string): JsonObject {
  const { code, message, param, hint, details, status } = error;
  return {
    type: "error",
    error: {
      type: typeOf(status),
      message,
      code,
      ...(param === undefined ? {} : { param }),
      hint,
      details: { error_code: code, ...details },
    },
    request_id: requestId,
  };
}
