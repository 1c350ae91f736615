// The pieces of a streamed answer as neutral parts. A whole answer is one such piece.

import { arrayAt, isObject, numberAt, objectAt, parseObject, stringAt, type JsonObject } from "../../contracts/json.ts";
import type { AnswerPart } from "../../conversation/answer.ts";
import type { ServerSentEvent } from "../../conversation/events.ts";
import type { StreamDecoder } from "../dialect.ts";
import { ProviderFailure } from "../provider.ts";
import { failureOfErrorValue } from "../http-provider/upstream-errors.ts";
import { callIdOf, continuationOf } from "./call-marks.ts";
import { finishOf, nothingReported, report, usageOf, type ReportedUsage } from "./outcome.ts";

/** Blocks one answer may have; more is a broken or hostile upstream. */
const mostBlocks = 10_000;

/** What has been read of an answer. */
export type AnswerState = {
  started: boolean;
  ended: boolean;
  id: string | undefined;
  /** Why the model stopped, or why the prompt was blocked before it began. */
  stopped: { readonly reason: string; readonly message: string | undefined; readonly blocked: boolean } | undefined;
  readonly usage: ReportedUsage;
  /** The block that grows; at most one does. */
  open: { readonly kind: "text" | "reasoning"; readonly block: number } | undefined;
  blocks: number;
  calls: number;
  /** Whether there has been anything but thoughts. */
  said: boolean;
};

export function newAnswer(): AnswerState {
  return {
    started: false,
    ended: false,
    id: undefined,
    stopped: undefined,
    usage: nothingReported(),
    open: undefined,
    blocks: 0,
    calls: 0,
    said: false,
  };
}

export function decodeStream(): StreamDecoder {
  const state = newAnswer();
  return {
    step(event: ServerSentEvent) {
      if (state.ended) return [];
      const piece = parseObject(event.data);
      if (piece === undefined) throw malformed("the upstream sent an event that is not JSON");
      return readPiece(state, piece);
    },
    finish: () => finish(state),
  };
}

/** @throws ProviderFailure when the piece is an error. */
export function readPiece(state: AnswerState, piece: JsonObject): AnswerPart[] {
  if (piece.error !== undefined && piece.error !== null) throw failureOfErrorValue(piece.error);
  const parts: AnswerPart[] = [];
  start(state, piece, parts);
  report(state.usage, objectAt(piece, "usageMetadata"));
  const feedback = objectAt(piece, "promptFeedback") ?? {};
  const blockReason = stringAt(feedback, "blockReason");
  if (blockReason !== undefined) {
    state.stopped = { reason: blockReason, message: stringAt(feedback, "blockReasonMessage"), blocked: true };
  }
  // One answer is asked for at a time.
  const candidate = (arrayAt(piece, "candidates") ?? []).find((each) => isObject(each) && !numberAt(each, "index"));
  if (isObject(candidate)) readCandidate(state, candidate, parts);
  return parts;
}

function start(state: AnswerState, piece: JsonObject, parts: AnswerPart[]): void {
  if (state.started) return;
  state.started = true;
  state.id = stringAt(piece, "responseId");
  const model = stringAt(piece, "modelVersion");
  const id = state.id === undefined ? {} : { id: state.id };
  parts.push({ type: "start", ...id, ...(model === undefined ? {} : { model }) });
}

function readCandidate(state: AnswerState, candidate: JsonObject, parts: AnswerPart[]): void {
  for (const part of arrayAt(objectAt(candidate, "content") ?? {}, "parts") ?? []) {
    if (isObject(part)) readPart(state, part, parts);
  }
  const reason = stringAt(candidate, "finishReason");
  if (reason === undefined) return;
  state.stopped = { reason, message: stringAt(candidate, "finishMessage"), blocked: false };
}

