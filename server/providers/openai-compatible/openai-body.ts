// What bodies to OpenAI say on top of the client's words: nothing is stored where the stack forbids it, and nothing is
// bought that the price list does not know.

import type { JsonObject } from "../../contracts/json.ts";
import type { ProviderCall } from "../provider.ts";

export function extendOpenAiBody(body: JsonObject, call: ProviderCall): JsonObject {
  const extended = { ...body };
  if (body.service_tier === "priority") {
    delete extended.service_tier;
    call.warn("service_tier was not sent to the upstream: the price list has no prices for priority");
  }
  const generates = call.maxOutputTokens !== undefined;
  if (generates && !call.mayStore) extended.store = false;
  return extended;
}
