// The typed events that announce, fill and finish one output item, per kind of item, and how an event is written.

import type { JsonObject } from "../../contracts/json.ts";
import type { ServerSentEvent } from "../../conversation/events.ts";
import { renderContent, renderItem, renderSummary, type ItemStatus, type OutputItem } from "./output-items.ts";

/** An event before it is numbered. */
export type Draft = JsonObject & { readonly type: string };

/** The draft as it travels: named by its type, at its place in the stream. */
export function numbered(draft: Draft, sequenceNumber: number): ServerSentEvent {
  const { type, ...fields } = draft;
  return { event: type, data: JSON.stringify({ type, sequence_number: sequenceNumber, ...fields }) };
}

type Events = {
  /** Between `output_item.added` and the first delta. */
  open(item: OutputItem, place: JsonObject): Draft[];
  /** For one more piece; `item` is as it was before. */
  delta(item: OutputItem, place: JsonObject, piece: string): Draft[];
  /** Between the last delta and `output_item.done`. */
  close(item: OutputItem, place: JsonObject): Draft[];
};

/** A message of ours has one content part. */
const first = { content_index: 0 } as const;

const text: Events = {
  open: (_item, place) => [
    { type: "response.content_part.added", ...place, ...first, part: renderContent("text", "") },
  ],
  delta: (_item, place, delta) => [{ type: "response.output_text.delta", ...place, ...first, delta, logprobs: [] }],
  close: (item, place) => [
    { type: "response.output_text.done", ...place, ...first, text: item.text, logprobs: [] },
    { type: "response.content_part.done", ...place, ...first, part: renderContent("text", item.text) },
  ],
};

const refusal: Events = {
  open: (_item, place) => [
    { type: "response.content_part.added", ...place, ...first, part: renderContent("refusal", "") },
  ],
  delta: (_item, place, delta) => [{ type: "response.refusal.delta", ...place, ...first, delta }],
  close: (item, place) => [
    { type: "response.refusal.done", ...place, ...first, refusal: item.text },
    { type: "response.content_part.done", ...place, ...first, part: renderContent("refusal", item.text) },
  ],
};

/** The summary part is announced with its first piece: reasoning without readable text has an empty summary. */
const reasoning: Events = {
  open: () => [],
  delta: (item, place, delta) => [
    ...(item.text === "" ? [summaryPart("added", place, "")] : []),
    { type: "response.reasoning_summary_text.delta", ...place, summary_index: 0, delta },
  ],
  close: (item, place) =>
    item.text === ""
      ? []
      : [
          { type: "response.reasoning_summary_text.done", ...place, summary_index: 0, text: item.text },
          summaryPart("done", place, item.text),
        ],
};

const toolCall: Events = {
  open: () => [],
  delta: (_item, place, delta) => [{ type: "response.function_call_arguments.delta", ...place, delta }],
  close: (item, place) => [
    {
      type: "response.function_call_arguments.done",
      ...place,
      ...(item.kind === "tool-call" ? { name: item.name } : {}),
      arguments: item.text,
    },
  ],
};

const eventsByKind = { text, refusal, reasoning, "tool-call": toolCall } as const;

export function openingEvents(item: OutputItem, outputIndex: number): Draft[] {
  const added = {
    type: "response.output_item.added",
    output_index: outputIndex,
    item: renderItem(item, "in_progress"),
  };
  return [added, ...eventsByKind[item.kind].open(item, placeOf(item, outputIndex))];
}

export function deltaEvents(item: OutputItem, outputIndex: number, piece: string): Draft[] {
  return eventsByKind[item.kind].delta(item, placeOf(item, outputIndex), piece);
}

export function closingEvents(item: OutputItem, outputIndex: number, status: ItemStatus): Draft[] {
  const done = { type: "response.output_item.done", output_index: outputIndex, item: renderItem(item, status) };
  return [...eventsByKind[item.kind].close(item, placeOf(item, outputIndex)), done];
}

function placeOf(item: OutputItem, outputIndex: number): JsonObject {
  return { item_id: item.id, output_index: outputIndex };
}

function summaryPart(happened: "added" | "done", place: JsonObject, text: string): Draft {
  return { type: `response.reasoning_summary_part.${happened}`, ...place, summary_index: 0, part: renderSummary(text) };
}
