// Facts of Anthropic's Messages wire that both sides of the gateway need: the client protocol and the upstream dialect.

import { isObject, parseJson, stringAt, type Json, type JsonObject } from "../contracts/json.ts";
import type { FinishReason } from "../conversation/answer.ts";
import type { ReasoningPart } from "../conversation/prompt.ts";

const finishReasons: { readonly [stopReason: string]: FinishReason } = {
  end_turn: "stop",
  stop_sequence: "stop",
  pause_turn: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "tool_calls",
  refusal: "content_filter",
};

/** A stop reason that nobody has documented counts as a natural end. */
export function finishOf(stopReason: string): FinishReason {
  return Object.hasOwn(finishReasons, stopReason) ? (finishReasons[stopReason] ?? "stop") : "stop";
}

export const stopReasons: { readonly [finish in FinishReason]: string } = {
  stop: "end_turn",
  length: "max_tokens",
  tool_calls: "tool_use",
  content_filter: "refusal",
};

/** The one field of an input that was not written as a JSON object, as Anthropic suggests to send such input back. */
const unreadableInput = "INVALID_JSON";

/** Arguments as a model wrote them, as the object that `tool_use` holds. */
export function toolInput(text: string): JsonObject {
  if (text.trim() === "") return {};
  const value = parseJson(text);
  return isObject(value) ? value : { [unreadableInput]: text };
}

/** The API takes no other characters in the id of a tool call; equal ids stay equal. */
export function toolCallId(id: string): string {
  return id === "" ? "toolu" : id.replaceAll(/[^\w-]/g, "_");
}

/**
 * Opaque continuations say who made them, because only their maker takes them back: Claude's carry a mark in the neutral
 * form, and everybody else's carry one where Messages clients keep them, in the signature of a thinking block.
 */
const claudeMark = "claude:";
const redactedMark = "claude-redacted:";
const foreignMark = "astrolabe:";

/** A thinking block of Claude in neutral terms. */
export function claudeThinking(text: string, signature: string): ReasoningPart {
  return { type: "reasoning", text, ...(signature === "" ? {} : { encrypted: claudeMark + signature }) };
}

/** A redacted thinking block of Claude in neutral terms. */
export function claudeRedacted(data: string): ReasoningPart {
  return { type: "reasoning", text: "", encrypted: redactedMark + data };
}

/** What of Claude's a continuation holds; undefined when it is another maker's, or there is none. */
export function claudeContinuation(
  encrypted: string | undefined,
): { readonly signature: string } | { readonly redacted: string } | undefined {
  if (encrypted?.startsWith(claudeMark)) return { signature: encrypted.slice(claudeMark.length) };
  if (encrypted?.startsWith(redactedMark)) return { redacted: encrypted.slice(redactedMark.length) };
  return undefined;
}

/** The signature under which a Messages client keeps another maker's continuation; empty when there is none. */
export function foreignSignature(encrypted: string | undefined, id: string | undefined): string {
  if (encrypted === undefined) return "";
  return (
    foreignMark + Buffer.from(JSON.stringify([encrypted, ...(id === undefined ? [] : [id])])).toString("base64url")
  );
}

/** Whether Claude made the thinking block: nobody else's may be sent to it. */
export function isClaudeSignature(signature: string): boolean {
  return signature !== "" && !signature.startsWith(foreignMark);
}

/** A thinking block that a client sent back, whoever made it, in neutral terms. */
export function readThinking(block: JsonObject): ReasoningPart {
  const text = stringAt(block, "thinking") ?? "";
  const signature = stringAt(block, "signature") ?? "";
  if (signature === "" || isClaudeSignature(signature)) return claudeThinking(text, signature);
  const kept = parseJson(Buffer.from(signature.slice(foreignMark.length), "base64url").toString("utf8"));
  const [encrypted, id]: Json[] = Array.isArray(kept) ? kept : [];
  return {
    type: "reasoning",
    text,
    ...(typeof encrypted === "string" ? { encrypted } : {}),
    ...(typeof id === "string" ? { id } : {}),
  };
}

export type DataUri = { readonly mediaType: string; readonly data: string };

/** The media type in lower case and the base64 data of a `data:` URI; undefined for any other text. */
export function readDataUri(text: string): DataUri | undefined {
  const found = /^data:([^;,]*)((?:;[^;,]*)*),/i.exec(text);
  if (found === null) return undefined;
  const [head, mediaType = "", parameters = ""] = found;
  const rest = text.slice(head.length);
  const data = /;base64$/i.test(parameters) ? rest : Buffer.from(percentDecoded(rest)).toString("base64");
  return { mediaType: mediaType.toLowerCase(), data };
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
