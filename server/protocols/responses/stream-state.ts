// What an answer's event stream has said so far, and the moves that say more: open the response, add an item, let it
// grow, finish it, close everything.

import type { JsonObject } from "../../contracts/json.ts";
import type { AnswerContext } from "../protocol.ts";
import { closingEvents, deltaEvents, openingEvents, type Draft } from "./item-events.ts";
import { renderItem, type ItemStatus, type OutputItem } from "./output-items.ts";
import { responseId, responseResource, type ResponseState } from "./response-resource.ts";

type Slot = { readonly item: OutputItem; readonly status: ItemStatus };

export type EncoderState = {
  /** Undefined until `response.created` went out. */
  readonly responseId: string | undefined;
  /** By output index. */
  readonly slots: readonly Slot[];
  /** Output index of each block. */
  readonly indexByBlock: ReadonlyMap<number, number>;
  /**
   * The item whose block ended last. It is reported done with the next part, because only then is it known whether the
   * answer was cut in it.
   */
  readonly ending: number | undefined;
};

export type Step = { readonly state: EncoderState; readonly drafts: readonly Draft[] };
export type Move = (state: EncoderState) => Step;

export const initialState: EncoderState = {
  responseId: undefined,
  slots: [],
  indexByBlock: new Map(),
  ending: undefined,
};

export const stay: Move = (state) => ({ state, drafts: [] });

export function inOrder(...moves: readonly Move[]): Move {
  return (state) => {
    const drafts: Draft[] = [];
    let current = state;
    for (const move of moves) {
      const step = move(current);
      drafts.push(...step.drafts);
      current = step.state;
    }
    return { state: current, drafts };
  };
}

/** Says one event and remembers nothing of it. */
export function say(draft: Draft): Move {
  return (state) => ({ state, drafts: [draft] });
}

/** Announces the response, once. */
export function open(providerId: string | undefined, context: AnswerContext): Move {
  return (state) => {
    if (state.responseId !== undefined) return { state, drafts: [] };
    const id = responseId(providerId, context);
    const response = responseResource(id, context, { status: "in_progress", output: [] });
    return {
      state: { ...state, responseId: id },
      drafts: [
        { type: "response.created", response },
        { type: "response.in_progress", response },
      ],
    };
  };
}

/** Announces a new item at the next output index. */
export function add(block: number, itemAt: (outputIndex: number) => OutputItem): Move {
  return (state) => {
    const index = state.slots.length;
    const item = itemAt(index);
    return {
      state: {
        ...state,
        slots: [...state.slots, { item, status: "in_progress" }],
        indexByBlock: new Map(state.indexByBlock).set(block, index),
      },
      drafts: openingEvents(item, index),
    };
  };
}

/** Adds a piece to a block's item. Pieces of unknown blocks and empty pieces say nothing. */
export function grow(block: number, piece: string): Move {
  return (state) => {
    const index = state.indexByBlock.get(block);
    const slot = index === undefined ? undefined : state.slots[index];
    if (index === undefined || !slot || piece === "") return { state, drafts: [] };
    const grown = { ...slot, item: { ...slot.item, text: slot.item.text + piece } };
    return { state: { ...state, slots: state.slots.with(index, grown) }, drafts: deltaEvents(slot.item, index, piece) };
  };
}

/** Marks a block's item as ending. `encrypted` is the opaque continuation of reasoning. */
export function finish(block: number, encrypted?: string): Move {
  return (state) => {
    const index = state.indexByBlock.get(block);
    const slot = index === undefined ? undefined : state.slots[index];
    if (index === undefined || !slot) return { state, drafts: [] };
    const item = encrypted === undefined || slot.item.kind !== "reasoning" ? slot.item : { ...slot.item, encrypted };
    return { state: { ...state, slots: state.slots.with(index, { ...slot, item }), ending: index }, drafts: [] };
  };
}

/** Reports the ending item done. */
export function settleEnding(status: ItemStatus): Move {
  return (state) => (state.ending === undefined ? { state, drafts: [] } : closeSlot(state.ending, status)(state));
}

/** Reports every unfinished item done: with the last part, or because the answer broke off. */
export function closeAll(status: ItemStatus): Move {
  return (state) => {
    const unfinished = [...state.slots.entries()].filter(([, slot]) => slot.status === "in_progress");
    return inOrder(...unfinished.map(([index]) => closeSlot(index, status)))(state);
  };
}

/** The terminal event, with all items as they were reported. */
export function terminate(context: AnswerContext, ended: Omit<ResponseState, "output">): Move {
  return (state) => {
    const output: JsonObject[] = state.slots.map(({ item, status }) => renderItem(item, status));
    const response = responseResource(state.responseId ?? responseId(undefined, context), context, {
      ...ended,
      output,
    });
    return { state, drafts: [{ type: `response.${ended.status}`, response }] };
  };
}

function closeSlot(index: number, status: ItemStatus): Move {
  return (state) => {
    const slot = state.slots[index];
    if (!slot) return { state, drafts: [] };
    return {
      state: { ...state, slots: state.slots.with(index, { ...slot, status }), ending: undefined },
      drafts: closingEvents(slot.item, index, status),
    };
  };
}
