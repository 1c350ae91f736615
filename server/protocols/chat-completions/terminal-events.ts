// How a chat stream ends: well, or with an error.

import { errorTable, type GatewayError } from "../../contracts/errors.ts";
import type { ServerSentEvent } from "../../conversation/events.ts";
import { doneData } from "../chat-wire.ts";

export const doneEvent: ServerSentEvent = { data: doneData };

/** An error chunk and no `[DONE]`: official SDKs then raise instead of taking the answer for complete. */
export function failureEvents(error: GatewayError, requestId: string): ServerSentEvent[] {
  const { type } = errorTable[error.code];
  const param = error.param === undefined ? {} : { param: error.param };
  return [{ data: JSON.stringify({ error: { code: error.code, message: error.message, type, ...param, requestId } }) }];
}
