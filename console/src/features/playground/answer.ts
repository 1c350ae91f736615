// What came back, as far as it has come: text, tool calls, counts and what the gateway says of itself, for each protocol.

import { isJsonList, isJsonObject, numberAt, objectAt, objectsAt, textAt, type JsonObject } from "./json-text.ts";

export type ToolCall = { readonly id: string; readonly name: string; readonly arguments: string };

export type Usage = {
  readonly input: number | undefined;
  readonly cached: number | undefined;
  readonly output: number | undefined;
  readonly reasoning: number | undefined;
};

export type Vectors = {
  readonly count: number;
  readonly dimensions: number;
  /** Of the first vector, its first numbers. */
  readonly beginning: readonly number[];
};

export type Answer = {
  readonly text: string;
  readonly reasoning: string;
  readonly refusal: string;
  readonly toolCalls: readonly ToolCall[];
  readonly vectors: Vectors | undefined;
  readonly usage: Usage | undefined;
  /** Why it ended, in the protocol's word; undefined while it has not. */
  readonly finish: string | undefined;
  /** The gateway's own part: `request_id`, `cost_usd` and so on. */
  readonly facts: JsonObject | undefined;
  /** A failure after the first byte. */
  readonly failure: { readonly code: string; readonly message: string } | undefined;
};

export const noAnswer: Answer = {
  text: "",
  reasoning: "",
  refusal: "",
  toolCalls: [],
  vectors: undefined,
  usage: undefined,
  finish: undefined,
  facts: undefined,
  failure: undefined,
};

const shownNumbers = 8;

/** A whole response of the Responses protocol. */
export function responseAnswer(body: JsonObject): Answer {
  const output = objectsAt(body, "output");
  const parts = output.filter((item) => item["type"] === "message").flatMap((item) => objectsAt(item, "content"));
  const usage = objectAt(body, "usage");
  const error = objectAt(body, "error");
  return {
    ...noAnswer,
    text: textsOf(parts, "output_text", "text"),
    refusal: textsOf(parts, "refusal", "refusal"),
    reasoning: output
      .filter((item) => item["type"] === "reasoning")
      .flatMap((item) => [...objectsAt(item, "summary"), ...objectsAt(item, "content")])
      .map((part) => textAt(part, "text") ?? "")
      .join("\n"),
    toolCalls: output.filter((item) => item["type"] === "function_call").map(functionCall),
    usage: usage && {
      input: numberAt(usage, "input_tokens"),
      cached: numberAt(objectAt(usage, "input_tokens_details"), "cached_tokens"),
      output: numberAt(usage, "output_tokens"),
      reasoning: numberAt(objectAt(usage, "output_tokens_details"), "reasoning_tokens"),
    },
    finish: textAt(objectAt(body, "incomplete_details"), "reason") ?? textAt(body, "status"),
    facts: objectAt(objectAt(body, "metadata"), "astrolabe"),
    failure: error && failureOf(error),
  };
}

/** One event of a Responses stream. */
export function afterResponseEvent(answer: Answer, event: JsonObject): Answer {
  const delta = textAt(event, "delta") ?? "";
  switch (textAt(event, "type")) {
    case "response.output_text.delta":
      return { ...answer, text: answer.text + delta };
    case "response.refusal.delta":
      return { ...answer, refusal: answer.refusal + delta };
    case "response.reasoning_summary_text.delta":
    case "response.reasoning_text.delta":
      return { ...answer, reasoning: answer.reasoning + delta };
    case "response.output_item.done": {
      const item = objectAt(event, "item");
      if (item?.["type"] !== "function_call") return answer;
      return { ...answer, toolCalls: [...answer.toolCalls, functionCall(item)] };
    }
    case "error":
      return { ...answer, failure: failureOf(event) };
    case "response.completed":
    case "response.incomplete":
    case "response.failed": {
      const whole = responseAnswer(objectAt(event, "response") ?? {});
      return { ...whole, failure: whole.failure ?? answer.failure };
    }
    default:
      return answer;
  }
}

