// A neutral part sequence as the typed events of the Responses API: one small move per kind of part, and an object
// around them that remembers the state and numbers the events.

import type { AnswerPart } from "../../conversation/answer.ts";
import type { ServerSentEvent } from "../../conversation/events.ts";
import type { AnswerContext, StreamEncoder } from "../protocol.ts";
import { errorDraft, failureOf } from "./failure.ts";
import { numbered } from "./item-events.ts";
import { itemId } from "./output-items.ts";
import { endedState } from "./response-resource.ts";
import {
  add,
  closeAll,
  finish,
  grow,
  initialState,
  inOrder,
  open,
  say,
  settleEnding,
  stay,
  terminate,
  type Move,
} from "./stream-state.ts";

/** A new encoder for one answer. */
export function encodeStream(context: AnswerContext): StreamEncoder {
  let state = initialState;
  let nextSequence = 0;
  const perform = (move: Move): ServerSentEvent[] => {
    const step = move(state);
    state = step.state;
    return step.drafts.map((draft) => numbered(draft, nextSequence++));
  };
  return {
    step: (part) => {
      const id = part.type === "start" ? part.id : undefined;
      return perform(inOrder(open(id, context), settleEnding("completed"), moveFor(part, context)));
    },
    end: ({ finish: reason, usage }, metadata) => {
      const ended = endedState(reason);
      const last = terminate(context, { ...ended, usage, metadata });
      return perform(inOrder(open(undefined, context), closeAll(ended.status), last));
    },
    fail: (error, requestId) => {
      const last = terminate(context, { status: "failed", error: failureOf(error, requestId) });
      const raise = say(errorDraft(error, requestId));
      return perform(inOrder(open(undefined, context), closeAll("incomplete"), raise, last));
    },
  };
}

type PartByType = { [Part in AnswerPart as Part["type"]]: Part };
type TypedPart<Type extends keyof PartByType> = { [Key in Type]: { readonly type: Key } & PartByType[Key] }[Type];

const moves: { readonly [Type in keyof PartByType]: (part: PartByType[Type], context: AnswerContext) => Move } = {
  start: () => stay,
  "text-start": startMessage,
  "refusal-start": startMessage,
  "reasoning-start": ({ block, id }, { answerId }) =>
    add(block, (index) => ({ kind: "reasoning", id: id ?? itemId("reasoning", answerId, index), text: "" })),
  "tool-call-start": ({ block, callId, name }, { answerId }) =>
    add(block, (index) => ({ kind: "tool-call", id: itemId("tool-call", answerId, index), text: "", callId, name })),
  "text-delta": ({ block, text }) => grow(block, text),
  "refusal-delta": ({ block, text }) => grow(block, text),
  "reasoning-delta": ({ block, text }) => grow(block, text),
  "tool-call-delta": (part) => grow(part.block, part.arguments),
  "text-end": ({ block }) => finish(block),
  "refusal-end": ({ block }) => finish(block),
  "reasoning-end": ({ block, encrypted }) => finish(block, encrypted),
  "tool-call-end": ({ block }) => finish(block),
  // Rendered by the encoder's own `end`, after settlement.
  end: () => stay,
};

/** The type parameter ties the part to its own entry of the table. */
function moveFor<Type extends keyof PartByType>(part: TypedPart<Type>, context: AnswerContext): Move {
  const move: (typeof moves)[Type] = moves[part.type];
  return move(part, context);
}

function startMessage(part: PartByType["text-start" | "refusal-start"], { answerId }: AnswerContext): Move {
  const kind = part.type === "text-start" ? "text" : "refusal";
  return add(part.block, (index) => ({ kind, id: itemId(kind, answerId, index), text: "" }));
}
