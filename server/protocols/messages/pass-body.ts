// Edits of a Messages body on its way to an upstream that speaks Messages too. Nothing the caller sent is changed in place.

import { isObject, type Json, type JsonObject } from "../../contracts/json.ts";
import { isClaudeSignature } from "../messages-wire.ts";
import { withoutOverrides } from "../request-fields.ts";

/** A copy with the upstream's model name and the paid output limit, without our own metadata and others' thinking. */
export function passBody(
  body: JsonObject,
  model: string,
  maxOutputTokens: number | undefined,
  warn?: (sentence: string) => void,
): JsonObject {
  const copy = withoutOverrides(body);
  copy.model = model;
  if (maxOutputTokens !== undefined) copy.max_tokens = maxOutputTokens;
  const messages = withoutForeignThinking(body.messages);
  if (messages === undefined) return copy;
  warn?.("thinking that another maker's model signed was not sent to the upstream: it would refuse it");
  copy.messages = messages;
  return copy;
}

/** Counting takes the prompt alone. */
export function passCountBody(body: JsonObject, model: string): JsonObject {
  const { metadata: _metadata, max_tokens: _tokens, stream: _stream, ...prompt } = passBody(body, model, undefined);
  return prompt;
}

/**
 * The messages without thinking that another maker's model produced in an earlier turn: Claude checks signatures and
 * refuses what it did not sign. A turn that held nothing else goes with it.
 */
function withoutForeignThinking(messages: Json | undefined): Json[] | undefined {
  if (!Array.isArray(messages) || !messages.some(hasForeignThinking)) return undefined;
  return messages.flatMap((message) => {
    if (!isObject(message) || !Array.isArray(message.content)) return [message];
    const content = message.content.filter((block) => !isForeignThinking(block));
    return content.length === 0 && message.content.length > 0 ? [] : [{ ...message, content }];
  });
}

function hasForeignThinking(message: Json): boolean {
  return isObject(message) && Array.isArray(message.content) && message.content.some(isForeignThinking);
}

function isForeignThinking(block: Json): boolean {
  if (!isObject(block) || block.type !== "thinking") return false;
  return typeof block.signature !== "string" || !isClaudeSignature(block.signature);
}

/** A copy with the text in front of the system prompt. */
export function withInstruction(body: JsonObject, text: string): JsonObject {
  const { system } = body;
  if (Array.isArray(system)) return { ...body, system: [{ type: "text", text }, ...system] };
  return { ...body, system: typeof system === "string" && system !== "" ? `${text}\n\n${system}` : text };
}
