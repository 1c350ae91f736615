// Reads the parts of one finished output item. Kinds without a neutral meaning (hosted tools and what comes next year)
// have no parts; clients of the same API still get them, because their answers pass through.

import { arrayAt, isObject, stringAt, type JsonObject } from "../../../contracts/json.ts";
import type {
  AssistantPart,
  ReasoningPart,
  RefusalPart,
  TextPart,
  ToolCallPart,
} from "../../../conversation/prompt.ts";
import { malformed } from "./upstream-fault.ts";

/** @throws ProviderFailure provider_error for a call that names no tool. */
export function partsOf(item: JsonObject): AssistantPart[] {
  switch (item["type"]) {
    case "message":
      return messageParts(item).flatMap((part) => part ?? []);
    case "reasoning":
      return [reasoningPart(item)];
    case "function_call":
    case "custom_tool_call":
      return [toolCallPart(item)];
    default:
      return [];
  }
}

/** By content index; undefined where the content is of a kind without neutral meaning. */
export function messageParts(item: JsonObject): (TextPart | RefusalPart | undefined)[] {
  return (arrayAt(item, "content") ?? []).map((part) => (isObject(part) ? contentPart(part) : undefined));
}

export function contentPart(part: JsonObject): TextPart | RefusalPart | undefined {
  if (part["type"] === "output_text") return { type: "text", text: stringAt(part, "text") ?? "" };
  if (part["type"] === "refusal") return { type: "refusal", text: stringAt(part, "refusal") ?? "" };
  return undefined;
}

/** Calls of functions, and of custom tools, whose input is free text: the tool policy must see both. */
export function isToolCall(item: JsonObject): boolean {
  return item["type"] === "function_call" || item["type"] === "custom_tool_call";
}

/** Some upstreams give the call no id of its own but repeat the item's. */
export function toolCallPart(item: JsonObject): ToolCallPart {
  const callId = stringAt(item, "call_id") ?? stringAt(item, "id");
  const name = stringAt(item, "name");
  if (callId === undefined || name === undefined) throw malformed("function call");
  return { type: "tool-call", callId, name, arguments: stringAt(item, "arguments") ?? stringAt(item, "input") ?? "" };
}

/** The summary if there is one, else the reasoning itself, which open models show. */
export function reasoningPart(item: JsonObject): ReasoningPart {
  const summary = joinedTexts(item, "summary");
  const id = stringAt(item, "id");
  const encrypted = stringAt(item, "encrypted_content");
  return {
    type: "reasoning",
    text: summary === "" ? joinedTexts(item, "content") : summary,
    ...(encrypted === undefined ? {} : { encrypted }),
    ...(id === undefined ? {} : { id }),
  };
}

/** Between the parts of a summary, whole or streamed. */
export const sectionBreak = "\n\n";

function joinedTexts(item: JsonObject, field: string): string {
  const parts = arrayAt(item, field) ?? [];
  return parts.flatMap((part) => (isObject(part) ? (stringAt(part, "text") ?? []) : [])).join(sectionBreak);
}
