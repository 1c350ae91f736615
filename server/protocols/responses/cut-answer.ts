// An upstream's response that the gateway ends at its length: the item that was being written is closed as incomplete, and
// the response lists what came.

import { isObject, numberAt, objectAt, parseObject, stringAt, type JsonObject } from "../../contracts/json.ts";
import type { Answer } from "../../conversation/answer.ts";
import type { AssistantPart } from "../../conversation/prompt.ts";
import type { ServerSentEvent } from "../../conversation/events.ts";
import { closingEvents, type Draft } from "./item-events.ts";
import { itemOf } from "./output-items.ts";
import { endedState, renderUsage } from "./response-resource.ts";

/** The neutral parts that each kind of item can hold. */
const partTypes: { readonly [itemType: string]: readonly AssistantPart["type"][] } = {
  message: ["text", "refusal"],
  reasoning: ["reasoning"],
  function_call: ["tool-call"],
};

/** @param itemEvents the upstream's events that began or finished an item, in order. */
export function cutItems(
  itemEvents: readonly ServerSentEvent[],
  answer: Answer,
): { readonly output: JsonObject[]; readonly closing: Draft[] } {
  const items = new Map<number, { readonly item: JsonObject; readonly done: boolean }>();
  for (const { data } of itemEvents) {
    const event = parseObject(data) ?? {};
    const [index, item] = [numberAt(event, "output_index"), objectAt(event, "item")];
    if (index === undefined || item === undefined) continue;
    items.set(index, { item, done: stringAt(event, "type") === "response.output_item.done" });
  }
  const closing: Draft[] = [];
  const output = [...items].map(([index, { item, done }]) => {
    if (done) return item;
    const drafts = closed(item, index, answer);
    closing.push(...drafts);
    return drafts.map(({ item: rendered }) => rendered).find(isObject) ?? item;
  });
  return { output, closing };
}

export function cutResponse(announced: JsonObject, output: JsonObject[], { finish, usage }: Answer): JsonObject {
  const { status, incompleteReason } = endedState(finish);
  const details = incompleteReason === undefined ? null : { reason: incompleteReason };
  return { ...announced, status, incomplete_details: details, output, usage: renderUsage(usage) };
}

/** The events that finish an open item with what was written of it: the answer's last part, where it fits the item. */
function closed(item: JsonObject, index: number, { parts }: Answer): Draft[] {
  const last = parts.at(-1);
  if (last && partTypes[stringAt(item, "type") ?? ""]?.includes(last.type)) {
    const neutral = itemOf(last, "", index);
    return closingEvents({ ...neutral, id: stringAt(item, "id") ?? neutral.id }, index, "incomplete");
  }
  return [{ type: "response.output_item.done", output_index: index, item: { ...item, status: "incomplete" } }];
}
