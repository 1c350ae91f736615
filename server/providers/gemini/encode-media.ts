// Pictures, files and sound as parts of a content: inline, or by an address that Google fetches itself.

import { invalidField } from "../../contracts/errors.ts";
import type { JsonObject } from "../../contracts/json.ts";
import type { AudioPart, FilePart, ImagePart } from "../../conversation/prompt.ts";
import { readDataUri } from "../../protocols/messages-wire.ts";
import type { Warn } from "../warn-once.ts";

const imageTypes: { readonly [extension: string]: string } = {
  png: "image/png",
  webp: "image/webp",
  heic: "image/heic",
  heif: "image/heif",
  gif: "image/gif",
};
const documentTypes: { readonly [extension: string]: string } = {
  txt: "text/plain",
  md: "text/markdown",
  html: "text/html",
  csv: "text/csv",
  xml: "text/xml",
};

/** @throws GatewayError invalid_request for addresses and data URIs that Gemini cannot read. */
export function encodeImage({ url, detail }: ImagePart, warn: Warn): JsonObject {
  if (detail !== undefined && detail !== "auto") warn("detail was not carried over: the upstream decides it itself");
  if (!/^data:/i.test(url)) return fromAddress(url, imageTypes, "image/jpeg");
  const { mediaType, data } = inlineData(url);
  return inline(mediaType === "image/jpg" ? "image/jpeg" : mediaType, data);
}

/** Text that the API has no media type of its own for is plain text to it. */
const textLike = /^application\/(?:json|xml|yaml|x-yaml|javascript)/;

/** @throws GatewayError invalid_request for ids of uploaded files, and for addresses and data URIs that cannot be read. */
export function encodeFile({ source, filename }: FilePart, warn: Warn): JsonObject {
  if (filename !== undefined) warn("the names of files were not carried over: the upstream takes none");
  if ("fileId" in source) throw invalidField("messages", "free of ids of uploaded files for the chosen model");
  if ("url" in source) return fromAddress(source.url, documentTypes, "application/pdf");
  if (!/^data:/i.test(source.data)) return inline("application/pdf", source.data);
  const { mediaType, data } = inlineData(source.data);
  return inline(textLike.test(mediaType) ? "text/plain" : mediaType, data);
}

/** @throws GatewayError invalid_request for a format that is no media type. */
export function encodeAudio({ data, format }: AudioPart): JsonObject {
  if (!/^[\w.-]{1,20}$/.test(format)) throw invalidField("messages", "free of audio in a format of no known name");
  return inline(`audio/${format.toLowerCase()}`, data);
}

function inline(mimeType: string, data: string): JsonObject {
  return { inlineData: { mimeType, data } };
}

function inlineData(uri: string): { readonly mediaType: string; readonly data: string } {
  const read = readDataUri(uri);
  if (read === undefined || read.mediaType === "") {
    throw invalidField("messages", "free of data URIs without a media type for the chosen model");
  }
  return read;
}

/**
 * Addresses that mean more to Google than what is there: its store of files is the operator's, and a film has no bound of
 * tokens that could be held for it.
 */
const googlesOwn = /(?:^|\.)(?:generativelanguage\.googleapis\.com|youtube\.com|youtube-nocookie\.com|youtu\.be)$/;

function fromAddress(address: string, types: { readonly [extension: string]: string }, otherwise: string): JsonObject {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || googlesOwn.test(url.hostname.replace(/\.$/, ""))) {
    throw invalidField("messages", "free of files that are neither inline nor at a public web address of their own");
  }
  const extension = /\.(\w+)$/.exec(url.pathname)?.[1]?.toLowerCase() ?? "";
  const mimeType = Object.hasOwn(types, extension) ? (types[extension] ?? otherwise) : otherwise;
  return { fileData: { mimeType, fileUri: address } };
}
