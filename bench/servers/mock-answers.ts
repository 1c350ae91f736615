// What the mock upstream says: whole answers built once, and the frames of a stream, in the shapes of the OpenAI API
// with the usage that a gateway bills by.

import { frameText, type Protocol, type StreamOrder } from "../prompt.ts";

const model = "mock-model";
const createdAt = 1_760_000_000;
const inputTokens = 240;
const outputTokens = 128;
/** What every whole answer says. Plain ASCII, so that it stands in any JSON as it is. */
export const answerText =
  "The three basins of the harbour are closed by wooden gates that a crew opens by hand twice a day. " +
  "A museum in the former rope works tells their story, and the town has kept a record of every opening. "
    .repeat(5)
    .trimEnd();

const chatUsage = {
  prompt_tokens: inputTokens,
  completion_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
};
const responsesUsage = {
  input_tokens: inputTokens,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: outputTokens,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: inputTokens + outputTokens,
};

/** Whole answers by path, as text. */
export const wholeAnswers: { readonly [path: string]: string } = {
  "/v1/chat/completions": JSON.stringify({
    id: "chatcmpl-bench",
    object: "chat.completion",
    created: createdAt,
    model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: answerText, refusal: null },
        finish_reason: "stop",
        logprobs: null,
      },
    ],
    usage: chatUsage,
  }),
  "/v1/responses": JSON.stringify(responseResource("completed", answerText)),
  "/v1/embeddings": JSON.stringify({
    object: "list",
    model,
    data: [{ object: "embedding", index: 0, embedding: Array.from({ length: 96 }, (_, index) => index / 1024) }],
    usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
  }),
};

/** A stream in three acts: what opens it, one frame at a time, what closes it with usage and the terminal event. */
export type StreamScript = {
  readonly opening: string;
  /** @param index from 0 to `frames - 1`. */
  readonly frame: (index: number) => string;
  readonly closing: () => string;
};

export function streamScript(protocol: Protocol, order: StreamOrder): StreamScript {
  return protocol === "chat" ? chatScript(order) : responsesScript(order);
}

function chatScript(order: StreamOrder): StreamScript {
  const chunk = (choices: readonly object[], more: object = {}) =>
    `data: ${JSON.stringify({ id: "chatcmpl-bench", object: "chat.completion.chunk", created: createdAt, model, choices, ...more })}\n\n`;
  const choice = (delta: object, finishReason: string | null) => ({ index: 0, delta, finish_reason: finishReason });
  return {
    opening: chunk([choice({ role: "assistant", content: "" }, null)]),
    frame: (index) => chunk([choice({ content: frameText(order.stream, index) }, null)]),
    closing: () => `${chunk([choice({}, "stop")])}${chunk([], { usage: chatUsage })}data: [DONE]\n\n`,
  };
}

function responsesScript(order: StreamOrder): StreamScript {
  let sequence = 0;
  const event = (type: string, fields: object) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...fields })}\n\n`;
  const place = { item_id: "msg_bench", output_index: 0, content_index: 0 };
  const textPart = (text: string) => ({ type: "output_text", text, annotations: [] });
  const wholeText = () => Array.from({ length: order.frames }, (_, index) => frameText(order.stream, index)).join("");
  const opening = [
    event("response.created", { response: responseResource("in_progress") }),
    event("response.in_progress", { response: responseResource("in_progress") }),
    event("response.output_item.added", { output_index: 0, item: messageItem("in_progress") }),
    event("response.content_part.added", { ...place, part: textPart("") }),
  ].join("");
  return {
    opening,
    frame: (index) =>
      event("response.output_text.delta", { ...place, delta: frameText(order.stream, index), logprobs: [] }),
    closing: () => {
      const text = wholeText();
      return [
        event("response.output_text.done", { ...place, text, logprobs: [] }),
        event("response.content_part.done", { ...place, part: textPart(text) }),
        event("response.output_item.done", { output_index: 0, item: messageItem("completed", text) }),
        event("response.completed", { response: responseResource("completed", text) }),
      ].join("");
    },
  };
}

function messageItem(status: string, text?: string): object {
  const content = text === undefined ? [] : [{ type: "output_text", text, annotations: [] }];
  return { id: "msg_bench", type: "message", status, role: "assistant", content };
}

function responseResource(status: "in_progress" | "completed", text?: string): object {
  return {
    id: "resp_bench",
    object: "response",
    created_at: createdAt,
    status,
    model,
    error: null,
    incomplete_details: null,
    instructions: null,
    output: text === undefined ? [] : [messageItem(status, text)],
    parallel_tool_calls: true,
    tool_choice: "auto",
    tools: [],
    usage: status === "completed" ? responsesUsage : null,
    metadata: {},
  };
}
