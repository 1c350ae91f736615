// What OpenRouter bodies say on top of the client's words: the stack's data policy, and nothing that goes around its plan.

import { objectAt, type JsonObject } from "../../contracts/json.ts";
import { withoutUnpricedExtras } from "../anthropic/anthropic-body.ts";
import type { ProviderCall } from "../provider.ts";

/** Fields by which OpenRouter would pick other models or bill other things than the plan's and the price list's. */
const openRouterOverrides = ["models", "route", "preset", "plugins", "fallbacks"] as const;

/** OpenRouter: only endpoints that keep the stack's data policy, usage with each answer, and no way around the plan. */
export function extendOpenRouterBody(body: JsonObject, call: ProviderCall): JsonObject {
  const speaksMessages = call.outgoing.kind === "pass-through" && call.outgoing.protocol === "messages";
  const extended: JsonObject = speaksMessages ? withoutUnpricedExtras(body, call.warn) : { ...body };
  // Messages and Responses report it unasked.
  if (body.messages !== undefined && !speaksMessages) extended.usage = { include: true };
  for (const field of openRouterOverrides) {
    if (extended[field] === undefined) continue;
    delete extended[field];
    call.warn(`${field} was not sent to the upstream: the stack picks the models and the price list covers no extras`);
  }
  if (call.dataPolicy === "any") return extended;
  const promises =
    call.dataPolicy === "zero_retention" ? { zdr: true, data_collection: "deny" } : { data_collection: "deny" };
  extended.provider = { ...objectAt(body, "provider"), ...promises };
  return extended;
}
