// The typed events of the Responses API as neutral parts: a table of small handlers, one per event that matters. All
// others (hosted tools, annotations, keep-alives) mean nothing outside this API and pass unread.

import { entryOf, numberAt, objectAt, parseObject, stringAt, type JsonObject } from "../../../contracts/json.ts";
import type { ServerSentEvent } from "../../../conversation/events.ts";
import type { StreamDecoder } from "../../dialect.ts";
import { ProviderFailure } from "../../provider.ts";
import { finishOf, isClientCall, outputOf, usageOf } from "./outcome.ts";
import { contentPart, isToolCall, messageParts, reasoningPart, toolCallPart } from "./output-items.ts";
import {
  close,
  closeAll,
  contentKey,
  fill,
  initialState,
  inOrder,
  itemKey,
  open,
  receive,
  stay,
  vacate,
  type DecoderState,
  type Move,
  type Step,
} from "./stream-state.ts";
import { failureIn, malformed } from "./upstream-fault.ts";

type Handler = (event: JsonObject) => Move;

const handlers: { readonly [type: string]: Handler } = {
  "response.created": started,
  "response.queued": started,
  "response.in_progress": started,
  "response.output_item.added": itemAdded,
  "response.content_part.added": contentAdded,
  "response.output_text.delta": (event) => contentDelta(event, "text"),
  "response.output_text.done": (event) => fill(contentKey(event), stringAt(event, "text") ?? ""),
  "response.refusal.delta": (event) => contentDelta(event, "refusal"),
  "response.refusal.done": (event) => fill(contentKey(event), stringAt(event, "refusal") ?? ""),
  "response.content_part.done": contentDone,
  "response.reasoning_summary_text.delta": (event) => reasoningDelta(event, "summary", "summary_index"),
  "response.reasoning_text.delta": (event) => reasoningDelta(event, "content", "content_index"),
  // The Open Responses specification's name for the same event.
  "response.reasoning.delta": (event) => reasoningDelta(event, "content", "content_index"),
  "response.function_call_arguments.delta": (event) => receive(itemKey(event), stringAt(event, "delta") ?? ""),
  "response.function_call_arguments.done": (event) => fill(itemKey(event), stringAt(event, "arguments") ?? ""),
  "response.custom_tool_call_input.delta": (event) => receive(itemKey(event), stringAt(event, "delta") ?? ""),
  "response.custom_tool_call_input.done": (event) => fill(itemKey(event), stringAt(event, "input") ?? ""),
  "response.output_item.done": (event) => itemDone(itemKey(event), objectAt(event, "item")),
  "response.completed": (event) => ended(event, "completed"),
  "response.incomplete": (event) => ended(event, "incomplete"),
  "response.failed": failed,
  error: failed,
};

/** A new decoder for one stream. */
export function decodeStream(): StreamDecoder {
  let state = initialState;
  return {
    step: (event) => {
      const step = decodeEvent(state, event);
      state = step.state;
      return step.parts;
    },
    finish: () => {
      if (state.hasEnded) return [];
      throw new ProviderFailure("cut", "the upstream's stream ended without a terminal event");
    },
  };
}

function decodeEvent(state: DecoderState, event: ServerSentEvent): Step {
  if (state.hasEnded || event.data === "[DONE]") return stay(state);
  const data = parseObject(event.data);
  if (!data) throw malformed("event");
  const type = stringAt(data, "type") ?? event.event ?? "";
  const handler = entryOf(handlers, type);
  if (!handler) return stay(state);
  const step = handler(data)(state);
  if (step.state.hasStarted || step.parts.length === 0) return step;
  // An upstream that announces no response: the answer starts with its first part.
  return { state: { ...step.state, hasStarted: true }, parts: [{ type: "start" }, ...step.parts] };
}

