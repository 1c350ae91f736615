// Content parts of Responses input as neutral parts. What the neutral form cannot hold is refused by its path, never
// dropped in silence.

import { invalidField } from "../../contracts/errors.ts";
import { entryOf, type Json, type JsonObject } from "../../contracts/json.ts";
import type { AssistantPart, AudioPart, FilePart, ImagePart, TextPart, UserPart } from "../../conversation/prompt.ts";
import { given, objectArray, optionalObject, optionalString, requiredString, unsupported } from "../request-fields.ts";

/** Where a part stands in the body, and who hears of what is lost. */
export type PartPlace = { readonly path: string; readonly warnings: string[] };

const userParts: { readonly [type: string]: (part: JsonObject, place: PartPlace) => UserPart } = {
  input_text: textPart,
  output_text: textPart,
  text: textPart,
  input_image: imagePart,
  input_file: filePart,
  input_audio: audioPart,
};

const assistantParts: { readonly [type: string]: (part: JsonObject, place: PartPlace) => AssistantPart } = {
  output_text: textPart,
  input_text: textPart,
  text: textPart,
  refusal: (part, { path }) => ({ type: "refusal", text: requiredString(part, "refusal", `${path}.refusal`) }),
};

/** @throws GatewayError invalid_request for a part that a user message or a tool result cannot have. */
export function readUserContent(holder: JsonObject, field: string, place: PartPlace): UserPart[] {
  return readContent(holder, field, place, readUserPart);
}

export function readAssistantContent(holder: JsonObject, place: PartPlace): AssistantPart[] {
  return readContent(holder, "content", place, (part, at) => readPart(assistantParts, part, at));
}

export function readSystemContent(holder: JsonObject, place: PartPlace): TextPart[] {
  return readContent(holder, "content", place, textPart);
}

export function readUserPart(part: JsonObject, place: PartPlace): UserPart {
  return readPart(userParts, part, place);
}

/** Whether an input item is a bare content part, which some clients send without a message around it. */
export function isUserPart(item: JsonObject): boolean {
  return typeof item["type"] === "string" && Object.hasOwn(userParts, item["type"]);
}

function readContent<Part>(
  holder: JsonObject,
  field: string,
  place: PartPlace,
  read: (part: JsonObject, place: PartPlace) => Part,
): (Part | TextPart)[] {
  const content: Json | undefined = holder[field];
  if (typeof content === "string") return [{ type: "text", text: content }];
  const path = `${place.path}.${field}`;
  if (!Array.isArray(content)) throw invalidField(path, "a string or an array of content parts");
  return objectArray(holder, field, path).map((part, index) => read(part, { ...place, path: `${path}[${index}]` }));
}

function readPart<Part>(
  readers: { readonly [type: string]: (part: JsonObject, place: PartPlace) => Part },
  part: JsonObject,
  place: PartPlace,
): Part {
  const type = requiredString(part, "type", `${place.path}.type`);
  const reader = entryOf(readers, type);
  if (reader) return reader(part, place);
  const known = Object.keys(readers).map((name) => `\`${name}\``);
  throw invalidField(`${place.path}.type`, `one of ${known.join(", ")} for the provider that would answer`);
}

function textPart(part: JsonObject, { path }: PartPlace): TextPart {
  return { type: "text", text: requiredString(part, "text", `${path}.text`) };
}

function imagePart(part: JsonObject, { path, warnings }: PartPlace): ImagePart {
  if (given(part, "file_id") !== undefined) {
    throw unsupported(`${path}.file_id`, `\`${path}.file_id\` means nothing to the provider that would answer.`);
  }
  const url = requiredString(part, "image_url", `${path}.image_url`);
  const detail = optionalString(part, "detail", `${path}.detail`);
  if (detail === undefined) return { type: "image", url };
  if (detail === "low" || detail === "high" || detail === "auto") return { type: "image", url, detail };
  if (detail !== "original") throw invalidField(`${path}.detail`, "`low`, `high`, `auto` or `original`");
  warnings.push(`${path}.detail: \`original\` was lowered to \`high\``);
  return { type: "image", url, detail: "high" };
}

function filePart(part: JsonObject, { path, warnings }: PartPlace): FilePart {
  const filename = optionalString(part, "filename", `${path}.filename`);
  if (given(part, "detail") !== undefined) warnings.push(`${path}.detail was not carried over`);
  return { type: "file", source: fileSource(part, path, filename), ...(filename === undefined ? {} : { filename }) };
}

function fileSource(part: JsonObject, path: string, filename: string | undefined): FilePart["source"] {
  const url = optionalString(part, "file_url", `${path}.file_url`);
  if (url !== undefined) return { url };
  const data = optionalString(part, "file_data", `${path}.file_data`);
  if (data !== undefined) return { data: /^data:/i.test(data) ? data : `data:${mediaType(filename)};base64,${data}` };
  const fileId = optionalString(part, "file_id", `${path}.file_id`);
  if (fileId !== undefined) return { fileId };
  throw invalidField(path, "a file with `file_url`, `file_data` or `file_id`");
}

/** Bare base64 says nothing about itself; the name is the only hint, and PDF the only kind every provider reads. */
function mediaType(filename: string | undefined): string {
  return filename?.toLowerCase().endsWith(".pdf") ? "application/pdf" : "application/octet-stream";
}

function audioPart(part: JsonObject, { path }: PartPlace): AudioPart {
  const audio = optionalObject(part, "input_audio", `${path}.input_audio`);
  if (!audio) throw invalidField(`${path}.input_audio`, "an object");
  return {
    type: "audio",
    data: requiredString(audio, "data", `${path}.input_audio.data`),
    format: requiredString(audio, "format", `${path}.input_audio.format`),
  };
}
