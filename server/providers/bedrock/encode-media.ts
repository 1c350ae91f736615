// Images and documents as Converse takes them: their bytes, with the format by name. It fetches nothing by address.

import { invalidField } from "../../contracts/errors.ts";
import { entryOf, type JsonObject } from "../../contracts/json.ts";
import type { FilePart, ImagePart } from "../../conversation/prompt.ts";
import { readDataUri } from "../../protocols/messages-wire.ts";

const imageFormats: { readonly [mediaType: string]: string } = {
  "image/png": "png",
  "image/jpeg": "jpeg",
  "image/jpg": "jpeg",
  "image/gif": "gif",
  "image/webp": "webp",
};

const documentFormats: { readonly [mediaType: string]: string } = {
  "application/pdf": "pdf",
  "text/csv": "csv",
  "text/html": "html",
  "text/markdown": "md",
  "text/plain": "txt",
  "application/msword": "doc",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.ms-excel": "xls",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
};
const textLike = /^(?:text\/|application\/(?:json|xml|yaml|x-yaml|javascript)$)/;

const longestName = 200;
const plainName = "document";

/** @throws GatewayError invalid_request for images that would have to be fetched, or of an unknown format. */
export function encodeImage({ url }: ImagePart): JsonObject {
  const inline = readDataUri(url);
  if (inline === undefined) throw invalidField("messages", "free of images given by address for the chosen model");
  const format = entryOf(imageFormats, inline.mediaType);
  if (format === undefined)
    throw invalidField("messages", "free of images but PNG, JPEG, GIF and WebP for the chosen model");
  return { image: { format, source: { bytes: inline.data } } };
}

/**
 * `taken` holds the names that documents of this request have already; each has one of its own.
 * @throws GatewayError invalid_request for files that would have to be fetched, or of an unknown format.
 */
export function encodeDocument({ source, filename }: FilePart, taken: Set<string>): JsonObject {
  if ("fileId" in source) throw invalidField("messages", "free of ids of uploaded files for the chosen model");
  if ("url" in source) throw invalidField("messages", "free of files given by address for the chosen model");
  const { mediaType, data } = readDataUri(source.data) ?? { mediaType: "application/pdf", data: source.data };
  if (Object.hasOwn(imageFormats, mediaType)) return encodeImage({ type: "image", url: source.data });
  const format = entryOf(documentFormats, mediaType) ?? (textLike.test(mediaType) ? "txt" : undefined);
  if (format === undefined) throw invalidField("messages", `free of files of type ${mediaType} for the chosen model`);
  return { document: { format, name: documentName(filename, taken), source: { bytes: data } } };
}

/** A name out of the characters that the API takes, different from those before it. */
function documentName(filename: string | undefined, taken: Set<string>): string {
  const stem = (filename ?? plainName).replace(/\.[^.]*$/, "");
  const allowed = stem.replaceAll(/[^a-zA-Z0-9\s\-()[\]]/g, "-").replaceAll(/\s+/g, " ");
  const name = allowed.slice(0, longestName - 8).trim() || plainName;
  let chosen = name;
  for (let number = 2; taken.has(chosen); number += 1) chosen = `${name} (${number})`;
  taken.add(chosen);
  return chosen;
}
