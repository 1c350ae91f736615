// Events by their type, and how a stream ends: well, or with an error.

import type { GatewayError } from "../../contracts/errors.ts";
import { stringAt, type JsonObject } from "../../contracts/json.ts";
import type { ServerSentEvent } from "../../conversation/events.ts";
import type { InlineMetadata } from "../protocol.ts";
import { messagesErrorBody } from "./error-body.ts";

/** Every event has its type twice: as its name, which official clients go by, and in its data. */
export function typedEvent(data: JsonObject): ServerSentEvent {
  return { event: stringAt(data, "type") ?? "", data: JSON.stringify(data) };
}

/** The last event of a good answer, with the routing metadata. */
export function stopEvent(metadata: InlineMetadata): ServerSentEvent {
  return typedEvent({ type: "message_stop", ...(metadata === undefined ? {} : { astrolabe: metadata }) });
}

/** An error event and no `message_stop`: official SDKs then raise instead of taking the answer for complete. */
export function failureEvents(error: GatewayError, requestId: string): ServerSentEvent[] {
  return [typedEvent(messagesErrorBody(error, requestId))];
}