/** Parts of tools that the provider ran, and media that nobody asked for, mean nothing outside this API. */
function readPart(state: AnswerState, part: JsonObject, parts: AnswerPart[]): void {
  const signature = stringAt(part, "thoughtSignature");
  const call = objectAt(part, "functionCall");
  if (call !== undefined) return readCall(state, call, signature, parts);
  const text = stringAt(part, "text");
  if (text !== undefined && text !== "") write(state, part.thought === true ? "reasoning" : "text", text, parts);
  if (signature !== undefined) sign(state, continuationOf({ signature, callId: undefined }), parts);
}

/** Arguments come whole. A signature ends the reasoning before the call. */
function readCall(state: AnswerState, call: JsonObject, signature: string | undefined, parts: AnswerPart[]): void {
  const name = stringAt(call, "name");
  if (name === undefined) throw malformed("the upstream's tool call has no name");
  const callId = callIdOf(stringAt(call, "id"), state.id, state.calls);
  if (signature !== undefined) sign(state, continuationOf({ signature, callId }), parts);
  close(state, undefined, parts);
  const block = nextBlock(state);
  state.calls += 1;
  state.said = true;
  parts.push(
    { type: "tool-call-start", block, callId, name },
    { type: "tool-call-delta", block, arguments: JSON.stringify(call.args ?? {}) },
    { type: "tool-call-end", block },
  );
}

function write(state: AnswerState, kind: "text" | "reasoning", text: string, parts: AnswerPart[]): void {
  const { block } = openOf(state, kind, parts);
  if (kind === "reasoning") return void parts.push({ type: "reasoning-delta", block, text });
  state.said = true;
  parts.push({ type: "text-delta", block, text });
}

/** Reasoning that is open gets the continuation at its end; otherwise it has a block to itself. */
function sign(state: AnswerState, encrypted: string, parts: AnswerPart[]): void {
  openOf(state, "reasoning", parts);
  close(state, encrypted, parts);
}

function openOf(state: AnswerState, kind: "text" | "reasoning", parts: AnswerPart[]): { readonly block: number } {
  if (state.open?.kind === kind) return state.open;
  close(state, undefined, parts);
  const open = { kind, block: nextBlock(state) };
  state.open = open;
  parts.push({ type: kind === "text" ? "text-start" : "reasoning-start", block: open.block });
  return open;
}

function close(state: AnswerState, encrypted: string | undefined, parts: AnswerPart[]): void {
  const { open } = state;
  if (open === undefined) return;
  state.open = undefined;
  const { block } = open;
  if (open.kind === "text") return void parts.push({ type: "text-end", block });
  parts.push({ type: "reasoning-end", block, ...(encrypted === undefined ? {} : { encrypted }) });
}

function nextBlock(state: AnswerState): number {
  if (state.blocks >= mostBlocks) throw malformed("the upstream sent too many parts");
  return state.blocks++;
}

/**
 * The end of the bytes is the end of the answer, once the upstream has said why the model stopped. An answer that the
 * filters left nothing of says so as a refusal. @throws ProviderFailure when it is cut, or broken by the model
 */
export function finish(state: AnswerState): AnswerPart[] {
  if (state.ended) return [];
  const { stopped } = state;
  if (stopped === undefined) throw new ProviderFailure("cut", "the upstream's stream ended before its answer");
  state.ended = true;
  const reason = stopped.blocked ? "content_filter" : finishOf(stopped.reason, state.calls > 0);
  if (reason === "failed") {
    const extras = stopped.message === undefined ? {} : { upstreamMessage: stopped.message };
    throw new ProviderFailure("provider_error", `the model's answer is broken: ${stopped.reason}`, extras);
  }
  const parts: AnswerPart[] = [];
  close(state, undefined, parts);
  if (reason === "content_filter" && !state.said) {
    const block = nextBlock(state);
    const what = stopped.blocked ? "request" : "answer";
    const text = stopped.message ?? `The provider's filters blocked the ${what}: ${stopped.reason}.`;
    parts.push(
      { type: "refusal-start", block },
      { type: "refusal-delta", block, text },
      { type: "refusal-end", block },
    );
  }
  parts.push({ type: "end", finish: reason, usage: usageOf(state.usage) });
  return parts;
}

function malformed(message: string): ProviderFailure {
  return new ProviderFailure("provider_error", message);
}
