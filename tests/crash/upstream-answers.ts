// What the crash suite's upstream says: the answer of an order as one body or as frames of a stream, in both protocols.

import type { JsonObject } from "../../server/contracts/json.ts";
import type { Order } from "./order.ts";

const toolName = "read_chart";

export function pieceOf(index: number): string {
  return `word${index} `;
}

function words(order: Order): string[] {
  return Array.from({ length: order.pieces }, (_, index) => pieceOf(index));
}

function toolArguments(order: Order): string {
  return JSON.stringify({ chart: order.id });
}

export const toolsOfChat = [
  {
    type: "function",
    function: { name: toolName, parameters: { type: "object", properties: { chart: { type: "string" } } } },
  },
];
export const toolsOfResponses = [
  { type: "function", name: toolName, parameters: { type: "object", properties: { chart: { type: "string" } } } },
];

function chatUsage({ inputTokens, cachedTokens, outputTokens }: Order): JsonObject {
  return {
    prompt_tokens: inputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
}

export function chatAnswer(order: Order, model: string): JsonObject {
  const message: JsonObject = order.tool
    ? { role: "assistant", content: null, tool_calls: [chatToolCall(order)] }
    : { role: "assistant", content: words(order).join("") };
  const choices = [{ index: 0, message, finish_reason: order.tool ? "tool_calls" : "stop" }];
  return { id: "c1", object: "chat.completion", created: 1, model, choices, usage: chatUsage(order) };
}

function chatToolCall(order: Order): JsonObject {
  return { id: "call_1", type: "function", function: { name: toolName, arguments: toolArguments(order) } };
}

/** Frames of the stream; the last one holds everything that ends it. */
export function chatFrames(order: Order, model: string): string[] {
  const base = { id: "c1", object: "chat.completion.chunk", created: 1, model };
  const frame = (delta: JsonObject, finish: string | null = null): string =>
    data({ ...base, choices: [{ index: 0, delta, finish_reason: finish }] });
  const said = order.tool
    ? [frame({ role: "assistant", tool_calls: [{ index: 0, ...chatToolCall(order) }] })]
    : words(order).map((content) => frame({ role: "assistant", content }));
  const usage = data({ ...base, choices: [], usage: chatUsage(order) });
  return [...said, frame({}, order.tool ? "tool_calls" : "stop") + usage + "data: [DONE]\n\n"];
}

function outputItem(order: Order): JsonObject {
  if (order.tool) {
    const call = { type: "function_call", id: "fc_1", call_id: "call_1", status: "completed" };
    return { ...call, name: toolName, arguments: toolArguments(order) };
  }
  const content = [{ type: "output_text", text: words(order).join(""), annotations: [] }];
  return { type: "message", id: "msg_1", role: "assistant", status: "completed", content };
}

export function responsesAnswer(order: Order, model: string): JsonObject {
  const { inputTokens, cachedTokens, outputTokens } = order;
  return {
    id: "resp_1",
    object: "response",
    created_at: 1,
    status: "completed",
    model,
    output: [outputItem(order)],
    usage: {
      input_tokens: inputTokens,
      input_tokens_details: { cached_tokens: cachedTokens },
      output_tokens: outputTokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: inputTokens + outputTokens,
    },
  };
}

export function responsesFrames(order: Order, model: string): string[] {
  const response = responsesAnswer(order, model);
  const begun = { ...response, status: "in_progress", output: [], usage: null };
  const item = outputItem(order);
  const at = { item_id: order.tool ? "fc_1" : "msg_1", output_index: 0, content_index: 0 };
  const opening = order.tool
    ? { ...item, status: "in_progress", arguments: "" }
    : { ...item, status: "in_progress", content: [] };
  const said = order.tool
    ? [event("response.function_call_arguments.delta", { ...at, delta: toolArguments(order) })]
    : words(order).map((delta) => event("response.output_text.delta", { ...at, delta }));
  return [
    event("response.created", { response: begun }) +
      event("response.output_item.added", { output_index: 0, item: opening }),
    ...said,
    event("response.output_item.done", { output_index: 0, item }) + event("response.completed", { response }),
  ];
}

function event(type: string, fields: JsonObject): string {
  return `event: ${type}\n${data({ type, ...fields })}`;
}

function data(value: JsonObject): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}