/** A whole chat completion. */
export function chatAnswer(body: JsonObject): Answer {
  const [choice] = objectsAt(body, "choices");
  const message = objectAt(choice, "message");
  return {
    ...noAnswer,
    text: textAt(message, "content") ?? "",
    refusal: textAt(message, "refusal") ?? "",
    reasoning: reasoningOf(message),
    toolCalls: objectsAt(message, "tool_calls").map((call) => chatCall(call)),
    usage: chatUsage(body),
    finish: textAt(choice, "finish_reason"),
    facts: objectAt(body, "astrolabe"),
  };
}

/** One chunk of a chat stream. */
export function afterChatChunk(answer: Answer, chunk: JsonObject): Answer {
  const error = objectAt(chunk, "error");
  if (error !== undefined) return { ...answer, failure: failureOf(error) };
  const [choice] = objectsAt(chunk, "choices");
  const delta = objectAt(choice, "delta");
  return {
    ...answer,
    text: answer.text + (textAt(delta, "content") ?? ""),
    refusal: answer.refusal + (textAt(delta, "refusal") ?? ""),
    reasoning: answer.reasoning + reasoningOf(delta),
    toolCalls: objectsAt(delta, "tool_calls").reduce(withCallPart, answer.toolCalls),
    usage: chatUsage(chunk) ?? answer.usage,
    finish: textAt(choice, "finish_reason") ?? answer.finish,
    facts: objectAt(chunk, "astrolabe") ?? answer.facts,
  };
}

/** A whole answer with embeddings. */
export function embeddingsAnswer(body: JsonObject): Answer {
  const vectors = objectsAt(body, "data").map((item) => item["embedding"]);
  const first = isJsonList(vectors[0]) ? vectors[0].filter((number) => typeof number === "number") : [];
  const usage = objectAt(body, "usage");
  return {
    ...noAnswer,
    vectors: { count: vectors.length, dimensions: first.length, beginning: first.slice(0, shownNumbers) },
    usage: usage && {
      input: numberAt(usage, "prompt_tokens"),
      cached: undefined,
      output: undefined,
      reasoning: undefined,
    },
    finish: "completed",
    facts: objectAt(body, "astrolabe"),
  };
}

function textsOf(parts: readonly JsonObject[], type: string, field: string): string {
  return parts
    .filter((part) => part["type"] === type)
    .map((part) => textAt(part, field) ?? "")
    .join("");
}

function functionCall(item: JsonObject): ToolCall {
  return {
    id: textAt(item, "call_id") ?? "",
    name: textAt(item, "name") ?? "",
    arguments: textAt(item, "arguments") ?? "",
  };
}

function chatCall(call: JsonObject): ToolCall {
  const named = objectAt(call, "function");
  return {
    id: textAt(call, "id") ?? "",
    name: textAt(named, "name") ?? "",
    arguments: textAt(named, "arguments") ?? "",
  };
}

/** A call's id and name come first, its arguments in pieces, told apart by `index`. */
function withCallPart(calls: readonly ToolCall[], part: JsonObject): readonly ToolCall[] {
  const at = numberAt(part, "index") ?? calls.length;
  const piece = chatCall(part);
  const begun = calls[at];
  if (begun === undefined) return [...calls, piece];
  const grown = {
    id: begun.id || piece.id,
    name: begun.name || piece.name,
    arguments: begun.arguments + piece.arguments,
  };
  return calls.map((call, index) => (index === at ? grown : call));
}

function reasoningOf(message: JsonObject | undefined): string {
  return textAt(message, "reasoning") ?? textAt(message, "reasoning_content") ?? "";
}

function chatUsage(body: JsonObject): Usage | undefined {
  const usage = objectAt(body, "usage");
  return (
    usage && {
      input: numberAt(usage, "prompt_tokens"),
      cached: numberAt(objectAt(usage, "prompt_tokens_details"), "cached_tokens"),
      output: numberAt(usage, "completion_tokens"),
      reasoning: numberAt(objectAt(usage, "completion_tokens_details"), "reasoning_tokens"),
    }
  );
}

export function failureOf(error: JsonObject): { code: string; message: string } {
  const whole = isJsonObject(error["error"]) ? error["error"] : error;
  return {
    code: textAt(whole, "code") ?? "error",
    message: textAt(whole, "message") ?? "The answer broke off.",
  };
}
