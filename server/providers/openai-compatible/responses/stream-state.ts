// The blocks of an answer while its events arrive, and the moves on them: open, receive a piece, fill up what only the
// finished form says, close.

import { numberAt, objectAt, stringAt, type JsonObject } from "../../../contracts/json.ts";
import type { AnswerPart } from "../../../conversation/answer.ts";
import type { AssistantPart } from "../../../conversation/prompt.ts";
import { sectionBreak } from "./output-items.ts";

export type Block = {
  readonly number: number;
  readonly kind: AssistantPart["type"];
  readonly isOpen: boolean;
  /** Where the last piece came from (`summary:0`, `content:0`); undefined until one came. */
  readonly source: string | undefined;
};

export type DecoderState = {
  readonly hasStarted: boolean;
  readonly hasEnded: boolean;
  /** By position, see `itemKey` and `contentKey`. A closed block stays, so that its finished form adds nothing. */
  readonly blocks: ReadonlyMap<string, Block>;
  readonly blockCount: number;
  /** Whether the answer asks the client to run something. */
  readonly hasCalls: boolean;
};

export type Step = { readonly state: DecoderState; readonly parts: readonly AnswerPart[] };
export type Move = (state: DecoderState) => Step;

export const initialState: DecoderState = {
  hasStarted: false,
  hasEnded: false,
  blocks: new Map(),
  blockCount: 0,
  hasCalls: false,
};

export const stay: Move = (state) => ({ state, parts: [] });

export function inOrder(...moves: readonly Move[]): Move {
  return (state) => {
    const parts: AnswerPart[] = [];
    let current = state;
    for (const move of moves) {
      const step = move(current);
      parts.push(...step.parts);
      current = step.state;
    }
    return { state: current, parts };
  };
}

/** Positions, not item ids: upstreams behind proxies change an item's id from event to event. */
export function itemKey(event: JsonObject): string {
  const itemId = stringAt(event, "item_id") ?? stringAt(objectAt(event, "item") ?? {}, "id");
  return `${numberAt(event, "output_index") ?? itemId ?? 0}`;
}

export function contentKey(event: JsonObject): string {
  return `${itemKey(event)}.${numberAt(event, "content_index") ?? 0}`;
}

/** What a block begins with, before it has a number. */
export type Opening =
  | { readonly kind: "text" | "refusal" }
  | { readonly kind: "reasoning"; readonly id: string | undefined }
  | { readonly kind: "tool-call"; readonly callId: string; readonly name: string };

/** Opens a block unless there is one at the position already. */
export function open(key: string, opening: Opening): Move {
  return (state) => {
    if (state.blocks.has(key)) return { state, parts: [] };
    const block: Block = { number: state.blockCount, kind: opening.kind, isOpen: true, source: undefined };
    return {
      state: { ...withBlock(state, key, block), blockCount: state.blockCount + 1 },
      parts: [startPart(block.number, opening)],
    };
  };
}

/**
 * Makes room for a new item: some upstreams use one position for several items, and a finished one must not swallow
 * the next.
 */
export function vacate(key: string): Move {
  const isHere = (other: string) => other === key || other.startsWith(`${key}.`);
  return (state) => {
    const closed = closeAll(isHere)(state);
    const blocks = new Map([...closed.state.blocks].filter(([other]) => !isHere(other)));
    return { state: { ...closed.state, blocks }, parts: closed.parts };
  };
}

/**
 * Adds a piece to an open block. A new section of the same kind of source begins a new paragraph; once reasoning came
 * as a summary, its full text is not mixed in, and the other way round.
 */
export function receive(key: string, piece: string, source = "content:0"): Move {
  return (state) => {
    const block = state.blocks.get(key);
    if (!block?.isOpen || piece === "") return { state, parts: [] };
    if (block.source === source) return { state, parts: [deltaPart(block, piece)] };
    if (block.source !== undefined && kindOfSource(block.source) !== kindOfSource(source)) return { state, parts: [] };
    const text = block.source === undefined ? piece : sectionBreak + piece;
    return { state: withBlock(state, key, { ...block, source }), parts: [deltaPart(block, text)] };
  };
}

/** Gives a block its whole text, if no piece of it came before. */
export function fill(key: string, text: string): Move {
  return (state) => (state.blocks.get(key)?.source === undefined ? receive(key, text)(state) : { state, parts: [] });
}

export function close(key: string, encrypted?: string): Move {
  return (state) => {
    const block = state.blocks.get(key);
    if (!block?.isOpen) return { state, parts: [] };
    return { state: withBlock(state, key, { ...block, isOpen: false }), parts: [endPart(block, encrypted)] };
  };
}

export function closeAll(isAmong: (key: string) => boolean): Move {
  return (state) => inOrder(...[...state.blocks.keys()].filter(isAmong).map((key) => close(key)))(state);
}

function withBlock(state: DecoderState, key: string, block: Block): DecoderState {
  return { ...state, blocks: new Map(state.blocks).set(key, block) };
}

function kindOfSource(source: string): string {
  return source.slice(0, source.indexOf(":"));
}

function startPart(block: number, opening: Opening): AnswerPart {
  switch (opening.kind) {
    case "text":
      return { type: "text-start", block };
    case "refusal":
      return { type: "refusal-start", block };
    case "reasoning":
      return { type: "reasoning-start", block, ...(opening.id === undefined ? {} : { id: opening.id }) };
    case "tool-call":
      return { type: "tool-call-start", block, callId: opening.callId, name: opening.name };
  }
}

function deltaPart({ kind, number: block }: Block, text: string): AnswerPart {
  return kind === "tool-call"
    ? { type: "tool-call-delta", block, arguments: text }
    : { type: `${kind}-delta`, block, text };
}

function endPart({ kind, number: block }: Block, encrypted: string | undefined): AnswerPart {
  return kind === "reasoning" && encrypted !== undefined
    ? { type: "reasoning-end", block, encrypted }
    : { type: `${kind}-end`, block };
}
