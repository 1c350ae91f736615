// What the router may know of a chat request, gathered in one pass over its messages and tools.

import { isObject, stringAt, type Json, type JsonObject } from "../../contracts/json.ts";
import { headAndTail, type Attachment, type RequestFeatures } from "../../routing/features.ts";
import { bodyTokenBound } from "../body-bound.ts";

const lastUserCharacters = 8_000;
const contextCharacters = 2_500;

/** Inline files that are text: the model reads their bytes as tokens, so they stay in the text bound. */
const textLike = /^data:(text\/|application\/(json|xml|yaml|x-yaml|javascript))/i;

type Walk = {
  readonly attachments: Attachment[];
  readonly inline: Map<JsonObject, string>;
  inlineCharacters: number;
  lastUser: number;
  lastToolResult: number;
};

export function chatFeatures(
  body: JsonObject,
  messages: readonly JsonObject[],
  toolNames: readonly string[],
  format: RequestFeatures["format"],
  bodyBytes: number,
): RequestFeatures {
  const walk: Walk = { attachments: [], inline: new Map(), inlineCharacters: 0, lastUser: -1, lastToolResult: -1 };
  messages.forEach((message, index) => {
    if (message.role === "user") walk.lastUser = index;
    else if (message.role === "tool" || message.role === "function") walk.lastToolResult = index;
    if (Array.isArray(message.content)) for (const part of message.content) collectAttachment(part, walk);
  });
  const textBytes = Math.max(0, bodyBytes - walk.inlineCharacters);
  return {
    lastUserText: textOf(messages[walk.lastUser]?.content, lastUserCharacters),
    contextText: contextBefore(messages, walk.lastUser),
    textBytes,
    textTokenBound: bodyTokenBound(body, textBytes, walk.inline),
    messageCount: messages.length,
    attachments: walk.attachments,
    toolNames,
    toolsUsable: body.tool_choice !== "none",
    parallelToolCalls: body.parallel_tool_calls === true,
    format,
    reasoningRequested: asksForReasoning(body),
    insideToolExchange: walk.lastToolResult > walk.lastUser,
    embeddingInputs: 0,
  };
}

/** Where a content part keeps its attachment: the part type names the field. */
const attachmentFields: {
  readonly [type: string]: { readonly kind: Attachment["kind"]; readonly keys: readonly string[] };
} = {
  image_url: { kind: "image", keys: ["url"] },
  video_url: { kind: "video", keys: ["url"] },
  file: { kind: "file", keys: ["file_data", "url"] },
  input_audio: { kind: "audio", keys: ["data"] },
};

function collectAttachment(part: Json, walk: Walk): void {
  if (!isObject(part) || typeof part.type !== "string") return;
  const field = attachmentFields[part.type];
  if (field === undefined) return;
  const holder = part[part.type];
  const content = typeof holder === "string" ? holder : isObject(holder) ? firstString(holder, field.keys) : undefined;
  const inline = content === undefined || field.kind === "audio" || /^data:/i.test(content);
  if (content !== undefined && inline && !textLike.test(content)) {
    walk.inlineCharacters += content.length;
    walk.inline.set(part, content);
  }
  walk.attachments.push(inline || content === undefined ? { kind: field.kind } : { kind: field.kind, url: content });
}

function firstString(holder: JsonObject, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = stringAt(holder, key);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Text of a message's content, at most `limit` characters: head and tail. */
function textOf(content: Json | undefined, limit: number): string {
  if (typeof content === "string") return headAndTail(content, limit);
  if (!Array.isArray(content)) return "";
  const texts: string[] = [];
  for (const part of content) {
    const text = isObject(part) ? stringAt(part, "text") : undefined;
    if (text !== undefined) texts.push(headAndTail(text, limit));
  }
  return headAndTail(texts.join("\n"), limit);
}

/** Text of the turns before the last user turn, newest last; walks backwards and stops when it has enough. */
function contextBefore(messages: readonly JsonObject[], lastUser: number): string {
  const texts: string[] = [];
  let left = contextCharacters;
  for (let index = lastUser - 1; index >= 0 && left > 0; index -= 1) {
    const text = textOf(messages[index]?.content, left);
    if (text === "") continue;
    texts.push(text);
    left -= text.length + 1;
  }
  return texts.toReversed().join("\n");
}

function asksForReasoning(body: JsonObject): boolean {
  const effort = body.reasoning_effort;
  if (typeof effort === "string") return effort !== "none";
  if (body.include_reasoning === true) return true;
  const reasoning = body.reasoning;
  return isObject(reasoning) && reasoning.enabled !== false && reasoning.effort !== "none";
}
