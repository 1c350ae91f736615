// What the router may know of a Messages request, gathered in one pass over its turns.

import { isObject, objectAt, stringAt, type Json, type JsonObject } from "../../contracts/json.ts";
import { headAndTail, type Attachment, type RequestFeatures } from "../../routing/features.ts";
import { bodyTokenBound } from "../body-bound.ts";

const lastUserCharacters = 8_000;
const contextCharacters = 2_500;

type Walk = {
  readonly attachments: Attachment[];
  readonly inline: Map<JsonObject, string>;
  inlineCharacters: number;
  /** The last turn that the user wrote, and the last that carries results of tools. */
  lastUser: number;
  lastToolResult: number;
};

export function messagesFeatures(
  body: JsonObject,
  messages: readonly JsonObject[],
  toolNames: readonly string[],
  format: RequestFeatures["format"],
  bodyBytes: number,
): RequestFeatures {
  const walk: Walk = { attachments: [], inline: new Map(), inlineCharacters: 0, lastUser: -1, lastToolResult: -1 };
  messages.forEach((message, index) => walkTurn(message, index, walk));
  const textBytes = Math.max(0, bodyBytes - walk.inlineCharacters);
  const choice = objectAt(body, "tool_choice");
  return {
    lastUserText: textOf(messages[walk.lastUser]?.content, lastUserCharacters),
    contextText: contextBefore(messages, walk.lastUser),
    textBytes,
    textTokenBound: bodyTokenBound(body, textBytes, walk.inline),
    messageCount: messages.length + (body.system === undefined ? 0 : 1),
    attachments: walk.attachments,
    toolNames,
    toolsUsable: choice?.type !== "none",
    parallelToolCalls: choice?.disable_parallel_tool_use === false,
    format,
    reasoningRequested: asksForThinking(body),
    insideToolExchange: walk.lastToolResult > walk.lastUser,
    embeddingInputs: 0,
  };
}

function asksForThinking(body: JsonObject): boolean {
  const type = objectAt(body, "thinking")?.type;
  return typeof type === "string" && type !== "disabled";
}

function walkTurn(message: JsonObject, index: number, walk: Walk): void {
  const blocks = Array.isArray(message.content) ? message.content : [];
  let hasResults = false;
  for (const block of blocks) {
    if (!isObject(block)) continue;
    collectAttachment(block, walk);
    if (block.type !== "tool_result") continue;
    hasResults = true;
    if (Array.isArray(block.content)) {
      for (const inner of block.content) if (isObject(inner)) collectAttachment(inner, walk);
    }
  }
  if (hasResults) walk.lastToolResult = index;
  else if (message.role === "user") walk.lastUser = index;
}

function collectAttachment(block: JsonObject, walk: Walk): void {
  if (block.type !== "image" && block.type !== "document") return;
  const kind = block.type === "image" ? "image" : "file";
  const source = objectAt(block, "source") ?? {};
  switch (source.type) {
    case "base64": {
      const data = stringAt(source, "data");
      if (data !== undefined) {
        walk.inlineCharacters += data.length;
        walk.inline.set(block, data);
      }
      walk.attachments.push({ kind });
      return;
    }
    case "content":
      // A document made of blocks: its text is text, its images are images.
      for (const inner of Array.isArray(source.content) ? source.content : []) {
        if (isObject(inner)) collectAttachment(inner, walk);
      }
      return;
    case "text":
      return;
    default: {
      const url = source.type === "url" ? stringAt(source, "url") : undefined;
      walk.attachments.push(url === undefined ? { kind } : { kind, url });
    }
  }
}

/** Text of a turn, at most `limit` characters: head and tail. Results of tools are not the turn's own text. */
function textOf(content: Json | undefined, limit: number): string {
  if (typeof content === "string") return headAndTail(content, limit);
  if (!Array.isArray(content)) return "";
  const texts: string[] = [];
  for (const block of content) {
    const text = isObject(block) ? stringAt(block, "text") : undefined;
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
