// The events of a streamed Converse answer as neutral parts: a table of small handlers, one per event that matters.

import { entryOf, numberAt, objectAt, parseObject, stringAt, type JsonObject } from "../../contracts/json.ts";
import type { AnswerPart } from "../../conversation/answer.ts";
import type { ServerSentEvent } from "../../conversation/events.ts";
import type { StreamDecoder } from "../dialect.ts";
import { ProviderFailure } from "../provider.ts";
import { failureOfEvent } from "./bedrock-errors.ts";
import { finishOf, usageOf } from "./outcome.ts";
import { redactedReasoning, signedReasoning } from "./reasoning-marks.ts";

/** Blocks one answer may hold; more is a broken or hostile upstream. */
const mostBlocks = 10_000;

/** `block` is our number: models are known that use one index for two blocks. */
type OpenBlock = { readonly block: number } & (
  | { readonly type: "text" }
  | { readonly type: "reasoning"; signature: string; redacted: string }
  | { readonly type: "tool"; hasArguments: boolean }
);

type StreamState = {
  /** The catalogue's id. */
  readonly model: string;
  started: boolean;
  ended: boolean;
  stopReason: string | undefined;
  /** Blocks by the upstream's index that have begun and not ended. */
  readonly open: Map<number, OpenBlock>;
  /** How many have begun. */
  blocks: number;
};

type Handler = (state: StreamState, data: JsonObject, parts: AnswerPart[]) => void;

const handlers: { readonly [event: string]: Handler } = {
  messageStart: start,
  contentBlockStart: startBlock,
  contentBlockDelta: changeBlock,
  contentBlockStop: (state, data, parts) => stopBlock(state, indexOf(data), parts),
  messageStop: (state, data) => void (state.stopReason = stringAt(data, "stopReason") ?? "end_turn"),
  metadata: (state, data, parts) => parts.push(...finish(state, objectAt(data, "usage"))),
};

/** `model` is the catalogue's id. */
export function decodeStream(model: string): StreamDecoder {
  const state: StreamState = {
    model,
    started: false,
    ended: false,
    stopReason: undefined,
    open: new Map(),
    blocks: 0,
  };
  return { step: (event) => step(state, event), finish: () => finish(state, undefined) };
}

function step(state: StreamState, { event = "", data: text }: ServerSentEvent): AnswerPart[] {
  if (state.ended) return [];
  const handler = entryOf(handlers, event);
  if (handler === undefined) {
    const failure = failureOfEvent(event, text);
    if (failure !== undefined) throw failure;
    return [];
  }
  const data = parseObject(text);
  if (data === undefined) throw malformed("the upstream sent an event that is not JSON");
  const parts: AnswerPart[] = [];
  handler(state, data, parts);
  return parts;
}

function start(state: StreamState, _data: JsonObject, parts: AnswerPart[]): void {
  if (state.started) return;
  state.started = true;
  parts.push({ type: "start" });
}

/** Calls of tools begin here; other blocks may, and else begin with their first piece. */
function startBlock(state: StreamState, data: JsonObject, parts: AnswerPart[]): void {
  const call = objectAt(objectAt(data, "start") ?? {}, "toolUse");
  if (call === undefined) return;
  const index = indexOf(data);
  const name = stringAt(call, "name");
  if (name === undefined) throw malformed("the upstream's tool call has no name");
  stopBlock(state, index, parts);
  const block = nextBlock(state);
  state.open.set(index, { block, type: "tool", hasArguments: false });
  parts.push({ type: "tool-call-start", block, callId: stringAt(call, "toolUseId") ?? `call_${block}`, name });
}

function changeBlock(state: StreamState, data: JsonObject, parts: AnswerPart[]): void {
  const index = indexOf(data);
  const delta = objectAt(data, "delta") ?? {};
  const text = stringAt(delta, "text");
  if (text !== undefined) return addText(state, index, text, parts);
  const reasoning = objectAt(delta, "reasoningContent");
  if (reasoning !== undefined) return addReasoning(state, index, reasoning, parts);
  const input = stringAt(objectAt(delta, "toolUse") ?? {}, "input");
  const call = state.open.get(index);
  if (call?.type !== "tool" || input === undefined || input === "") return;
  call.hasArguments = true;
  parts.push({ type: "tool-call-delta", block: call.block, arguments: input });
}

function addText(state: StreamState, index: number, text: string, parts: AnswerPart[]): void {
  let opened = state.open.get(index);
  if (opened?.type !== "text") {
    stopBlock(state, index, parts);
    opened = { block: nextBlock(state), type: "text" };
    state.open.set(index, opened);
    parts.push({ type: "text-start", block: opened.block });
  }
  if (text !== "") parts.push({ type: "text-delta", block: opened.block, text });
}

function addReasoning(state: StreamState, index: number, piece: JsonObject, parts: AnswerPart[]): void {
  let opened = state.open.get(index);
  if (opened?.type !== "reasoning") {
    stopBlock(state, index, parts);
    opened = { block: nextBlock(state), type: "reasoning", signature: "", redacted: "" };
    state.open.set(index, opened);
    parts.push({ type: "reasoning-start", block: opened.block });
  }
  opened.signature += stringAt(piece, "signature") ?? "";
  opened.redacted += stringAt(piece, "redactedContent") ?? "";
  const text = stringAt(piece, "text") ?? "";
  if (text !== "") parts.push({ type: "reasoning-delta", block: opened.block, text });
}

function nextBlock(state: StreamState): number {
  if (state.blocks === mostBlocks) throw malformed("the upstream sent too many content blocks");
  return state.blocks++;
}

function stopBlock(state: StreamState, index: number, parts: AnswerPart[]): void {
  const opened = state.open.get(index);
  if (opened === undefined) return;
  state.open.delete(index);
  const { block } = opened;
  switch (opened.type) {
    case "text":
      return void parts.push({ type: "text-end", block });
    case "reasoning": {
      const { signature, redacted } = opened;
      const { encrypted } =
        redacted === "" ? signedReasoning("", signature, state.model) : redactedReasoning(redacted, state.model);
      return void parts.push({ type: "reasoning-end", block, ...(encrypted === undefined ? {} : { encrypted }) });
    }
    case "tool":
      // A call without arguments streams none.
      if (!opened.hasArguments) parts.push({ type: "tool-call-delta", block, arguments: "{}" });
      return void parts.push({ type: "tool-call-end", block });
  }
}

/** The counts come after the stop. A stream that ends between the two is whole, and its usage unknown. */
function finish(state: StreamState, usage: JsonObject | undefined): AnswerPart[] {
  if (state.ended) return [];
  if (state.stopReason === undefined) {
    throw new ProviderFailure("cut", "the upstream's stream ended before its answer");
  }
  state.ended = true;
  const reason = finishOf(state.stopReason);
  const parts: AnswerPart[] = [];
  for (const index of state.open.keys()) stopBlock(state, index, parts);
  parts.push({ type: "end", finish: reason, usage: usageOf(usage) });
  return parts;
}

function indexOf(data: JsonObject): number {
  return numberAt(data, "contentBlockIndex") ?? 0;
}

function malformed(message: string): ProviderFailure {
  return new ProviderFailure("provider_error", message);
}
