// Forwards an upstream's Responses events as they are. Its terminal event waits until the request is settled, so that
// the final metadata can go with it; a failure becomes our own terminal event, numbered after the upstream's last.

import { arrayAt, numberAt, objectAt, parseObject, stringAt, type JsonObject } from "../../contracts/json.ts";
import type { ServerSentEvent } from "../../conversation/events.ts";
import type { StreamPassThrough } from "../protocol.ts";
import { numberedEvent } from "./encode-stream.ts";
import { withMetadata } from "./pass-through.ts";
import { failureOf } from "./response-resource.ts";

const terminalTypes = new Set(["response.completed", "response.incomplete", "response.failed", "error"]);

/** @param body the client's request: its metadata is echoed in the terminal event. */
export function passStream(body: JsonObject): StreamPassThrough {
  let first: ServerSentEvent | undefined;
  let latest: ServerSentEvent | undefined;
  let terminal: ServerSentEvent | undefined;
  return {
    step: (event) => {
      // Nothing follows a terminal event but the `[DONE]` of upstreams that end every stream with it.
      if (terminal !== undefined || event.data === "[DONE]") return [];
      if (terminalTypes.has(typeOf(event) ?? "")) {
        terminal = event;
        return [];
      }
      first ??= event;
      latest = event;
      return [event];
    },
    end: (metadata) => {
      const data = terminal && parseObject(terminal.data);
      const response = data && objectAt(data, "response");
      if (!terminal || !data || !response) return terminal ? [terminal] : [];
      return [{ ...terminal, data: JSON.stringify({ ...data, response: withMetadata(response, body, metadata) }) }];
    },
    fail: (error, requestId) => {
      const response = failedResponse(first, body, failureOf(error, requestId));
      return [numberedEvent({ type: "response.failed", response }, nextSequence(latest))];
    },
  };
}

function typeOf(event: ServerSentEvent): string | undefined {
  return event.event ?? stringAt(parseObject(event.data) ?? {}, "type");
}

/** The response as the upstream announced it, now failed. */
function failedResponse(first: ServerSentEvent | undefined, body: JsonObject, error: JsonObject): JsonObject {
  const announced = objectAt((first && parseObject(first.data)) ?? {}, "response") ?? { object: "response" };
  const output = arrayAt(announced, "output") ?? [];
  return withMetadata({ ...announced, status: "failed", output, error }, body, undefined);
}

/** One after the last number that went out. Upstreams that do not number their events are counted from 0. */
function nextSequence(latest: ServerSentEvent | undefined): number {
  const sent = latest && numberAt(parseObject(latest.data) ?? {}, "sequence_number");
  return sent === undefined ? 0 : sent + 1;
}
