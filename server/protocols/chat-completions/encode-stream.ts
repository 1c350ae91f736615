// A neutral part sequence written as `chat.completion.chunk` events.

import type { JsonObject } from "../../contracts/json.ts";
import type { AnswerPart } from "../../conversation/answer.ts";
import type { ServerSentEvent } from "../../conversation/events.ts";
import type { AnswerContext, InlineMetadata, StreamEncoder } from "../protocol.ts";
import { completionId } from "./encode-answer.ts";
import { wantsUsageChunk } from "./pass-body.ts";
import { encryptedDetail } from "../chat-reasoning.ts";
import { doneEvent, failureEvents } from "./terminal-events.ts";
import { usageObject } from "./usage.ts";

type StreamState = {
  readonly context: AnswerContext;
  readonly wantsUsage: boolean;
  /** Everything up to `choices`, the same in each chunk: written once the answer's id is known. */
  head: string | undefined;
  /** Position of each tool call block in the message's `tool_calls`. */
  readonly toolIndexes: Map<number, number>;
  /** Ids of open reasoning blocks, sent with their continuation. */
  readonly reasoningIds: Map<number, string>;
};

export function encodeStream(context: AnswerContext): StreamEncoder {
  const state: StreamState = {
    context,
    wantsUsage: wantsUsageChunk(context.request),
    head: undefined,
    toolIndexes: new Map(),
    reasoningIds: new Map(),
  };
  return {
    step: (part) => encodePart(state, part),
    end: (last, metadata) => encodeEnd(state, last, metadata),
    fail: failureEvents,
  };
}

function encodePart(state: StreamState, part: AnswerPart): ServerSentEvent[] {
  const events = open(state, part.type === "start" ? part.id : undefined);
  const delta = deltaOf(state, part);
  if (delta !== undefined) events.push(chunk(state, delta, null));
  return events;
}

/** The first chunk names the role; it precedes whatever comes first. */
function open(state: StreamState, id: string | undefined): ServerSentEvent[] {
  if (state.head !== undefined) return [];
  const { answerId, createdAt, model } = state.context;
  const fields = { id: completionId(id ?? answerId), object: "chat.completion.chunk", created: createdAt, model };
  state.head = JSON.stringify(fields).slice(0, -1);
  return [chunk(state, { role: "assistant", content: "" }, null)];
}

/** What a part adds to the message; undefined for parts that chunks have no word for. */
function deltaOf(state: StreamState, part: AnswerPart): JsonObject | undefined {
  switch (part.type) {
    case "text-delta":
      return { content: part.text };
    case "refusal-delta":
      return { refusal: part.text };
    case "reasoning-delta":
      return { reasoning_content: part.text };
    case "reasoning-start":
      if (part.id !== undefined) state.reasoningIds.set(part.block, part.id);
      return undefined;
    case "reasoning-end":
      return part.encrypted === undefined
        ? undefined
        : { reasoning_details: [encryptedDetail(part.encrypted, state.reasoningIds.get(part.block))] };
    case "tool-call-start": {
      const index = state.toolIndexes.size;
      state.toolIndexes.set(part.block, index);
      return {
        tool_calls: [{ index, id: part.callId, type: "function", function: { name: part.name, arguments: "" } }],
      };
    }
    case "tool-call-delta":
      return toolArguments(state.toolIndexes.get(part.block), part.arguments);
    default:
      return undefined;
  }
}

function toolArguments(index: number | undefined, text: string): JsonObject | undefined {
  return index === undefined ? undefined : { tool_calls: [{ index, function: { arguments: text } }] };
}

function encodeEnd(
  state: StreamState,
  last: Extract<AnswerPart, { type: "end" }>,
  metadata: InlineMetadata,
): ServerSentEvent[] {
  const events = open(state, undefined);
  const usage = state.wantsUsage ? usageObject(last.usage) : undefined;
  const extras = metadata === undefined ? "" : `,"astrolabe":${JSON.stringify(metadata)}`;
  events.push(chunk(state, {}, last.finish, usage === undefined ? extras : ""));
  if (usage !== undefined) {
    events.push({ data: `${state.head},"choices":[],"usage":${JSON.stringify(usage)}${extras}}` });
  }
  events.push(doneEvent);
  return events;
}

function chunk(state: StreamState, delta: JsonObject, finish: string | null, extras = ""): ServerSentEvent {
  const usage = state.wantsUsage ? ',"usage":null' : "";
  const choice = `{"index":0,"delta":${JSON.stringify(delta)},"logprobs":null,"finish_reason":${JSON.stringify(finish)}}`;
  return { data: `${state.head},"choices":[${choice}]${usage}${extras}}` };
}
