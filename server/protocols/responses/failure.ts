// How a Responses stream says that it failed: an `error` event, at which official clients raise, and then the failed
// response itself. Clients that saw only the latter would take what came so far for the whole answer.

import { errorTable, type GatewayError } from "../../contracts/errors.ts";
import type { JsonObject } from "../../contracts/json.ts";
import type { Draft } from "./item-events.ts";

/** The `error` of a response that failed after its first byte. */
export function failureOf(error: GatewayError, requestId: string): JsonObject {
  return { code: error.code, message: error.message, type: errorTable[error.code].type, requestId };
}

/** The `error` event: its documented fields, and the whole error in `error`, where clients look first. */
export function errorDraft(error: GatewayError, requestId: string): Draft {
  const param = error.param ?? null;
  const whole = { ...failureOf(error, requestId), param };
  return { type: "error", code: error.code, message: error.message, param, error: whole };
}
