// A whole Converse answer as a neutral answer.

import { arrayAt, isObject, objectAt, stringAt, type JsonObject } from "../../contracts/json.ts";
import type { Answer } from "../../conversation/answer.ts";
import type { AssistantPart } from "../../conversation/prompt.ts";
import { ProviderFailure } from "../provider.ts";
import { finishOf, guardrailStop, usageOf } from "./outcome.ts";
import { redactedReasoning, signedReasoning } from "./reasoning-marks.ts";

/** `model` is the catalogue's id. @throws ProviderFailure when the body is no finished answer. */
export function decodeAnswer(body: JsonObject, model: string): Answer {
  const message = objectAt(objectAt(body, "output") ?? {}, "message") ?? {};
  const content = arrayAt(message, "content");
  const stopReason = stringAt(body, "stopReason");
  if (content === undefined || stopReason === undefined) {
    throw new ProviderFailure("provider_error", "the upstream's answer is not a finished message");
  }
  const parts = content.filter(isObject).flatMap((block) => partsOf(block, model));
  return {
    parts: stopReason === guardrailStop ? parts.map(asRefusal) : parts,
    finish: finishOf(stopReason),
    usage: usageOf(objectAt(body, "usage")),
  };
}

/** What a guardrail lets through instead of the answer is its refusal. */
function asRefusal(part: AssistantPart): AssistantPart {
  return part.type === "text" ? { type: "refusal", text: part.text } : part;
}

/** Blocks of tools that the provider ran mean nothing outside this API. */
function partsOf(block: JsonObject, model: string): AssistantPart[] {
  const text = stringAt(block, "text");
  if (text !== undefined) return [{ type: "text", text }];
  const reasoning = objectAt(block, "reasoningContent");
  if (reasoning !== undefined) return partsOfReasoning(reasoning, model);
  const call = objectAt(block, "toolUse");
  if (call !== undefined) return [partOfCall(call)];
  const cited = arrayAt(objectAt(block, "citationsContent") ?? {}, "content") ?? [];
  return cited.filter(isObject).map((piece) => ({ type: "text", text: stringAt(piece, "text") ?? "" }));
}

function partsOfReasoning(reasoning: JsonObject, model: string): AssistantPart[] {
  const redacted = stringAt(reasoning, "redactedContent");
  if (redacted !== undefined) return [redactedReasoning(redacted, model)];
  const readable = objectAt(reasoning, "reasoningText") ?? {};
  return [signedReasoning(stringAt(readable, "text") ?? "", stringAt(readable, "signature") ?? "", model)];
}

function partOfCall(call: JsonObject): AssistantPart {
  const name = stringAt(call, "name");
  if (name === undefined) throw new ProviderFailure("provider_error", "the upstream's tool call has no name");
  const callId = stringAt(call, "toolUseId") ?? name;
  return { type: "tool-call", callId, name, arguments: JSON.stringify(call.input ?? {}) };
}
