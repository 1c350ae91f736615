// What bodies to Gemini say on top of the caller's words: nothing is logged for the operator where the stack forbids it.

import type { JsonObject } from "../../contracts/json.ts";
import type { ProviderCall } from "../provider.ts";

/** `store` is off unless the operator's project logs its calls; saying so here overrules that. Embeddings have no such field. */
export function extendGeminiBody(body: JsonObject, call: ProviderCall): JsonObject {
  return call.mayStore || body.contents === undefined ? body : { ...body, store: false };
}
