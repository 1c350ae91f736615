// Edits of a chat body on its way to an upstream that speaks Chat Completions too. Nothing the caller sent is changed in place.

import { isObject, objectAt, type JsonObject } from "../../contracts/json.ts";
import { withoutOverrides } from "../request-fields.ts";
import { setOutputLimit } from "./output-limit.ts";

/** A copy with the upstream's model name and the paid output limit, without our own metadata; a stream reports its usage. */
export function passBody(body: JsonObject, model: string, maxOutputTokens: number | undefined): JsonObject {
  const copy = withoutOverrides(body);
  copy.model = model;
  setOutputLimit(copy, model, maxOutputTokens);
  if (copy.stream === true) copy.stream_options = { ...objectAt(body, "stream_options"), include_usage: true };
  return copy;
}

/** A copy with the text as a system message before all others. */
export function withInstruction(body: JsonObject, text: string): JsonObject {
  const messages = Array.isArray(body.messages) ? body.messages : [];
  return { ...body, messages: [{ role: "system", content: text }, ...messages] };
}

/** Whether the caller asked for the usage chunk of a stream; without that it must not see one. */
export function wantsUsageChunk(body: JsonObject): boolean {
  const streamOptions = body.stream_options;
  return isObject(streamOptions) && streamOptions.include_usage === true;
}
