// What a further request carries when tools were called: the calls, and the answers that stand in for the tools' work.

import type { Answer, ToolCall } from "./answer.ts";
import { isJsonList, readObject, type JsonObject, type JsonValue } from "./json-text.ts";
import type { PlaygroundProtocol } from "./playground-request.ts";
import type { Tool } from "./tools.ts";

/** Requests of one run, the first included: a model that calls its tools for ever is stopped. */
export const mostRounds = 5;

/** The next body; undefined when no tool was called, or one has no answer to give. */
export function nextRound(
  protocol: PlaygroundProtocol,
  body: JsonObject,
  answer: Answer,
  tools: readonly Tool[],
): JsonObject | undefined {
  const answers = answer.toolCalls.map(({ name }) => tools.find((tool) => tool.name === name)?.mockAnswer);
  const given = answers.filter((text) => text !== undefined);
  if (given.length === 0 || given.length !== answers.length || protocol === "embeddings") return undefined;
  return rounds[protocol](body, answer, given);
}

const rounds = { responses: responsesRound, "chat-completions": chatRound, messages: messagesRound } as const;

function responsesRound(body: JsonObject, { toolCalls }: Answer, answers: readonly string[]): JsonObject {
  const { input } = body;
  const said: readonly JsonValue[] = isJsonList(input) ? input : [{ role: "user", content: input ?? "" }];
  const calls = toolCalls.map(({ id, name, arguments: given }) => ({
    type: "function_call",
    call_id: id,
    name,
    arguments: given,
  }));
  const outputs = toolCalls.map(({ id }, at) => ({ type: "function_call_output", call_id: id, output: answers[at] }));
  return { ...body, input: [...said, ...calls, ...outputs] };
}

function messagesRound(body: JsonObject, { text, toolCalls }: Answer, answers: readonly string[]): JsonObject {
  const { messages } = body;
  const said: readonly JsonValue[] = isJsonList(messages) ? messages : [];
  const calls = toolCalls.map(({ id, name, arguments: given }) => {
    const input = readObject(given);
    return { type: "tool_use", id, name, input: "value" in input ? input.value : {} };
  });
  const results = toolCalls.map(({ id }, at) => ({ type: "tool_result", tool_use_id: id, content: answers[at] }));
  const words = text === "" ? [] : [{ type: "text", text }];
  const turns = [
    { role: "assistant", content: [...words, ...calls] },
    { role: "user", content: results },
  ];
  return { ...body, messages: [...said, ...turns] };
}

function chatRound(body: JsonObject, { text, toolCalls }: Answer, answers: readonly string[]): JsonObject {
  const { messages } = body;
  const said: readonly JsonValue[] = isJsonList(messages) ? messages : [];
  const calls = {
    role: "assistant",
    content: text === "" ? null : text,
    tool_calls: toolCalls.map(({ id, name, arguments: given }: ToolCall) => ({
      id,
      type: "function",
      function: { name, arguments: given },
    })),
  };
  const results = toolCalls.map(({ id }, at) => ({ role: "tool", tool_call_id: id, content: answers[at] }));
  return { ...body, messages: [...said, calls, ...results] };
}
