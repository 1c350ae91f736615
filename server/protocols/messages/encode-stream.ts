// A neutral part sequence written as Messages events. Neutral blocks may overlap, the protocol's may not: one block is
// open on the wire, and what belongs to others waits until it ends.

import type { JsonObject } from "../../contracts/json.ts";
import type { AnswerPart } from "../../conversation/answer.ts";
import type { ServerSentEvent } from "../../conversation/events.ts";
import { unknownUsage } from "../../conversation/usage.ts";
import { claudeContinuation, foreignSignature, stopReasons, toolCallId } from "../messages-wire.ts";
import type { AnswerContext, InlineMetadata, StreamEncoder } from "../protocol.ts";
import { messageId } from "./encode-answer.ts";
import { failureEvents, stopEvent, typedEvent } from "./terminal-events.ts";
import { usageObject } from "./usage.ts";

type BlockPart = Extract<AnswerPart, { readonly block: number }>;

type StreamState = {
  readonly context: AnswerContext;
  started: boolean;
  /** The block that is open on the wire, by its neutral number; undefined between blocks. */
  open: { readonly block: number; readonly id: string | undefined; announced: boolean } | undefined;
  /** Position of the open block, or of the next one, in the message's content. */
  index: number;
  /** Parts of other blocks, by block, in order of arrival. */
  readonly waiting: Map<number, BlockPart[]>;
  refused: boolean;
};

export function encodeStream(context: AnswerContext): StreamEncoder {
  const state: StreamState = {
    context,
    started: false,
    open: undefined,
    index: 0,
    waiting: new Map(),
    refused: false,
  };
  return {
    step: (part) => encodePart(state, part),
    end: (last, metadata) => encodeEnd(state, last, metadata),
    fail: failureEvents,
  };
}

function encodePart(state: StreamState, part: AnswerPart): ServerSentEvent[] {
  const events = start(state, part.type === "start" ? part.id : undefined);
  if (part.type === "start" || part.type === "end") return events;
  if (state.open !== undefined && state.open.block !== part.block) {
    const parts = state.waiting.get(part.block);
    if (parts) parts.push(part);
    else state.waiting.set(part.block, [part]);
    return events;
  }
  writePart(state, part, events);
  return events;
}

/** The message comes before whatever comes first. Its usage is not known yet; the last event but one states it. */
function start(state: StreamState, id: string | undefined): ServerSentEvent[] {
  if (state.started) return [];
  state.started = true;
  const { answerId, model } = state.context;
  const message = {
    id: messageId(id ?? answerId),
    type: "message",
    role: "assistant",
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: usageObject(unknownUsage),
  };
  return [typedEvent({ type: "message_start", message }), typedEvent({ type: "ping" })];
}

function writePart(state: StreamState, part: BlockPart, events: ServerSentEvent[]): void {
  switch (part.type) {
    case "refusal-start":
      state.refused = true;
      return open(state, part, { type: "text", text: "", citations: null }, events);
    case "text-start":
      return open(state, part, { type: "text", text: "", citations: null }, events);
    case "tool-call-start":
      return open(state, part, { type: "tool_use", id: toolCallId(part.callId), name: part.name, input: {} }, events);
    case "reasoning-start":
      // Announced with its first words: one that ends without any may be a redacted one.
      state.open = { block: part.block, id: part.id, announced: false };
      return;
    case "text-delta":
    case "refusal-delta":
      return void events.push(delta(state, { type: "text_delta", text: part.text }));
    case "tool-call-delta":
      return void events.push(delta(state, { type: "input_json_delta", partial_json: part.arguments }));
    case "reasoning-delta":
      announceThinking(state, events);
      return void events.push(delta(state, { type: "thinking_delta", thinking: part.text }));
    case "reasoning-end":
      return endThinking(state, part.encrypted, events);
    case "text-end":
    case "refusal-end":
    case "tool-call-end":
      return close(state, events);
  }
}

function open(state: StreamState, { block }: BlockPart, content: JsonObject, events: ServerSentEvent[]): void {
  state.open = { block, id: undefined, announced: true };
  events.push(typedEvent({ type: "content_block_start", index: state.index, content_block: content }));
}

function announceThinking(state: StreamState, events: ServerSentEvent[]): void {
  if (state.open === undefined || state.open.announced) return;
  state.open.announced = true;
  const content = { type: "thinking", thinking: "", signature: "" };
  events.push(typedEvent({ type: "content_block_start", index: state.index, content_block: content }));
}

function endThinking(state: StreamState, encrypted: string | undefined, events: ServerSentEvent[]): void {
  const ours = claudeContinuation(encrypted);
  if (ours !== undefined && "redacted" in ours && state.open?.announced !== true) {
    const content = { type: "redacted_thinking", data: ours.redacted };
    events.push(typedEvent({ type: "content_block_start", index: state.index, content_block: content }));
    return close(state, events);
  }
  announceThinking(state, events);
  const own = ours !== undefined && "signature" in ours ? ours.signature : undefined;
  const signature = own ?? foreignSignature(encrypted, state.open?.id);
  if (signature !== "") events.push(delta(state, { type: "signature_delta", signature }));
  close(state, events);
}

/** Ends the open block; the one that has waited longest follows, as far as it has come. */
function close(state: StreamState, events: ServerSentEvent[]): void {
  events.push(typedEvent({ type: "content_block_stop", index: state.index }));
  state.open = undefined;
  state.index += 1;
  const [next] = state.waiting;
  if (next === undefined) return;
  const [block, parts] = next;
  state.waiting.delete(block);
  for (const part of parts) writePart(state, part, events);
}

function delta(state: StreamState, change: JsonObject): ServerSentEvent {
  return typedEvent({ type: "content_block_delta", index: state.index, delta: change });
}

/** An answer that was cut leaves its block open; those that waited behind it are written too. */
function encodeEnd(
  state: StreamState,
  last: Extract<AnswerPart, { type: "end" }>,
  metadata: InlineMetadata,
): ServerSentEvent[] {
  const events = start(state, undefined);
  while (state.open !== undefined) {
    announceThinking(state, events);
    close(state, events);
  }
  const stopReason = state.refused ? "refusal" : stopReasons[last.finish];
  events.push(
    typedEvent({
      type: "message_delta",
      delta: { stop_reason: stopReason, stop_sequence: null },
      usage: usageObject(last.usage),
    }),
    stopEvent(metadata),
  );
  return events;
}
