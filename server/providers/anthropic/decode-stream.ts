// The events of a streamed message as neutral parts: a table of small handlers, one per event that matters.

import { entryOf, isObject, numberAt, objectAt, parseObject, stringAt, type JsonObject } from "../../contracts/json.ts";
import type { AnswerPart } from "../../conversation/answer.ts";
import type { ServerSentEvent } from "../../conversation/events.ts";
import { claudeRedacted, claudeThinking, finishOf } from "../../protocols/messages-wire.ts";
import type { StreamDecoder } from "../dialect.ts";
import { ProviderFailure } from "../provider.ts";
import { failureOfErrorValue } from "../http-provider/upstream-errors.ts";
import { nothingReported, report, usageOf, type ReportedUsage } from "./outcome.ts";

/** Blocks one answer may hold; more is a broken or hostile upstream. */
const mostBlocks = 10_000;

type OpenBlock =
  | { readonly type: "text" | "redacted"; readonly data: string }
  | { readonly type: "thinking"; signature: string }
  | { readonly type: "tool"; readonly input: JsonObject; hasArguments: boolean };

type StreamState = {
  started: boolean;
  ended: boolean;
  stopReason: string | undefined;
  readonly usage: ReportedUsage;
  /** Blocks by index that have begun and not ended. */
  readonly open: Map<number, OpenBlock>;
  blocks: number;
};

type Handler = (state: StreamState, data: JsonObject, parts: AnswerPart[]) => void;

const handlers: { readonly [type: string]: Handler } = {
  message_start: startMessage,
  content_block_start: startBlock,
  content_block_delta: changeBlock,
  content_block_stop: (state, data, parts) => stopBlock(state, indexOf(data), parts),
  message_delta: changeMessage,
  message_stop: (state, _data, parts) => parts.push(...finish(state)),
  error: (_state, data) => {
    throw failureOfErrorValue(data.error ?? "the upstream's stream ended with an error");
  },
};

export function decodeStream(): StreamDecoder {
  const state: StreamState = {
    started: false,
    ended: false,
    stopReason: undefined,
    usage: nothingReported(),
    open: new Map(),
    blocks: 0,
  };
  return { step: (event) => step(state, event), finish: () => finish(state) };
}

function step(state: StreamState, event: ServerSentEvent): AnswerPart[] {
  if (state.ended || event.data === "[DONE]") return [];
  const data = parseObject(event.data);
  if (data === undefined) throw malformed("the upstream sent an event that is not JSON");
  const handler = entryOf(handlers, stringAt(data, "type") ?? event.event ?? "");
  const parts: AnswerPart[] = [];
  handler?.(state, data, parts);
  return parts;
}

function startMessage(state: StreamState, data: JsonObject, parts: AnswerPart[]): void {
  const message = objectAt(data, "message") ?? {};
  report(state.usage, objectAt(message, "usage"));
  if (state.started) return;
  state.started = true;
  const id = stringAt(message, "id");
  const model = stringAt(message, "model");
  parts.push({ type: "start", ...(id === undefined ? {} : { id }), ...(model === undefined ? {} : { model }) });
}

function startBlock(state: StreamState, data: JsonObject, parts: AnswerPart[]): void {
  const block = indexOf(data);
  const content = objectAt(data, "content_block") ?? {};
  state.blocks += 1;
  if (state.blocks > mostBlocks) throw malformed("the upstream sent too many content blocks");
  stopBlock(state, block, parts);
  switch (content.type) {
    case "text":
      state.open.set(block, { type: "text", data: "" });
      parts.push({ type: "text-start", block });
      return addText(parts, block, stringAt(content, "text"));
    case "thinking":
      state.open.set(block, { type: "thinking", signature: stringAt(content, "signature") ?? "" });
      parts.push({ type: "reasoning-start", block });
      return addThinking(parts, block, stringAt(content, "thinking"));
    case "redacted_thinking":
      state.open.set(block, { type: "redacted", data: stringAt(content, "data") ?? "" });
      return void parts.push({ type: "reasoning-start", block });
    case "tool_use":
      return startCall(state, block, content, parts);
    default:
      // Blocks of tools that the provider ran mean nothing outside this API.
      return;
  }
}

function startCall(state: StreamState, block: number, content: JsonObject, parts: AnswerPart[]): void {
  const name = stringAt(content, "name");
  if (name === undefined) throw malformed("the upstream's tool call has no name");
  const input = isObject(content.input) ? content.input : {};
  state.open.set(block, { type: "tool", input, hasArguments: false });
  parts.push({ type: "tool-call-start", block, callId: stringAt(content, "id") ?? `call_${block}`, name });
}

function changeBlock(state: StreamState, data: JsonObject, parts: AnswerPart[]): void {
  const block = indexOf(data);
  const open = state.open.get(block);
  const delta = objectAt(data, "delta") ?? {};
  if (open === undefined) return;
  if (open.type === "text") return addText(parts, block, stringAt(delta, "text"));
  if (open.type === "thinking") {
    open.signature = stringAt(delta, "signature") ?? open.signature;
    return addThinking(parts, block, stringAt(delta, "thinking"));
  }
  const json = open.type === "tool" ? stringAt(delta, "partial_json") : undefined;
  if (open.type !== "tool" || json === undefined || json === "") return;
  open.hasArguments = true;
  parts.push({ type: "tool-call-delta", block, arguments: json });
}

function addText(parts: AnswerPart[], block: number, text: string | undefined): void {
  if (text !== undefined && text !== "") parts.push({ type: "text-delta", block, text });
}

function addThinking(parts: AnswerPart[], block: number, text: string | undefined): void {
  if (text !== undefined && text !== "") parts.push({ type: "reasoning-delta", block, text });
}

function stopBlock(state: StreamState, block: number, parts: AnswerPart[]): void {
  const open = state.open.get(block);
  if (open === undefined) return;
  state.open.delete(block);
  switch (open.type) {
    case "text":
      return void parts.push({ type: "text-end", block });
    case "thinking": {
      const { encrypted } = claudeThinking("", open.signature);
      return void parts.push({ type: "reasoning-end", block, ...(encrypted === undefined ? {} : { encrypted }) });
    }
    case "redacted": {
      const { encrypted } = claudeRedacted(open.data);
      return void parts.push({ type: "reasoning-end", block, ...(encrypted === undefined ? {} : { encrypted }) });
    }
    case "tool":
      // A call without arguments streams none, and its input stands where the block began.
      if (!open.hasArguments) parts.push({ type: "tool-call-delta", block, arguments: JSON.stringify(open.input) });
      return void parts.push({ type: "tool-call-end", block });
  }
}

function changeMessage(state: StreamState, data: JsonObject): void {
  report(state.usage, objectAt(data, "usage"));
  state.stopReason = stringAt(objectAt(data, "delta") ?? {}, "stop_reason") ?? state.stopReason;
}

/** The end of the bytes means the same as `message_stop`, once the upstream has said why the model stopped. */
function finish(state: StreamState): AnswerPart[] {
  if (state.ended) return [];
  if (state.stopReason === undefined) {
    throw new ProviderFailure("cut", "the upstream's stream ended before its answer");
  }
  state.ended = true;
  const parts: AnswerPart[] = [];
  for (const block of state.open.keys()) stopBlock(state, block, parts);
  parts.push({ type: "end", finish: finishOf(state.stopReason), usage: usageOf(state.usage) });
  return parts;
}

function indexOf(data: JsonObject): number {
  return numberAt(data, "index") ?? 0;
}

function malformed(message: string): ProviderFailure {
  return new ProviderFailure("provider_error", message);
}
