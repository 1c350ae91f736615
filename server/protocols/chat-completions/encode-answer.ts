// Whole answers: a neutral answer written as a `chat.completion`, and an upstream's own with our metadata added.

import type { Json, JsonObject } from "../../contracts/json.ts";
import type { Answer } from "../../conversation/answer.ts";
import type { AssistantPart } from "../../conversation/prompt.ts";
import type { AnswerContext, InlineMetadata } from "../protocol.ts";
import { encryptedDetail } from "../chat-reasoning.ts";
import { usageObject } from "./usage.ts";

/** The provider's id if it gave one, else ours, in the form clients expect. */
export function completionId(id: string): string {
  return id.startsWith("chatcmpl-") ? id : `chatcmpl-${id}`;
}

export function encodeAnswer(answer: Answer, context: AnswerContext, metadata: InlineMetadata): JsonObject {
  const usage = usageObject(answer.usage);
  return {
    id: completionId(answer.id ?? context.answerId),
    object: "chat.completion",
    created: context.createdAt,
    model: context.model,
    choices: [{ index: 0, message: encodeMessage(answer.parts), logprobs: null, finish_reason: answer.finish }],
    ...(usage === undefined ? {} : { usage }),
    ...(metadata === undefined ? {} : { astrolabe: metadata }),
  };
}

export function passAnswer(raw: JsonObject, metadata: InlineMetadata): JsonObject {
  return metadata === undefined ? raw : { ...raw, astrolabe: metadata };
}

function encodeMessage(parts: readonly AssistantPart[]): JsonObject {
  const text = joined(parts, "text");
  const refusal = joined(parts, "refusal");
  const reasoning = joined(parts, "reasoning");
  const toolCalls: Json[] = [];
  const details: Json[] = [];
  for (const part of parts) {
    if (part.type === "tool-call") {
      toolCalls.push({ id: part.callId, type: "function", function: { name: part.name, arguments: part.arguments } });
    } else if (part.type === "reasoning" && part.encrypted !== undefined) {
      details.push(encryptedDetail(part.encrypted, part.id));
    }
  }
  return {
    role: "assistant",
    content: text ?? null,
    refusal: refusal ?? null,
    ...(reasoning === undefined || reasoning === "" ? {} : { reasoning_content: reasoning }),
    ...(details.length === 0 ? {} : { reasoning_details: details }),
    ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
  };
}

/** The protocol has one place for each kind of text, so several parts of a kind become one; undefined when there is none. */
function joined(parts: readonly AssistantPart[], type: "text" | "refusal" | "reasoning"): string | undefined {
  let whole: string | undefined;
  for (const part of parts) if (part.type === type) whole = (whole ?? "") + part.text;
  return whole;
}
