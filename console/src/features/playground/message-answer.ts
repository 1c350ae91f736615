// What came back in Messages, whole or event by event.

import { failureOf, noAnswer, type Answer, type ToolCall, type Usage } from "./answer.ts";
import { isJsonObject, numberAt, objectAt, objectsAt, textAt, type JsonObject } from "./json-text.ts";

/** A whole message. */
export function messageAnswer(body: JsonObject): Answer {
  const content = objectsAt(body, "content");
  const texts = (type: string, field: string): string =>
    content
      .filter((block) => block["type"] === type)
      .map((block) => textAt(block, field) ?? "")
      .join("");
  return {
    ...noAnswer,
    text: texts("text", "text"),
    reasoning: texts("thinking", "thinking"),
    toolCalls: content.filter((block) => block["type"] === "tool_use").map(callOf),
    usage: usageOf(objectAt(body, "usage")),
    finish: textAt(body, "stop_reason"),
    facts: objectAt(body, "astrolabe"),
  };
}

/** One event of a streamed message. */
export function afterMessageEvent(answer: Answer, event: JsonObject): Answer {
  switch (textAt(event, "type")) {
    case "content_block_start": {
      const block = objectAt(event, "content_block");
      if (block?.["type"] !== "tool_use") return answer;
      // The input of a call streams in pieces behind its empty beginning.
      return { ...answer, toolCalls: [...answer.toolCalls, { ...callOf(block), arguments: "" }] };
    }
    case "content_block_delta":
      return afterDelta(answer, objectAt(event, "delta"));
    case "message_delta": {
      const finish = textAt(objectAt(event, "delta"), "stop_reason") ?? answer.finish;
      return { ...answer, finish, usage: usageOf(objectAt(event, "usage")) ?? answer.usage };
    }
    case "message_stop":
      return { ...answer, facts: objectAt(event, "astrolabe") };
    case "error":
      return { ...answer, failure: failureOf(event) };
    default:
      return answer;
  }
}

function afterDelta(answer: Answer, delta: JsonObject | undefined): Answer {
  const text = textAt(delta, "text") ?? "";
  const thinking = textAt(delta, "thinking") ?? "";
  const json = textAt(delta, "partial_json") ?? "";
  const last = answer.toolCalls.length - 1;
  return {
    ...answer,
    text: answer.text + text,
    reasoning: answer.reasoning + thinking,
    toolCalls: answer.toolCalls.map((call, at) => (at === last ? { ...call, arguments: call.arguments + json } : call)),
  };
}

function callOf(block: JsonObject): ToolCall {
  const input = isJsonObject(block["input"]) ? block["input"] : {};
  return { id: textAt(block, "id") ?? "", name: textAt(block, "name") ?? "", arguments: JSON.stringify(input) };
}

/** Here cached tokens stand beside the others; what is shown as input includes them. */
function usageOf(usage: JsonObject | undefined): Usage | undefined {
  if (usage === undefined) return undefined;
  const read = numberAt(usage, "cache_read_input_tokens");
  const written = numberAt(usage, "cache_creation_input_tokens");
  const input = numberAt(usage, "input_tokens");
  return {
    input: input === undefined ? undefined : input + (read ?? 0) + (written ?? 0),
    cached: read,
    output: numberAt(usage, "output_tokens"),
    reasoning: numberAt(objectAt(usage, "output_tokens_details"), "thinking_tokens"),
  };
}
