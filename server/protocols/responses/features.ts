// What the router may know about a Responses request, read off the input items in one pass.

import { isObject, stringAt, type Json, type JsonObject } from "../../contracts/json.ts";
import { headAndTail, type Attachment } from "../../routing/features.ts";

/** The part of RequestFeatures that depends on `input` alone. */
export type InputFeatures = {
  readonly lastUserText: string;
  readonly contextText: string;
  readonly messageCount: number;
  readonly attachments: readonly Attachment[];
  readonly insideToolExchange: boolean;
  /** Characters of inline attachment data; never more than the bytes they take in the body. */
  readonly inlineDataLength: number;
  /** The same data by the part that holds it. */
  readonly inlineData: ReadonlyMap<JsonObject, string>;
};

const userTextLimit = 8_000;
const contextTextLimit = 2_500;

/** Where each kind of content part keeps its attachment: a URL field, an inline data field, or both. */
const attachmentFields = new Map<string, { kind: Attachment["kind"]; fields: readonly string[] }>([
  ["input_image", { kind: "image", fields: ["image_url"] }],
  ["image_url", { kind: "image", fields: ["image_url"] }],
  ["computer_screenshot", { kind: "image", fields: ["image_url"] }],
  ["image_generation_call", { kind: "image", fields: ["result"] }],
  ["input_file", { kind: "file", fields: ["file_url", "file_data"] }],
  ["input_audio", { kind: "audio", fields: ["input_audio"] }],
  ["input_video", { kind: "video", fields: ["video_url"] }],
]);

/** Fields that hold bytes and never an address, so that base64 without a `data:` prefix is not taken for one. */
const dataFields = new Set(["file_data", "input_audio", "result"]);

/** Items whose text was not written by the user. Any kind not named here is user text if it has text at all. */
const nonUserItems = new Set(["reasoning", "item_reference", "function_call", "function_call_output"]);

export function readInputFeatures(input: string | readonly JsonObject[]): InputFeatures {
  if (typeof input === "string") return readInputFeatures([{ role: "user", content: input }]);
  const attachments: Attachment[] = [];
  const inlineData = new Map<JsonObject, string>();
  let inlineDataLength = 0;
  let lastUser = -1;
  let lastToolResult = -1;
  for (const [index, item] of input.entries()) {
    for (const found of attachmentsOf(item)) {
      attachments.push(found.attachment);
      if (found.inline === undefined) continue;
      inlineData.set(found.part, found.inline);
      inlineDataLength += found.inline.length;
    }
    if (isUserTurn(item)) lastUser = index;
    if (stringAt(item, "type")?.endsWith("_output")) lastToolResult = index;
  }
  const lastUserItem = input[lastUser];
  return {
    lastUserText: lastUserItem ? headAndTail(textOf(lastUserItem), userTextLimit) : "",
    contextText: contextBefore(input, lastUserItem ? lastUser : input.length),
    messageCount: input.length,
    attachments,
    insideToolExchange: lastToolResult > lastUser,
    inlineDataLength,
    inlineData,
  };
}

function isUserTurn(item: JsonObject): boolean {
  const type = stringAt(item, "type") ?? "message";
  if (type === "message") return item["role"] === "user";
  return type.startsWith("input_") || (!nonUserItems.has(type) && textOf(item) !== "");
}

/** The newest turns before `end`, oldest first, cut at the front to the limit. */
function contextBefore(items: readonly JsonObject[], end: number): string {
  let text = "";
  for (let index = end - 1; index >= 0 && text.length < contextTextLimit; index--) {
    const item = items[index];
    if (!item || !isTurn(item)) continue;
    const turn = textOf(item);
    if (turn !== "") text = text === "" ? turn : `${turn}\n${text}`;
  }
  return text.slice(-contextTextLimit);
}

function isTurn(item: JsonObject): boolean {
  return isUserTurn(item) || item["role"] === "assistant";
}

/** The readable text of an item: its `text`, its string `content`, or the text parts of its `content`. */
function textOf(item: JsonObject): string {
  const content = item["content"] ?? item["text"];
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  const texts = content.flatMap((part) => (isObject(part) && typeof part["text"] === "string" ? [part["text"]] : []));
  return texts.join("\n");
}

type Found = { readonly attachment: Attachment; readonly part: JsonObject; readonly inline: string | undefined };

/** Attachments of an item: in its content, in a tool's output, or the item itself. */
function* attachmentsOf(item: JsonObject): Generator<Found> {
  yield* attachmentIn(item);
  for (const holder of [item["content"], item["output"]]) {
    for (const part of Array.isArray(holder) ? holder : [holder]) if (isObject(part)) yield* attachmentIn(part);
  }
}

function* attachmentIn(part: JsonObject): Generator<Found> {
  const place = attachmentFields.get(stringAt(part, "type") ?? "");
  if (!place) return;
  for (const field of place.fields) {
    const source = sourceText(part[field]);
    if (source === undefined) continue;
    const inline = dataFields.has(field) || /^data:/i.test(source);
    const attachment = inline ? { kind: place.kind } : { kind: place.kind, url: source };
    yield { attachment, part, inline: inline ? source : undefined };
    return;
  }
  // Uploaded earlier and named by id: there is something to look at, but neither an address nor data.
  if (stringAt(part, "file_id") !== undefined) {
    yield { attachment: { kind: place.kind }, part, inline: undefined };
  }
}

/** A string, or the `url` or `data` of an object that wraps it. */
function sourceText(value: Json | undefined): string | undefined {
  if (typeof value === "string") return value;
  return isObject(value) ? (stringAt(value, "url") ?? stringAt(value, "data")) : undefined;
}
