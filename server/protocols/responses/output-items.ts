// Output items of a Responses answer. One neutral part is one item, so that an item can be announced, filled and
// finished while the rest of the answer is still unknown.

import type { JsonObject } from "../../contracts/json.ts";
import type { AssistantPart } from "../../conversation/prompt.ts";

export type ItemStatus = "in_progress" | "completed" | "incomplete";

/** `text` is what grows: the message's text, the refusal, the reasoning summary, or the call's arguments. */
export type OutputItem =
  | { readonly kind: "text" | "refusal"; readonly id: string; readonly text: string }
  | { readonly kind: "reasoning"; readonly id: string; readonly text: string; readonly encrypted?: string }
  | {
      readonly kind: "tool-call";
      readonly id: string;
      readonly text: string;
      readonly callId: string;
      readonly name: string;
    };

const idPrefixes = { text: "msg", refusal: "msg", reasoning: "rs", "tool-call": "fc" } as const;

/** Unique within the answer and the same each time it is rendered; at most 64 characters, as the API wants its ids. */
export function itemId(kind: OutputItem["kind"], answerId: string, outputIndex: number): string {
  return `${idPrefixes[kind]}_${answerId}_${outputIndex}`;
}

/** A part of a whole answer as its item. A provider's own reasoning id is kept: it must be sent back unchanged. */
export function itemOf(part: AssistantPart, answerId: string, outputIndex: number): OutputItem {
  const id = itemId(part.type, answerId, outputIndex);
  switch (part.type) {
    case "text":
    case "refusal":
      return { kind: part.type, id, text: part.text };
    case "reasoning":
      return {
        kind: "reasoning",
        id: part.id ?? id,
        text: part.text,
        ...(part.encrypted === undefined ? {} : { encrypted: part.encrypted }),
      };
    case "tool-call":
      return { kind: "tool-call", id, text: part.arguments, callId: part.callId, name: part.name };
  }
}

/** The item on the wire. While in progress its content is empty: events fill it. */
export function renderItem(item: OutputItem, status: ItemStatus): JsonObject {
  const { id } = item;
  switch (item.kind) {
    case "text":
    case "refusal": {
      const content = status === "in_progress" ? [] : [renderContent(item.kind, item.text)];
      return { id, type: "message", status, role: "assistant", content };
    }
    case "reasoning": {
      const encrypted = item.encrypted === undefined ? {} : { encrypted_content: item.encrypted };
      return { id, type: "reasoning", summary: item.text === "" ? [] : [renderSummary(item.text)], ...encrypted };
    }
    case "tool-call":
      return { id, type: "function_call", status, call_id: item.callId, name: item.name, arguments: item.text };
  }
}

export function renderContent(kind: "text" | "refusal", text: string): JsonObject {
  return kind === "refusal"
    ? { type: "refusal", refusal: text }
    : { type: "output_text", text, annotations: [], logprobs: [] };
}

export function renderSummary(text: string): JsonObject {
  return { type: "summary_text", text };
}
