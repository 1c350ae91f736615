// Whole answers: a neutral answer written as a `message`, and an upstream's own with our metadata added.

import type { JsonObject } from "../../contracts/json.ts";
import type { Answer } from "../../conversation/answer.ts";
import type { AssistantPart, ReasoningPart } from "../../conversation/prompt.ts";
import { claudeContinuation, foreignSignature, stopReasons, toolCallId, toolInput } from "../messages-wire.ts";
import type { AnswerContext, InlineMetadata } from "../protocol.ts";
import { usageObject } from "./usage.ts";

/** The provider's id if it gave one, else ours, in the form clients expect. */
export function messageId(id: string): string {
  return id.startsWith("msg_") ? id : `msg_${id}`;
}

export function encodeAnswer(answer: Answer, context: AnswerContext, metadata: InlineMetadata): JsonObject {
  const refuses = answer.parts.some((part) => part.type === "refusal");
  return {
    id: messageId(answer.id ?? context.answerId),
    type: "message",
    role: "assistant",
    model: context.model,
    content: answer.parts.map(encodeBlock),
    stop_reason: refuses ? "refusal" : stopReasons[answer.finish],
    stop_sequence: null,
    usage: usageObject(answer.usage),
    ...(metadata === undefined ? {} : { astrolabe: metadata }),
  };
}

export function passAnswer(raw: JsonObject, metadata: InlineMetadata): JsonObject {
  return metadata === undefined ? raw : { ...raw, astrolabe: metadata };
}

function encodeBlock(part: AssistantPart): JsonObject {
  switch (part.type) {
    case "text":
    case "refusal":
      return { type: "text", text: part.text, citations: null };
    case "reasoning":
      return encodeThinking(part);
    case "tool-call":
      return { type: "tool_use", id: toolCallId(part.callId), name: part.name, input: toolInput(part.arguments) };
  }
}

function encodeThinking({ text, encrypted, id }: ReasoningPart): JsonObject {
  const ours = claudeContinuation(encrypted);
  if (ours !== undefined && "redacted" in ours) return { type: "redacted_thinking", data: ours.redacted };
  return { type: "thinking", thinking: text, signature: ours?.signature ?? foreignSignature(encrypted, id) };
}
