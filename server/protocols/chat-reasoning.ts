// Reasoning on a chat message, as clients and upstreams of Chat Completions both write it. The protocol has no field of its own for it; upstreams and clients use these two:
// readable text in `reasoning_content` (or `reasoning`), and `reasoning_details` items for what must be sent back unchanged.

import { arrayAt, isObject, stringAt, type Json, type JsonObject } from "../contracts/json.ts";
import type { ReasoningPart } from "../conversation/prompt.ts";

/** What one `reasoning_details` item says. Text and continuation are absent where the item has none. */
export type ReasoningDetail = {
  readonly text: string | undefined;
  readonly encrypted: string | undefined;
  readonly id: string | undefined;
};

/** The item's content; undefined for kinds nobody has documented. */
export function readReasoningDetail(item: Json): ReasoningDetail | undefined {
  if (!isObject(item)) return undefined;
  const id = stringAt(item, "id");
  switch (item.type) {
    case "reasoning.text":
      return { text: stringAt(item, "text"), encrypted: stringAt(item, "signature"), id };
    case "reasoning.summary":
      return { text: stringAt(item, "summary"), encrypted: undefined, id };
    case "reasoning.encrypted":
      return { text: undefined, encrypted: stringAt(item, "data"), id };
    default:
      return undefined;
  }
}

/** The item that carries a provider's opaque continuation to the client and back. */
export function encryptedDetail(encrypted: string, id: string | undefined): JsonObject {
  return { type: "reasoning.encrypted", data: encrypted, ...(id === undefined ? {} : { id }) };
}

/** Readable reasoning of a message or a delta; undefined when there is none. */
export function reasoningText(holder: JsonObject): string | undefined {
  return stringAt(holder, "reasoning_content") ?? stringAt(holder, "reasoning");
}

/**
 * The reasoning of a whole message. Where plain text stands beside the details it is the same text said twice, so only
 * the continuations are taken from the details.
 */
export function readReasoning(message: JsonObject): ReasoningPart[] {
  const parts: ReasoningPart[] = [];
  const details = arrayAt(message, "reasoning_details") ?? [];
  for (const item of details) {
    const detail = readReasoningDetail(item);
    if (detail === undefined || (detail.text === undefined && detail.encrypted === undefined)) continue;
    parts.push(reasoningPart(detail.text ?? "", detail.encrypted, detail.id));
  }
  const text = reasoningText(message);
  if (text === undefined || text === "" || parts.some((part) => part.text !== "")) return parts;
  const [first, ...others] = parts;
  return first === undefined ? [reasoningPart(text, undefined, undefined)] : [{ ...first, text }, ...others];
}

function reasoningPart(text: string, encrypted: string | undefined, id: string | undefined): ReasoningPart {
  return {
    type: "reasoning",
    text,
    ...(encrypted === undefined ? {} : { encrypted }),
    ...(id === undefined ? {} : { id }),
  };
}
