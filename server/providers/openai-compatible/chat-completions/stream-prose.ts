// The prose of a streamed answer: reasoning, text and refusal. One block is open at a time; another kind ends it.

import { arrayAt, type JsonObject } from "../../../contracts/json.ts";
import type { AnswerPart } from "../../../conversation/answer.ts";
import { readReasoningDetail, reasoningText, type ReasoningDetail } from "../../../protocols/chat-reasoning.ts";

type ProseKind = "text" | "refusal" | "reasoning";
type OpenBlock = { readonly kind: ProseKind; readonly block: number; encrypted: string | undefined };
export type ProseState = { open: OpenBlock | undefined };

export function newProse(): ProseState {
  return { open: undefined };
}

/** Adds text to the open block of this kind, or ends what is open and begins one. */
export function writeProse(
  state: ProseState,
  kind: ProseKind,
  text: string,
  nextBlock: () => number,
  parts: AnswerPart[],
): void {
  const { block } = openBlock(state, kind, undefined, nextBlock, parts);
  if (text === "") return;
  if (kind === "text") parts.push({ type: "text-delta", block, text });
  else if (kind === "refusal") parts.push({ type: "refusal-delta", block, text });
  else parts.push({ type: "reasoning-delta", block, text });
}

/** Where plain reasoning stands beside details it is the same text said twice, so the details give only continuations. */
export function readReasoningDelta(
  state: ProseState,
  delta: JsonObject,
  nextBlock: () => number,
  parts: AnswerPart[],
): void {
  const plain = reasoningText(delta);
  if (plain !== undefined && plain !== "") writeProse(state, "reasoning", plain, nextBlock, parts);
  for (const item of arrayAt(delta, "reasoning_details") ?? []) {
    const detail = readReasoningDetail(item);
    if (detail !== undefined) readDetail(state, detail, plain === undefined || plain === "", nextBlock, parts);
  }
}

function readDetail(
  state: ProseState,
  { text, encrypted, id }: ReasoningDetail,
  takeText: boolean,
  nextBlock: () => number,
  parts: AnswerPart[],
): void {
  const hasText = takeText && text !== undefined && text !== "";
  if (!hasText && encrypted === undefined) return;
  // A continuation belongs to one block of reasoning: a second one begins another.
  if (encrypted !== undefined && state.open?.encrypted !== undefined) closeProse(state, parts);
  const open = openBlock(state, "reasoning", id, nextBlock, parts);
  if (hasText) parts.push({ type: "reasoning-delta", block: open.block, text });
  if (encrypted !== undefined) open.encrypted = encrypted;
}

function openBlock(
  state: ProseState,
  kind: ProseKind,
  id: string | undefined,
  nextBlock: () => number,
  parts: AnswerPart[],
): OpenBlock {
  if (state.open?.kind === kind) return state.open;
  closeProse(state, parts);
  const open: OpenBlock = { kind, block: nextBlock(), encrypted: undefined };
  state.open = open;
  const { block } = open;
  if (kind === "text") parts.push({ type: "text-start", block });
  else if (kind === "refusal") parts.push({ type: "refusal-start", block });
  else parts.push({ type: "reasoning-start", block, ...(id === undefined ? {} : { id }) });
  return open;
}

export function closeProse(state: ProseState, parts: AnswerPart[]): void {
  const { open } = state;
  if (open === undefined) return;
  state.open = undefined;
  const { block, encrypted } = open;
  if (open.kind === "text") parts.push({ type: "text-end", block });
  else if (open.kind === "refusal") parts.push({ type: "refusal-end", block });
  else parts.push({ type: "reasoning-end", block, ...(encrypted === undefined ? {} : { encrypted }) });
}
