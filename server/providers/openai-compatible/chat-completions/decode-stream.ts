// Chat Completions chunks in neutral terms: `step(state, event)` over small readers, one for each field of a delta.

import { arrayAt, isObject, objectAt, parseObject, stringAt, type JsonObject } from "../../../contracts/json.ts";
import type { AnswerPart } from "../../../conversation/answer.ts";
import type { ServerSentEvent } from "../../../conversation/events.ts";
import { unknownUsage, type Usage } from "../../../conversation/usage.ts";
import { doneData } from "../../../protocols/chat-wire.ts";
import type { StreamDecoder } from "../../dialect.ts";
import { ProviderFailure } from "../../provider.ts";
import { failureOfErrorValue } from "../../http-provider/upstream-errors.ts";
import { readContent } from "./decode-answer.ts";
import { readFinish, readUsage } from "./read-completion.ts";
import { closeProse, newProse, readReasoningDelta, writeProse, type ProseState } from "./stream-prose.ts";
import { closeTools, newTools, readToolDelta, type ToolState } from "./stream-tools.ts";

type StreamState = {
  started: boolean;
  ended: boolean;
  /** As the upstream said it, once it did. */
  finishReason: string | undefined;
  usage: Usage;
  readonly prose: ProseState;
  readonly tools: ToolState;
  /** Numbers for blocks, unique within the answer. */
  readonly nextBlock: () => number;
};

export function decodeStream(): StreamDecoder {
  let blocks = 0;
  const state: StreamState = {
    started: false,
    ended: false,
    finishReason: undefined,
    usage: unknownUsage,
    prose: newProse(),
    tools: newTools(),
    nextBlock: () => blocks++,
  };
  return { step: (event) => step(state, event), finish: () => finish(state) };
}

function step(state: StreamState, event: ServerSentEvent): AnswerPart[] {
  if (state.ended) return [];
  if (event.data === doneData) return finish(state);
  const chunk = parseObject(event.data);
  if (chunk === undefined) throw new ProviderFailure("provider_error", "the upstream sent an event that is not JSON");
  if (chunk.error !== undefined && chunk.error !== null) throw failureOfErrorValue(chunk.error);
  const parts: AnswerPart[] = [];
  if (!state.started && !isPreface(chunk)) parts.push(start(state, chunk));
  for (const choice of arrayAt(chunk, "choices") ?? []) if (isObject(choice)) readChoice(state, choice, parts);
  const usage = objectAt(chunk, "usage");
  if (usage !== undefined) state.usage = readUsage(usage);
  return parts;
}

/** Azure tells what its filters found in the prompt before the answer has an id. */
function isPreface(chunk: JsonObject): boolean {
  return stringAt(chunk, "id") === "" && arrayAt(chunk, "choices")?.length === 0;
}

function start(state: StreamState, chunk: JsonObject): AnswerPart {
  state.started = true;
  const id = stringAt(chunk, "id");
  const model = stringAt(chunk, "model");
  return { type: "start", ...(id === undefined ? {} : { id }), ...(model === undefined ? {} : { model }) };
}

/** The first choice is the answer; of others only tool calls are told, so that no tool policy misses them. */
function readChoice(state: StreamState, choice: JsonObject, parts: AnswerPart[]): void {
  if (isObject(choice.error)) throw failureOfErrorValue(choice.error);
  const index = typeof choice.index === "number" ? choice.index : 0;
  const delta = objectAt(choice, "delta");
  if (delta !== undefined) {
    if (index === 0) readProse(state, delta, parts);
    readTools(state, delta, index, parts);
  }
  if (index === 0 && typeof choice.finish_reason === "string") state.finishReason = choice.finish_reason;
}

function readProse(state: StreamState, delta: JsonObject, parts: AnswerPart[]): void {
  const { prose, nextBlock } = state;
  readReasoningDelta(prose, delta, nextBlock, parts);
  const text = readContent(delta.content);
  if (text !== "") writeProse(prose, "text", text, nextBlock, parts);
  const refusal = stringAt(delta, "refusal");
  if (refusal !== undefined && refusal !== "") writeProse(prose, "refusal", refusal, nextBlock, parts);
}

function readTools(state: StreamState, delta: JsonObject, choice: number, parts: AnswerPart[]): void {
  const calls = arrayAt(delta, "tool_calls") ?? [];
  const older = objectAt(delta, "function_call");
  if (calls.length === 0 && older === undefined) return;
  closeProse(state.prose, parts);
  for (const call of calls) if (isObject(call)) readToolDelta(state.tools, call, choice, state.nextBlock, parts);
  if (older !== undefined) readToolDelta(state.tools, { index: 0, function: older }, choice, state.nextBlock, parts);
}

/** The end of the bytes means the same as `[DONE]`: some upstreams leave it out. */
function finish(state: StreamState): AnswerPart[] {
  if (state.ended) return [];
  if (state.finishReason === undefined)
    throw new ProviderFailure("cut", "the upstream's stream ended before its answer");
  state.ended = true;
  const parts: AnswerPart[] = [];
  closeProse(state.prose, parts);
  const finishReason = readFinish(state.finishReason, state.tools.calls.size > 0);
  closeTools(state.tools, parts);
  parts.push({ type: "end", finish: finishReason, usage: state.usage });
  return parts;
}
