// Neutral messages as Messages turns. System text stands beside the turns here, and the results of one turn's calls
// share the user's next turn.

import { invalidField } from "../../contracts/errors.ts";
import type { JsonObject } from "../../contracts/json.ts";
import type { AssistantPart, FilePart, ImagePart, Message, UserPart } from "../../conversation/prompt.ts";
import { claudeContinuation, readDataUri, toolCallId, toolInput } from "../../protocols/messages-wire.ts";

type Warn = (sentence: string) => void;
type Turn = { readonly role: "user" | "assistant"; readonly content: JsonObject[] };

export type Conversation = { readonly system: readonly JsonObject[]; readonly turns: readonly Turn[] };

/** @throws GatewayError invalid_request for content that Claude cannot read. */
export function encodeConversation(messages: readonly Message[], warn: Warn): Conversation {
  const system: JsonObject[] = [];
  const turns: Turn[] = [];
  for (const message of messages) {
    if (isInstruction(message)) {
      if (turns.length > 0) warn("a later system message was moved to the front: the upstream takes them only there");
      system.push(...message.parts.filter(({ text }) => text !== "").map(({ text }) => ({ type: "text", text })));
      continue;
    }
    const role = message.role === "assistant" ? "assistant" : "user";
    const content = encodeContent(message, warn);
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else if (content.length > 0) turns.push({ role, content });
  }
  return { system, turns };
}

type Instruction = Extract<Message, { readonly role: "system" | "developer" }>;

function isInstruction(message: Message): message is Instruction {
  return message.role === "system" || message.role === "developer";
}

function encodeContent(message: Exclude<Message, Instruction>, warn: Warn): JsonObject[] {
  switch (message.role) {
    case "user":
      return message.parts.flatMap(encodeUserPart);
    case "tool":
      return [
        {
          type: "tool_result",
          tool_use_id: toolCallId(message.callId),
          content: message.parts.flatMap(encodeUserPart),
        },
      ];
    case "assistant":
      return message.parts.flatMap((part) => encodeAssistantPart(part, warn));
  }
}

/** Empty text is left out: the API refuses it. */
function encodeUserPart(part: UserPart): JsonObject[] {
  switch (part.type) {
    case "text":
      return part.text === "" ? [] : [{ type: "text", text: part.text }];
    case "image":
      return [encodeImage(part)];
    case "file":
      return [encodeFile(part)];
    case "audio":
      throw invalidField("messages", "free of audio for the chosen model");
  }
}

const imageTypes: { readonly [written: string]: string } = { "image/jpg": "image/jpeg" };

function encodeImage({ url }: ImagePart): JsonObject {
  if (!/^data:/i.test(url)) return { type: "image", source: { type: "url", url } };
  const inline = readDataUri(url);
  if (inline === undefined) throw invalidField("messages", "free of data URIs that cannot be read");
  const { mediaType, data } = inline;
  return { type: "image", source: { type: "base64", media_type: imageTypes[mediaType] ?? mediaType, data } };
}

const textLike = /^(?:text\/|application\/(?:json|xml|yaml|x-yaml|javascript))/;

function encodeFile({ source, filename }: FilePart): JsonObject {
  const title = filename === undefined ? {} : { title: filename };
  if ("fileId" in source) throw invalidField("messages", "free of ids of uploaded files for the chosen model");
  if ("url" in source) return { type: "document", source: { type: "url", url: source.url }, ...title };
  const inline = readDataUri(source.data) ?? { mediaType: "application/pdf", data: source.data };
  if (textLike.test(inline.mediaType)) {
    const data = Buffer.from(inline.data, "base64").toString("utf8");
    return { type: "document", source: { type: "text", media_type: "text/plain", data }, ...title };
  }
  const base64 = { type: "base64", media_type: inline.mediaType, data: inline.data };
  return { type: "document", source: base64, ...title };
}

function encodeAssistantPart(part: AssistantPart, warn: Warn): JsonObject[] {
  switch (part.type) {
    case "text":
    case "refusal":
      return part.text === "" ? [] : [{ type: "text", text: part.text }];
    case "tool-call":
      return [{ type: "tool_use", id: toolCallId(part.callId), name: part.name, input: toolInput(part.arguments) }];
    case "reasoning": {
      const own = claudeContinuation(part.encrypted);
      if (own === undefined) {
        warn("reasoning of earlier turns was not carried over: Claude takes back only what it signed");
        return [];
      }
      if ("redacted" in own) return [{ type: "redacted_thinking", data: own.redacted }];
      return [{ type: "thinking", thinking: part.text, signature: own.signature }];
    }
  }
}

/** Whether the model must go on in the middle of calling tools, in a turn that it began without thinking. */
export function continuesWithoutThinking(turns: readonly Turn[]): boolean {
  const last = turns.at(-1);
  const answered = last?.role === "user" && last.content.some(({ type }) => type === "tool_result");
  const before = answered ? turns.at(-2) : undefined;
  if (before === undefined) return false;
  const [first] = before.content;
  return first?.type !== "thinking" && first?.type !== "redacted_thinking";
}
