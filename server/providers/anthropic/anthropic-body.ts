// What bodies to an upstream of Messages may not say: nothing is bought that the price list does not know, and nothing
// goes around the plan.

import { isObject, type Json, type JsonObject } from "../../contracts/json.ts";
import type { ProviderCall } from "../provider.ts";

/** Fields at prices of their own, or by which other models than the plan's would answer. */
const unpricedFields: { readonly [field: string]: string } = {
  speed: "the price list has no prices for it",
  inference_geo: "the price list has no prices for it; a stack's regions choose the upstream",
  fallbacks: "the stack picks the models",
};

/** For Anthropic itself. A translated body says none of these things. */
export function extendAnthropicBody(body: JsonObject, call: ProviderCall): JsonObject {
  return call.outgoing.kind === "pass-through" ? withoutUnpricedExtras(body, call.warn) : body;
}

export function withoutUnpricedExtras(body: JsonObject, warn: (sentence: string) => void): JsonObject {
  const extended: JsonObject = { ...body };
  for (const [field, reason] of Object.entries(unpricedFields)) {
    if (extended[field] === undefined) continue;
    if (field !== "speed" || extended[field] !== "standard") warn(`${field} was not sent to the upstream: ${reason}`);
    delete extended[field];
  }
  if (!marksAnHour(extended)) return extended;
  warn("cache_control.ttl was not sent to the upstream: the price list has no prices for caches of an hour");
  return withShortMarks(extended);
}

/** What a mark without a lifetime lasts, and what the price of writing to a cache is for. */
const fiveMinutes = "5m";
/** Where a body marks what is to be cached: at the top, on tools, on system blocks and on content, also in results. */
const markedLists = ["tools", "system", "messages", "content"] as const;

function marksAnHour(holder: JsonObject): boolean {
  const mark = holder.cache_control;
  if (isObject(mark) && mark.ttl !== undefined && mark.ttl !== fiveMinutes) return true;
  return markedLists.some((field) => {
    const list = holder[field];
    return Array.isArray(list) && list.some((entry) => isObject(entry) && marksAnHour(entry));
  });
}

function withShortMarks(holder: JsonObject): JsonObject {
  const short: JsonObject = { ...holder };
  const mark = holder.cache_control;
  if (isObject(mark)) {
    const { ttl: _ttl, ...rest } = mark;
    short.cache_control = rest;
  }
  for (const field of markedLists) {
    const list = holder[field];
    if (Array.isArray(list)) short[field] = list.map(shortenedEntry);
  }
  return short;
}

function shortenedEntry(entry: Json): Json {
  return isObject(entry) ? withShortMarks(entry) : entry;
}
