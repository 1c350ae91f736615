// Converse from the other side: what Amazon would make of a body, and how it would write an answer down.

import { arrayAt, isObject, objectAt, parseObject, stringAt, type JsonObject } from "../../contracts/json.ts";
import type { Answer, FinishReason } from "../../conversation/answer.ts";
import type { AssistantPart, Message, UserPart } from "../../conversation/prompt.ts";
import { claudeThinking } from "../../protocols/messages-wire.ts";
import { eventFrame } from "./event-stream.test-kit.ts";
import { redactedReasoning } from "./reasoning-marks.ts";

const stopReasons: { readonly [finish in FinishReason]: string } = {
  stop: "end_turn",
  length: "max_tokens",
  tool_calls: "tool_use",
  content_filter: "content_filtered",
};

function usageBody({ usage }: Answer): JsonObject {
  if (usage.kind === "unknown") return {};
  const { inputTokens, cachedInputTokens = 0, cacheWriteTokens = 0, outputTokens } = usage;
  return {
    inputTokens: inputTokens - cachedInputTokens - cacheWriteTokens,
    cacheReadInputTokens: cachedInputTokens,
    cacheWriteInputTokens: cacheWriteTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens,
  };
}

export function converseBody(answer: Answer): JsonObject {
  return {
    output: { message: { role: "assistant", content: answer.parts.map(blockOf) } },
    stopReason: stopReasons[answer.finish],
    usage: usageBody(answer),
    metrics: { latencyMs: 12 },
  };
}

function blockOf(part: AssistantPart): JsonObject {
  switch (part.type) {
    case "text":
    case "refusal":
      return { text: part.text };
    case "tool-call":
      return { toolUse: { toolUseId: part.callId, name: part.name, input: parseObject(part.arguments) ?? {} } };
    case "reasoning": {
      const redacted = redactedIn(part.encrypted);
      if (redacted !== undefined) return { reasoningContent: { redactedContent: redacted } };
      return { reasoningContent: { reasoningText: { text: part.text, signature: signatureIn(part.encrypted) } } };
    }
  }
}

/** The frames of a stream, each text in two pieces; only calls of tools announce their block, as at Amazon. */
export function converseFrames(answer: Answer): Buffer {
  const frames = [eventFrame("messageStart", { role: "assistant" })];
  for (const [index, part] of answer.parts.entries()) {
    if (part.type === "tool-call") {
      const start = { toolUse: { toolUseId: part.callId, name: part.name } };
      frames.push(eventFrame("contentBlockStart", { contentBlockIndex: index, start }));
    }
    for (const delta of deltasOf(part))
      frames.push(eventFrame("contentBlockDelta", { contentBlockIndex: index, delta }));
    frames.push(eventFrame("contentBlockStop", { contentBlockIndex: index }));
  }
  frames.push(eventFrame("messageStop", { stopReason: stopReasons[answer.finish] }));
  frames.push(eventFrame("metadata", { usage: usageBody(answer), metrics: { latencyMs: 12 } }));
  return Buffer.concat(frames);
}

function deltasOf(part: AssistantPart): JsonObject[] {
  const whole = part.type === "tool-call" ? part.arguments : part.text;
  const half = Math.floor(whole.length / 2);
  const halves = [whole.slice(0, half), whole.slice(half)];
  switch (part.type) {
    case "text":
    case "refusal":
      return halves.map((text) => ({ text }));
    case "tool-call":
      return halves.map((input) => ({ toolUse: { input } }));
    case "reasoning": {
      const redacted = redactedIn(part.encrypted);
      if (redacted !== undefined) return [{ reasoningContent: { redactedContent: redacted } }];
      const told = halves.filter((text) => text !== "").map((text) => ({ reasoningContent: { text } }));
      return [...told, { reasoningContent: { signature: signatureIn(part.encrypted) } }];
    }
  }
}

function signatureIn(encrypted = ""): string {
  return encrypted.replace(/^claude:|^bedrock:\S+ /, "");
}

function redactedIn(encrypted = ""): string | undefined {
  return /^bedrock-redacted:\S+ (.*)$/s.exec(encrypted)?.[1];
}

/** The messages that a body says, for a model of the name given, which is Claude's. */
export function messagesOf(body: JsonObject, model: string): Message[] {
  const system = (arrayAt(body, "system") ?? []).filter(isObject).map((block) => stringAt(block, "text") ?? "");
  const turns = (arrayAt(body, "messages") ?? []).filter(isObject);
  const texts = system.map((text) => ({ type: "text" as const, text }));
  return [
    ...(texts.length === 0 ? [] : [{ role: "system" as const, parts: texts }]),
    ...turns.flatMap((turn) => messagesOfTurn(turn, model)),
  ];
}

function messagesOfTurn(turn: JsonObject, model: string): Message[] {
  const blocks = (arrayAt(turn, "content") ?? []).filter(isObject);
  if (turn["role"] === "assistant")
    return [{ role: "assistant", parts: blocks.map((block) => assistantPart(block, model)) }];
  const results = blocks.flatMap((block): Message[] => {
    const result = objectAt(block, "toolResult");
    if (result === undefined) return [];
    const parts = (arrayAt(result, "content") ?? []).filter(isObject).map(userPart);
    return [{ role: "tool", callId: stringAt(result, "toolUseId") ?? "", parts }];
  });
  const said = blocks.filter((block) => block["toolResult"] === undefined).map(userPart);
  return [...results, ...(said.length === 0 ? [] : [{ role: "user" as const, parts: said }])];
}

function userPart(block: JsonObject): UserPart {
  const { text } = block;
  if (typeof text === "string") return { type: "text", text };
  const image = objectAt(block, "image");
  if (image !== undefined)
    return { type: "image", url: `data:image/${stringAt(image, "format")};base64,${bytesIn(image)}` };
  const document = objectAt(block, "document") ?? {};
  const data = `data:application/${stringAt(document, "format")};base64,${bytesIn(document)}`;
  return { type: "file", source: { data }, filename: stringAt(document, "name") ?? "" };
}

function bytesIn(media: JsonObject): string {
  return stringAt(objectAt(media, "source") ?? {}, "bytes") ?? "";
}

function assistantPart(block: JsonObject, model: string): AssistantPart {
  const { text } = block;
  if (typeof text === "string") return { type: "text", text };
  const call = objectAt(block, "toolUse");
  if (call !== undefined) {
    const callId = stringAt(call, "toolUseId") ?? "";
    return { type: "tool-call", callId, name: stringAt(call, "name") ?? "", arguments: JSON.stringify(call["input"]) };
  }
  const reasoning = objectAt(block, "reasoningContent") ?? {};
  const readable = objectAt(reasoning, "reasoningText");
  if (readable === undefined) return redactedReasoning(stringAt(reasoning, "redactedContent") ?? "", model);
  return claudeThinking(stringAt(readable, "text") ?? "", stringAt(readable, "signature") ?? "");
}