function started(event: JsonObject): Move {
  return (state) => {
    if (state.hasStarted) return stay(state);
    const response = objectAt(event, "response") ?? {};
    const id = stringAt(response, "id");
    const model = stringAt(response, "model");
    const about = { ...(id === undefined ? {} : { id }), ...(model === undefined ? {} : { model }) };
    return { state: { ...state, hasStarted: true }, parts: [{ type: "start", ...about }] };
  };
}

function itemAdded(event: JsonObject): Move {
  const item = objectAt(event, "item");
  if (!item) return stay;
  const key = itemKey(event);
  return inOrder(vacate(key), announced(key, item));
}

/** A call that is not named yet waits for its finished form. */
function announced(key: string, item: JsonObject): Move {
  if (item["type"] === "reasoning") return open(key, { kind: "reasoning", id: stringAt(item, "id") });
  if (isToolCall(item) && stringAt(item, "name") !== undefined) return openCall(key, item);
  return isClientCall(item) ? noteCall : stay;
}

const noteCall: Move = (state) => ({ state: { ...state, hasCalls: true }, parts: [] });

function openCall(key: string, item: JsonObject): Move {
  const { callId, name } = toolCallPart(item);
  return inOrder(noteCall, open(key, { kind: "tool-call", callId, name }));
}

function contentAdded(event: JsonObject): Move {
  const part = contentPart(objectAt(event, "part") ?? {});
  return part ? open(contentKey(event), { kind: part.type }) : stay;
}

function contentDelta(event: JsonObject, kind: "text" | "refusal"): Move {
  const key = contentKey(event);
  return inOrder(open(key, { kind }), receive(key, stringAt(event, "delta") ?? ""));
}

function contentDone(event: JsonObject): Move {
  const part = contentPart(objectAt(event, "part") ?? {});
  return part ? finishedContent(contentKey(event), part) : stay;
}

function finishedContent(key: string, part: { readonly type: "text" | "refusal"; readonly text: string }): Move {
  return inOrder(open(key, { kind: part.type }), fill(key, part.text), close(key));
}

function reasoningDelta(event: JsonObject, source: string, indexField: string): Move {
  const key = itemKey(event);
  const section = `${source}:${numberAt(event, indexField) ?? 0}`;
  return inOrder(
    open(key, { kind: "reasoning", id: stringAt(event, "item_id") }),
    receive(key, stringAt(event, "delta") ?? "", section),
  );
}

/** The finished item adds whatever its earlier events left out, down to the whole item. */
function itemDone(key: string, item: JsonObject | undefined): Move {
  switch (item?.["type"]) {
    case "message": {
      const contents = messageParts(item).map((part, index) =>
        part ? finishedContent(`${key}.${index}`, part) : stay,
      );
      return inOrder(
        ...contents,
        closeAll((other) => other.startsWith(`${key}.`)),
      );
    }
    case "reasoning": {
      const { id, text, encrypted } = reasoningPart(item);
      return inOrder(open(key, { kind: "reasoning", id }), fill(key, text), close(key, encrypted));
    }
    case "function_call":
    case "custom_tool_call":
      return inOrder(openCall(key, item), fill(key, toolCallPart(item).arguments), close(key));
    default:
      return item && isClientCall(item) ? noteCall : stay;
  }
}

function ended(event: JsonObject, status: "completed" | "incomplete"): Move {
  const response = objectAt(event, "response");
  if (!response) throw malformed("terminal event");
  if (response["status"] === "failed") return failed(event);
  const finished = { status, ...response };
  return (state) => {
    // Some upstreams stream nothing but the end.
    const unseen = state.blockCount === 0 ? outputOf(response).map((item, index) => itemDone(`${index}`, item)) : [];
    const step = inOrder(
      started(event),
      ...unseen,
      closeAll(() => true),
    )(state);
    const hasCalls = step.state.hasCalls || outputOf(response).some(isClientCall);
    const end = { type: "end", finish: finishOf(finished, hasCalls), usage: usageOf(response) } as const;
    return { state: { ...step.state, hasEnded: true }, parts: [...step.parts, end] };
  };
}

function failed(event: JsonObject): never {
  throw failureIn(event);
}
