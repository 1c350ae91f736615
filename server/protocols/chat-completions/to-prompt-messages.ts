// Chat messages as neutral messages. What the neutral form cannot say is refused by name, never dropped in silence.

import { invalidField } from "../../contracts/errors.ts";
import { isObject, objectAt, stringAt, type Json, type JsonObject } from "../../contracts/json.ts";
import type { AssistantPart, Message, TextPart, ToolCallPart, UserPart } from "../../conversation/prompt.ts";
import { readReasoning } from "../chat-reasoning.ts";

type MessageReader = (message: JsonObject, path: string) => Message;

const readers: { readonly [role: string]: MessageReader } = {
  system: (message, path) => ({ role: "system", parts: readTexts(message.content, `${path}.content`) }),
  developer: (message, path) => ({ role: "developer", parts: readTexts(message.content, `${path}.content`) }),
  user: (message, path) => ({ role: "user", parts: readUserParts(message.content, `${path}.content`) }),
  assistant: (message, path) => ({ role: "assistant", parts: readAssistantParts(message, path) }),
  tool: readToolMessage,
};

/**
 * `warnings` hears of names on messages, which other protocols do not have.
 * @throws GatewayError invalid_request naming the message and field.
 */
export function readMessages(messages: readonly Json[], warnings: string[]): Message[] {
  return messages.map((message, index) => {
    const path = `messages[${index}]`;
    if (!isObject(message)) throw invalidField(path, "an object with a `role`");
    const reader = typeof message.role === "string" ? readers[message.role] : undefined;
    if (reader === undefined) {
      throw invalidField(`${path}.role`, "`system`, `developer`, `user`, `assistant` or `tool` for the chosen model");
    }
    if (typeof message.name === "string") warnings.push(`${path}.name was not carried over: the upstream has no names`);
    return reader(message, path);
  });
}

function readTexts(content: Json | undefined, path: string): TextPart[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (!Array.isArray(content)) throw invalidField(path, "text or an array of text parts");
  return content.map((part, index) => readText(part, `${path}[${index}]`));
}

function readText(part: Json, path: string): TextPart {
  const text = isObject(part) && part.type === "text" ? stringAt(part, "text") : undefined;
  if (text === undefined) throw invalidField(path, "a part of type `text` with a `text`");
  return { type: "text", text };
}

function readUserParts(content: Json | undefined, path: string): UserPart[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (!Array.isArray(content)) throw invalidField(path, "text or an array of content parts");
  return content.map((part, index) => {
    const reader = isObject(part) && typeof part.type === "string" ? userPartReaders[part.type] : undefined;
    if (!isObject(part) || reader === undefined) {
      throw invalidField(`${path}[${index}].type`, "`text`, `image_url`, `input_audio` or `file` for the chosen model");
    }
    return reader(part, `${path}[${index}]`);
  });
}

const userPartReaders: { readonly [type: string]: (part: JsonObject, path: string) => UserPart } = {
  text: readText,
  image_url: readImage,
  input_audio: readAudio,
  file: readFile,
};

function readImage(part: JsonObject, path: string): UserPart {
  const image = objectAt(part, "image_url");
  const url = stringAt(part, "image_url") ?? (image === undefined ? undefined : stringAt(image, "url"));
  if (url === undefined || url === "") throw invalidField(`${path}.image_url.url`, "an http(s) URL or a data URI");
  const detail = image?.detail;
  if (detail === undefined || detail === null) return { type: "image", url };
  if (detail === "low" || detail === "high" || detail === "auto") return { type: "image", url, detail };
  throw invalidField(`${path}.image_url.detail`, "`low`, `high` or `auto`");
}

function readAudio(part: JsonObject, path: string): UserPart {
  const audio = objectAt(part, "input_audio") ?? {};
  const data = stringAt(audio, "data");
  const format = stringAt(audio, "format");
  if (data === undefined) throw invalidField(`${path}.input_audio.data`, "base64 audio");
  if (format === undefined) throw invalidField(`${path}.input_audio.format`, "an audio format such as `wav` or `mp3`");
  return { type: "audio", data, format };
}

function readFile(part: JsonObject, path: string): UserPart {
  const file = objectAt(part, "file") ?? {};
  const name = stringAt(file, "filename");
  const filename = name === undefined ? {} : { filename: name };
  const data = stringAt(file, "file_data");
  if (data !== undefined) {
    const source = /^https?:/i.test(data) ? { url: data } : { data };
    return { type: "file", source, ...filename };
  }
  const fileId = stringAt(file, "file_id");
  if (fileId === undefined) throw invalidField(`${path}.file`, "an object with `file_data` or `file_id`");
  return { type: "file", source: { fileId }, ...filename };
}

function readToolMessage(message: JsonObject, path: string): Message {
  const callId = stringAt(message, "tool_call_id");
  if (callId === undefined || callId === "")
    throw invalidField(`${path}.tool_call_id`, "the id of the tool call it answers");
  return { role: "tool", callId, parts: readUserParts(message.content, `${path}.content`) };
}

/** Reasoning first, then what was said, then the calls: the order in which models produce them. */
function readAssistantParts(message: JsonObject, path: string): AssistantPart[] {
  for (const field of ["audio", "function_call"]) {
    if (isObject(message[field])) throw invalidField(`${path}.${field}`, "absent for the chosen model");
  }
  const parts: AssistantPart[] = readReasoning(message);
  parts.push(...readAssistantContent(message.content, `${path}.content`));
  const refusal = stringAt(message, "refusal");
  if (refusal !== undefined && refusal !== "") parts.push({ type: "refusal", text: refusal });
  parts.push(...readToolCalls(message.tool_calls, `${path}.tool_calls`));
  return parts;
}

function readAssistantContent(content: Json | undefined, path: string): AssistantPart[] {
  if (content === undefined || content === null || content === "") return [];
  if (!Array.isArray(content)) return readTexts(content, path);
  return content.map((part, index) => {
    const refusal = isObject(part) && part.type === "refusal" ? stringAt(part, "refusal") : undefined;
    return refusal === undefined ? readText(part, `${path}[${index}]`) : { type: "refusal", text: refusal };
  });
}

function readToolCalls(calls: Json | undefined, path: string): ToolCallPart[] {
  if (calls === undefined || calls === null) return [];
  if (!Array.isArray(calls)) throw invalidField(path, "an array of tool calls");
  return calls.map((call, index) => {
    const definition = isObject(call) ? objectAt(call, "function") : undefined;
    const callId = isObject(call) ? stringAt(call, "id") : undefined;
    const name = definition === undefined ? undefined : stringAt(definition, "name");
    if (callId === undefined) throw invalidField(`${path}[${index}].id`, "the id of the call");
    if (definition === undefined || name === undefined) {
      throw invalidField(`${path}[${index}].function`, "an object with `name` and `arguments`");
    }
    return { type: "tool-call", callId, name, arguments: stringAt(definition, "arguments") ?? "" };
  });
}
