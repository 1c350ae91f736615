// The tool calls of a streamed answer. Calls are told apart by their index, which some upstreams leave out or repeat;
// a new id at a known index is therefore a new call.

import { objectAt, stringAt, type JsonObject } from "../../../contracts/json.ts";
import type { AnswerPart } from "../../../conversation/answer.ts";
import { ProviderFailure } from "../../provider.ts";
import { argumentsText } from "./decode-answer.ts";

/** Calls one answer may hold; more is a broken or hostile upstream. */
const mostCalls = 1_024;

type OpenCall = {
  readonly block: number;
  callId: string | undefined;
  started: boolean;
  /** Arguments that came before the call's name. */
  early: string;
};
export type ToolState = {
  /** All calls of the answer by block. */
  readonly calls: Map<number, OpenCall>;
  /** The call that an index of a choice means now. */
  readonly current: Map<string, OpenCall>;
  latest: OpenCall | undefined;
};

export function newTools(): ToolState {
  return { calls: new Map(), current: new Map(), latest: undefined };
}

/** One entry of a delta's `tool_calls`. */
export function readToolDelta(
  state: ToolState,
  entry: JsonObject,
  choice: number,
  nextBlock: () => number,
  parts: AnswerPart[],
): void {
  const definition = objectAt(entry, "function") ?? objectAt(entry, "custom") ?? {};
  const call = findCall(state, entry, choice, nextBlock);
  const name = stringAt(definition, "name");
  const text = argumentsText(definition.arguments ?? definition.input);
  if (!call.started && name !== undefined && name !== "") {
    call.started = true;
    const callId = call.callId ?? `call_${call.block}`;
    parts.push({ type: "tool-call-start", block: call.block, callId, name });
    if (call.early !== "") parts.push({ type: "tool-call-delta", block: call.block, arguments: call.early });
  }
  if (text === "") return;
  if (call.started) parts.push({ type: "tool-call-delta", block: call.block, arguments: text });
  else call.early += text;
}

function findCall(state: ToolState, entry: JsonObject, choice: number, nextBlock: () => number): OpenCall {
  const id = stringAt(entry, "id");
  const callId = id === "" ? undefined : id;
  const key = typeof entry.index === "number" ? `${choice}:${entry.index}` : callId;
  const known = key === undefined ? state.latest : state.current.get(key);
  if (known !== undefined && (callId === undefined || known.callId === undefined || known.callId === callId)) {
    known.callId ??= callId;
    return known;
  }
  if (state.calls.size >= mostCalls)
    throw new ProviderFailure("provider_error", "the upstream sent too many tool calls");
  const call: OpenCall = { block: nextBlock(), callId, started: false, early: "" };
  state.calls.set(call.block, call);
  state.latest = call;
  state.current.set(key ?? `${choice}:${call.block}`, call);
  return call;
}

/** @throws ProviderFailure when a call never got a name: nobody could run it. */
export function closeTools(state: ToolState, parts: AnswerPart[]): void {
  for (const call of state.calls.values()) {
    if (!call.started) throw new ProviderFailure("provider_error", "the upstream's tool call has no name");
    parts.push({ type: "tool-call-end", block: call.block });
  }
}
