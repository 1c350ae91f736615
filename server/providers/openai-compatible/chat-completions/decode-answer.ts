// A whole Chat Completions answer in neutral terms.

import { arrayAt, isObject, objectAt, stringAt, type Json, type JsonObject } from "../../../contracts/json.ts";
import type { Answer } from "../../../conversation/answer.ts";
import type { AssistantPart, ToolCallPart } from "../../../conversation/prompt.ts";
import { readReasoning } from "../../../protocols/chat-reasoning.ts";
import { ProviderFailure } from "../../provider.ts";
import { failureOfErrorValue } from "../../http-provider/upstream-errors.ts";
import { readFinish, readUsage } from "./read-completion.ts";

/**
 * The first choice, and the tool calls of all others too: no tool policy can be evaded by asking for more choices.
 * @throws ProviderFailure when there is no choice, or when it is an error.
 */
export function decodeAnswer(body: JsonObject): Answer {
  if (body.error !== undefined && body.error !== null) throw failureOfErrorValue(body.error);
  const [first, ...others] = (arrayAt(body, "choices") ?? []).filter(isObject);
  const message = first === undefined ? undefined : objectAt(first, "message");
  if (first === undefined || message === undefined) {
    throw new ProviderFailure("provider_error", "the upstream's answer has no choice with a message");
  }
  if (isObject(first.error)) throw failureOfErrorValue(first.error);
  const parts: AssistantPart[] = [...readMessage(message)];
  const hasToolCalls = parts.some((part) => part.type === "tool-call");
  for (const choice of others) parts.push(...readToolCalls(objectAt(choice, "message") ?? {}));
  const id = stringAt(body, "id");
  const model = stringAt(body, "model");
  return {
    ...(id === undefined ? {} : { id }),
    ...(model === undefined ? {} : { model }),
    parts,
    finish: readFinish(first.finish_reason, hasToolCalls),
    usage: readUsage(objectAt(body, "usage")),
  };
}

function readMessage(message: JsonObject): AssistantPart[] {
  const parts: AssistantPart[] = readReasoning(message);
  const text = readContent(message.content);
  if (text !== "") parts.push({ type: "text", text });
  const refusal = stringAt(message, "refusal");
  if (refusal !== undefined && refusal !== "") parts.push({ type: "refusal", text: refusal });
  parts.push(...readToolCalls(message));
  return parts;
}

/** Text, or an array of text parts as some upstreams give it. */
export function readContent(content: Json | undefined): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => (isObject(part) ? (stringAt(part, "text") ?? "") : "")).join("");
}

/** The message's tool calls; a call in the older `function_call` field counts as one. */
function readToolCalls(message: JsonObject): ToolCallPart[] {
  const calls = (arrayAt(message, "tool_calls") ?? []).filter(isObject).map((call, index): ToolCallPart => {
    const definition = objectAt(call, "function") ?? objectAt(call, "custom") ?? {};
    return readCall(definition, stringAt(call, "id") ?? `call_${index}`);
  });
  const older = objectAt(message, "function_call");
  return older === undefined ? calls : [...calls, readCall(older, "call_0")];
}

function readCall(definition: JsonObject, callId: string): ToolCallPart {
  const name = stringAt(definition, "name");
  if (name === undefined) throw new ProviderFailure("provider_error", "the upstream's tool call has no name");
  return { type: "tool-call", callId, name, arguments: argumentsText(definition.arguments ?? definition.input) };
}

/** Arguments are JSON text by the protocol; some upstreams send the object itself. */
export function argumentsText(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
