// Forwards the events of an upstream that speaks Messages. What ends the stream is held back until settlement, when the
// routing metadata is known; all else goes out as it came, without being parsed.

import { numberAt, parseObject, stringAt } from "../../contracts/json.ts";
import type { Answer } from "../../conversation/answer.ts";
import type { ServerSentEvent } from "../../conversation/events.ts";
import { stopReasons } from "../messages-wire.ts";
import type { InlineMetadata, StreamPassThrough } from "../protocol.ts";
import { failureEvents, stopEvent, typedEvent } from "./terminal-events.ts";
import { usageObject } from "./usage.ts";

type PassState = {
  /** The event that says why the model stopped. */
  ending: ServerSentEvent | undefined;
  /** The upstream's last event. */
  stop: ServerSentEvent | undefined;
  /** The latest event of a content block: a cut closes it. */
  latest: ServerSentEvent | undefined;
};

export function passStream(): StreamPassThrough {
  const state: PassState = { ending: undefined, stop: undefined, latest: undefined };
  return {
    step: (event) => forward(state, event),
    end: (metadata) => release(state, metadata),
    cut: (answer, metadata) => cut(state, answer, metadata),
    fail: failureEvents,
  };
}

function forward(state: PassState, event: ServerSentEvent): ServerSentEvent[] {
  const type = event.event ?? stringAt(parseObject(event.data) ?? {}, "type") ?? "";
  if (type === "message_delta") {
    const earlier = state.ending;
    state.ending = event;
    return earlier === undefined ? [] : [earlier];
  }
  if (type === "message_stop") {
    state.stop = event;
    return [];
  }
  if (type.startsWith("content_block_")) state.latest = event;
  return [event];
}

function release({ ending, stop }: PassState, metadata: InlineMetadata): ServerSentEvent[] {
  const events = ending === undefined ? [] : [ending];
  const last = stop === undefined ? undefined : parseObject(stop.data);
  if (stop === undefined || last === undefined) return [...events, stopEvent(metadata)];
  if (metadata === undefined) return [...events, stop];
  return [...events, { ...stop, data: JSON.stringify({ ...last, astrolabe: metadata }) }];
}

/** Closes the open block and ends like an answer that reached its length. */
function cut({ latest }: PassState, answer: Answer, metadata: InlineMetadata): ServerSentEvent[] {
  const events: ServerSentEvent[] = [];
  const block = latest === undefined ? undefined : parseObject(latest.data);
  if (block !== undefined && stringAt(block, "type") !== "content_block_stop") {
    events.push(typedEvent({ type: "content_block_stop", index: numberAt(block, "index") ?? 0 }));
  }
  const delta = { stop_reason: stopReasons[answer.finish], stop_sequence: null };
  events.push(typedEvent({ type: "message_delta", delta, usage: usageObject(answer.usage) }), stopEvent(metadata));
  return events;
}
