// Neutral messages as Responses input items. Every message keeps its place and its role: `instructions` would move
// later system messages to the front.

import type { JsonObject } from "../../../contracts/json.ts";
import type { AssistantPart, FilePart, Message, ReasoningPart, UserPart } from "../../../conversation/prompt.ts";

export function encodeMessages(messages: readonly Message[], warn: (sentence: string) => void): JsonObject[] {
  return messages.flatMap((message) => encodeMessage(message, warn));
}

function encodeMessage(message: Message, warn: (sentence: string) => void): JsonObject[] {
  switch (message.role) {
    case "assistant":
      return encodeAssistant(message.parts, warn);
    case "tool":
      return [{ type: "function_call_output", call_id: message.callId, output: encodeToolOutput(message.parts) }];
    default:
      return [{ type: "message", role: message.role, content: message.parts.map(encodeUserPart) }];
  }
}

/** Plain text stays a string, which every upstream takes; the list form is only for images and files. */
function encodeToolOutput(parts: readonly UserPart[]): string | JsonObject[] {
  const [only] = parts;
  return parts.length === 1 && only?.type === "text" ? only.text : parts.map(encodeUserPart);
}

function encodeUserPart(part: UserPart): JsonObject {
  switch (part.type) {
    case "text":
      return { type: "input_text", text: part.text };
    case "image":
      return {
        type: "input_image",
        image_url: part.url,
        ...(part.detail === undefined ? {} : { detail: part.detail }),
      };
    case "file":
      return { type: "input_file", ...fileSource(part.source), ...named(part) };
    case "audio":
      return { type: "input_audio", input_audio: { data: part.data, format: part.format } };
  }
}

function fileSource(source: FilePart["source"]): JsonObject {
  if ("url" in source) return { file_url: source.url };
  return "data" in source ? { file_data: source.data } : { file_id: source.fileId };
}

function named(part: FilePart): JsonObject {
  return part.filename === undefined ? {} : { filename: part.filename };
}

/** One turn becomes several items; text and refusals that follow each other share a message. */
function encodeAssistant(parts: readonly AssistantPart[], warn: (sentence: string) => void): JsonObject[] {
  const items: JsonObject[] = [];
  let content: JsonObject[] | undefined;
  for (const part of parts) {
    const piece = encodeContent(part);
    if (piece && content) {
      content.push(piece);
    } else if (piece) {
      content = [piece];
      items.push({ type: "message", role: "assistant", content });
    } else {
      content = undefined;
      items.push(...encodeItem(part, warn));
    }
  }
  return items;
}

function encodeContent(part: AssistantPart): JsonObject | undefined {
  if (part.type === "text") return { type: "output_text", text: part.text };
  return part.type === "refusal" ? { type: "refusal", refusal: part.text } : undefined;
}

function encodeItem(part: AssistantPart, warn: (sentence: string) => void): JsonObject[] {
  if (part.type === "tool-call") {
    return [{ type: "function_call", call_id: part.callId, name: part.name, arguments: part.arguments }];
  }
  return part.type === "reasoning" ? encodeReasoning(part, warn) : [];
}

/** Every other maker's has a mark in front, a word and a colon. */
function isAnotherMakers(encrypted: string): boolean {
  return /^[a-z-]+:/.test(encrypted);
}

/** The API takes reasoning back only in its own encrypted form: it looks any other up in its store and refuses it. */
function encodeReasoning(part: ReasoningPart, warn: (sentence: string) => void): JsonObject[] {
  if (part.encrypted === undefined || isAnotherMakers(part.encrypted)) {
    warn("earlier reasoning that this API did not encrypt was not carried over");
    return [];
  }
  return [
    {
      type: "reasoning",
      ...(part.id === undefined ? {} : { id: part.id }),
      summary: part.text === "" ? [] : [{ type: "summary_text", text: part.text }],
      encrypted_content: part.encrypted,
    },
  ];
}
