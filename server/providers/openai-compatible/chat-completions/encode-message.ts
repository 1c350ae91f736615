// Neutral messages as chat messages.

import type { Json, JsonObject } from "../../../contracts/json.ts";
import type { AssistantPart, FilePart, Message, TextPart, UserPart } from "../../../conversation/prompt.ts";

/** The assistant field that takes readable reasoning of earlier turns back; undefined where upstreams refuse any. */
export type ReasoningField = "reasoning" | "reasoning_content" | undefined;

/**
 * The messages in order. Results of tools are text alone in this protocol: what else they hold follows in a message of
 * the user's, once all results of the turn are told.
 */
export function encodeMessages(
  messages: readonly Message[],
  reasoningField: ReasoningField,
  warn: (sentence: string) => void,
): JsonObject[] {
  const encoded: JsonObject[] = [];
  let attached: JsonObject[] = [];
  const flush = (): void => {
    if (attached.length > 0) encoded.push({ role: "user", content: attached });
    attached = [];
  };
  for (const message of messages) {
    if (message.role !== "tool") {
      flush();
      encoded.push(encodeMessage(message, reasoningField, warn));
      continue;
    }
    const others = message.parts.filter(({ type }) => type !== "text");
    const texts = message.parts.filter(({ type }) => type === "text");
    if (others.length > 0) attached.push(encodePart({ type: "text", text: `Result of ${message.callId}:` }));
    attached.push(...others.map(encodePart));
    const parts = others.length > 0 && texts.length === 0 ? [attachedBelow] : texts;
    encoded.push(encodeMessage({ ...message, parts }, reasoningField, warn));
  }
  flush();
  return encoded;
}

const attachedBelow: TextPart = { type: "text", text: "The result is attached below." };

function encodeMessage(message: Message, reasoningField: ReasoningField, warn: (sentence: string) => void): JsonObject {
  switch (message.role) {
    case "system":
    case "developer":
      // `developer` is known to OpenAI alone, and there it means the same.
      return { role: "system", content: encodeContent(message.parts) };
    case "user":
      return { role: "user", content: encodeContent(message.parts) };
    case "tool":
      return { role: "tool", tool_call_id: message.callId, content: encodeContent(message.parts) };
    case "assistant":
      return encodeAssistant(message.parts, reasoningField, warn);
  }
}

/** Plain text as plain text, which every upstream takes; an array only where it is needed. */
function encodeContent(parts: readonly UserPart[]): Json {
  const [first, ...others] = parts;
  if (first === undefined) return "";
  if (others.length === 0 && first.type === "text") return first.text;
  return parts.map(encodePart);
}

function encodePart(part: UserPart): JsonObject {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text };
    case "image":
      return {
        type: "image_url",
        image_url: { url: part.url, ...(part.detail === undefined ? {} : { detail: part.detail }) },
      };
    case "audio":
      return { type: "input_audio", input_audio: { data: part.data, format: part.format } };
    case "file":
      return { type: "file", file: encodeFile(part) };
  }
}

/** Chat Completions has no field for a file's URL; upstreams that fetch files take it in place of the data. */
function encodeFile({ source, filename }: FilePart): JsonObject {
  const name = filename === undefined ? {} : { filename };
  if ("fileId" in source) return { file_id: source.fileId, ...name };
  return { file_data: "url" in source ? source.url : source.data, ...name };
}

function encodeAssistant(
  parts: readonly AssistantPart[],
  reasoningField: ReasoningField,
  warn: (sentence: string) => void,
): JsonObject {
  const texts: TextPart[] = [];
  const toolCalls: Json[] = [];
  let refusal: string | undefined;
  let reasoning: string | undefined;
  for (const part of parts) {
    if (part.type === "text") texts.push(part);
    else if (part.type === "refusal") refusal = (refusal ?? "") + part.text;
    else if (part.type === "reasoning") {
      if (part.encrypted !== undefined) warn("encrypted reasoning of earlier turns was not carried over");
      if (part.text !== "") reasoning = reasoning === undefined ? part.text : `${reasoning}\n\n${part.text}`;
    } else {
      toolCalls.push({ id: part.callId, type: "function", function: { name: part.name, arguments: part.arguments } });
    }
  }
  if (reasoning !== undefined && reasoningField === undefined) {
    warn("reasoning of earlier turns was not carried over: the upstream takes none");
  }
  const hasOther = toolCalls.length > 0 || refusal !== undefined;
  return {
    role: "assistant",
    // Only a message that calls tools or refuses may come without text.
    content: texts.length > 0 || !hasOther ? texts.map((part) => part.text).join("") : null,
    ...(refusal === undefined ? {} : { refusal }),
    ...(reasoning === undefined || reasoningField === undefined ? {} : { [reasoningField]: reasoning }),
    ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
  };
}
