// Content blocks as neutral parts. What the neutral form cannot say is refused by name, never dropped in silence.

import { GatewayError, invalidField } from "../../contracts/errors.ts";
import { isObject, objectAt, stringAt, type Json, type JsonObject } from "../../contracts/json.ts";
import type { AssistantPart, FilePart, Message, TextPart, UserPart } from "../../conversation/prompt.ts";
import { claudeRedacted, readThinking } from "../messages-wire.ts";

/** Blocks of content given as text or as an array. */
function blocksOf(content: Json | undefined): Json[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  return Array.isArray(content) ? content : [];
}

/** System text; blocks of any other type are refused. @throws GatewayError invalid_request */
export function readTexts(content: Json | undefined, path: string): TextPart[] {
  return blocksOf(content).map((block, index) => readText(block, `${path}[${index}]`));
}

function readText(block: Json, path: string): TextPart {
  const text = isObject(block) && block.type === "text" ? stringAt(block, "text") : undefined;
  if (text === undefined) throw invalidField(path, "a block of type `text` with a `text`");
  return { type: "text", text };
}

/**
 * A user turn as neutral messages: each result of a tool is one of its own, in the order of the blocks.
 * @throws GatewayError invalid_request
 */
export function readUserTurn(content: Json | undefined, path: string): Message[] {
  const messages: Message[] = [];
  let parts: UserPart[] = [];
  const flush = (): void => {
    if (parts.length > 0) messages.push({ role: "user", parts });
    parts = [];
  };
  blocksOf(content).forEach((block, index) => {
    const at = `${path}[${index}]`;
    if (isObject(block) && block.type === "tool_result") {
      flush();
      messages.push(readToolResult(block, at));
    } else parts.push(...readUserBlock(block, at));
  });
  flush();
  return messages;
}

function readToolResult(block: JsonObject, path: string): Message {
  const callId = stringAt(block, "tool_use_id");
  if (callId === undefined || callId === "") throw invalidField(`${path}.tool_use_id`, "the id of the call it answers");
  const parts = blocksOf(block.content).flatMap((inner, index) => readUserBlock(inner, `${path}.content[${index}]`));
  // Other protocols have no mark for a tool that failed; the model has to be told in words.
  const failed: UserPart[] = block.is_error === true ? [{ type: "text", text: "Error:" }] : [];
  return { role: "tool", callId, parts: [...failed, ...parts] };
}

function readUserBlock(block: Json, path: string): UserPart[] {
  if (isObject(block)) {
    if (block.type === "text") return [readText(block, path)];
    if (block.type === "image") return [readImage(block, path)];
    if (block.type === "document") return readDocument(block, path);
    if (block.type === "search_result") return readSearchResult(block, path);
  }
  throw invalidField(`${path}.type`, "`text`, `image`, `document` or `tool_result` for the chosen model");
}

function readImage(block: JsonObject, path: string): UserPart {
  const source = objectAt(block, "source") ?? {};
  const url = source.type === "url" ? stringAt(source, "url") : dataUriOf(source);
  if (url === undefined || url === "") {
    throw invalidField(`${path}.source`, "a `url`, or `base64` with `media_type` and `data`, for the chosen model");
  }
  return { type: "image", url };
}

function dataUriOf(source: JsonObject): string | undefined {
  const data = stringAt(source, "data");
  const mediaType = stringAt(source, "media_type");
  if (source.type !== "base64" || data === undefined || mediaType === undefined) return undefined;
  return `data:${mediaType};base64,${data}`;
}

function readDocument(block: JsonObject, path: string): UserPart[] {
  const source = objectAt(block, "source") ?? {};
  const title = stringAt(block, "title");
  const context = stringAt(block, "context");
  const about: UserPart[] = context === undefined ? [] : [{ type: "text", text: context }];
  const named = (of: FilePart["source"]): UserPart[] => [
    ...about,
    { type: "file", source: of, ...(title === undefined ? {} : { filename: title }) },
  ];
  switch (source.type) {
    case "base64": {
      const data = dataUriOf(source);
      if (data !== undefined) return named({ data });
      break;
    }
    case "url": {
      const url = stringAt(source, "url");
      if (url !== undefined) return named({ url });
      break;
    }
    case "text":
      return [...about, { type: "text", text: titled(title, stringAt(source, "data") ?? "") }];
    case "content":
      return [
        ...about,
        ...blocksOf(source.content).flatMap((inner, index) => readUserBlock(inner, `${path}.source.content[${index}]`)),
      ];
    default:
  }
  throw invalidField(`${path}.source`, "a `url`, `base64`, `text` or `content` source for the chosen model");
}

function titled(title: string | undefined, text: string): string {
  return title === undefined ? text : `${title}\n\n${text}`;
}

function readSearchResult(block: JsonObject, path: string): UserPart[] {
  const head = [stringAt(block, "title"), stringAt(block, "source")].filter((text) => text !== undefined).join("\n");
  return [{ type: "text", text: head }, ...readTexts(block.content, `${path}.content`)];
}

/** @throws GatewayError invalid_request for blocks of tools that a provider ran. */
export function readAssistantTurn(content: Json | undefined, path: string): AssistantPart[] {
  return blocksOf(content).map((block, index) => readAssistantBlock(block, `${path}[${index}]`));
}

function readAssistantBlock(block: Json, path: string): AssistantPart {
  if (!isObject(block)) throw invalidField(path, "a content block");
  switch (block.type) {
    case "text":
      return readText(block, path);
    case "thinking":
      return readThinking(block);
    case "redacted_thinking":
      return claudeRedacted(stringAt(block, "data") ?? "");
    case "tool_use": {
      const callId = stringAt(block, "id");
      const name = stringAt(block, "name");
      if (callId === undefined) throw invalidField(`${path}.id`, "the id of the call");
      if (name === undefined) throw invalidField(`${path}.name`, "the name of the tool");
      return { type: "tool-call", callId, name, arguments: JSON.stringify(block.input ?? {}) };
    }
    default: {
      const message = `\`${path}\` is a block that only the provider which made it can read.`;
      throw new GatewayError("invalid_request", message, { param: path });
    }
  }
}
