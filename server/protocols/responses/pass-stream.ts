// Forwards an upstream's Responses events as they are. Its terminal event waits until the request is settled, so that
// the final metadata can go with it; a failure becomes our own terminal events, numbered after the upstream's last.

import { arrayAt, numberAt, objectAt, parseObject, stringAt, type JsonObject } from "../../contracts/json.ts";
import type { ServerSentEvent } from "../../conversation/events.ts";
import type { StreamPassThrough } from "../protocol.ts";
import { errorDraft, failureOf } from "./failure.ts";
import { cutItems, cutResponse } from "./cut-answer.ts";
import { numbered } from "./item-events.ts";
import { keptIdentity, needsIdentity, type Keeping } from "./kept-identity.ts";
import { withMetadata, type Ended } from "./pass-through.ts";

const announcingTypes = new Set(["response.created", "response.queued", "response.in_progress"]);
const itemTypes = new Set(["response.output_item.added", "response.output_item.done"]);
const terminalTypes = new Set(["response.completed", "response.incomplete", "response.failed", "error"]);

/** What has gone out, as far as our own terminal event depends on it. */
type Forwarded = {
  readonly count: number;
  /** The first event that carries the response object. */
  readonly announcement: ServerSentEvent | undefined;
  readonly latest: ServerSentEvent | undefined;
  /** Events that began or finished an output item. */
  readonly items: readonly ServerSentEvent[];
};

/**
 * @param body the client's request: its metadata is echoed in the terminal event.
 * @param kept what the response says of its keeping; absent: that it is not kept.
 */
export function passStream(body: JsonObject, kept: Keeping = {}): StreamPassThrough {
  let forwarded: Forwarded = { count: 0, announcement: undefined, latest: undefined, items: [] };
  let terminal: ServerSentEvent | undefined;
  return {
    step: (event) => {
      // Nothing follows a terminal event but the `[DONE]` of upstreams that end every stream with it.
      if (terminal !== undefined || event.data === "[DONE]") return [];
      const type = event.event ?? stringAt(parseObject(event.data) ?? {}, "type") ?? "";
      if (terminalTypes.has(type)) {
        terminal = event;
        return [];
      }
      const announces = announcingTypes.has(type);
      const out = announces ? withIdentity(event, kept) : event;
      const announcement = forwarded.announcement ?? (announces ? out : undefined);
      const items = itemTypes.has(type) ? [...forwarded.items, event] : forwarded.items;
      forwarded = { count: forwarded.count + 1, announcement, latest: out, items };
      return [out];
    },
    end: (metadata) =>
      terminal === undefined ? [] : [withFinalMetadata(terminal, { request: body, ...kept }, metadata)],
    cut: (answer, metadata) => {
      const { output, closing } = cutItems(forwarded.items, answer);
      const response = cutResponse(announcedResponse(forwarded.announcement), output, answer);
      const last = {
        type: "response.incomplete",
        response: withMetadata(response, { request: body, ...kept }, metadata),
      };
      const next = nextSequence(forwarded);
      return [...closing, last].map((draft, index) => numbered(draft, next + index));
    },
    fail: (error, requestId) => {
      const response = failedResponse(forwarded.announcement, { request: body }, failureOf(error, requestId));
      const next = nextSequence(forwarded);
      return [numbered(errorDraft(error, requestId), next), numbered({ type: "response.failed", response }, next + 1)];
    },
  };
}

/** An `error` event carries no response and so no metadata. */
function withFinalMetadata(terminal: ServerSentEvent, ended: Ended, metadata: JsonObject | undefined) {
  const data = parseObject(terminal.data);
  const response = data && objectAt(data, "response");
  if (!response) return terminal;
  return { ...terminal, data: JSON.stringify({ ...data, response: withMetadata(response, ended, metadata) }) };
}

/** An announced response that says what is true of its keeping. */
function withIdentity(event: ServerSentEvent, kept: Keeping): ServerSentEvent {
  if (!needsIdentity(event.data, kept)) return event;
  const data = parseObject(event.data);
  const response = data && objectAt(data, "response");
  if (!response) return event;
  return { ...event, data: JSON.stringify({ ...data, response: { ...response, ...keptIdentity(kept, response) } }) };
}

/** The response as the upstream announced it, now failed; what has failed is not kept. */
function failedResponse(announcement: ServerSentEvent | undefined, ended: Ended, error: JsonObject): JsonObject {
  const announced = announcedResponse(announcement);
  const output = arrayAt(announced, "output") ?? [];
  return withMetadata({ ...announced, status: "failed", output, error }, ended, undefined);
}

function announcedResponse(announcement: ServerSentEvent | undefined): JsonObject {
  return objectAt((announcement && parseObject(announcement.data)) ?? {}, "response") ?? { object: "response" };
}

/** One after the last number that went out; the count of events when the upstream does not number them. */
function nextSequence({ latest, count }: Forwarded): number {
  const sent = latest && numberAt(parseObject(latest.data) ?? {}, "sequence_number");
  return sent === undefined ? count : sent + 1;
}
