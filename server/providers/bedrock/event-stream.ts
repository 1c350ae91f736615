// AWS's event streams, `application/vnd.amazon.eventstream`: frames of a prelude, headers, a payload and two checksums,
// cut out of the bytes and told as events. Exceptions become events as well, under the name of the exception.

import type { ServerSentEvent } from "../../conversation/events.ts";
import { ProviderFailure } from "../provider.ts";

/** Total length, length of the headers, and the checksum of both. */
const preludeBytes = 12;
const checksumBytes = 4;
/** Most bytes one frame may have; a longer one is a broken or hostile upstream. */
const maxFrameBytes = 16 * 1024 * 1024;
/** Pieces of a frame that are kept apart; a large frame in tiny pieces would cost far more than its bytes. */
const mostChunks = 1_024;
/** The format's own limit. */
const maxHeaderBytes = 128 * 1024;

/** Bytes of a header's value by its type; types 6 and 7, bytes and text, say their length themselves. */
const fixedValueBytes: { readonly [type: number]: number } = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };
const bytesType = 6;
const textType = 7;

export class EventStreamParser {
  #chunks: Uint8Array[] = [];
  #size = 0;
  /** Bytes without which nothing more can be read. */
  #needed = preludeBytes;

  /** The events whose frames these bytes complete. @throws ProviderFailure provider_error for a damaged frame, in its turn. */
  *push(bytes: Uint8Array): Generator<ServerSentEvent> {
    if (this.#chunks.length === mostChunks) this.#chunks = [Buffer.concat(this.#chunks)];
    this.#chunks.push(bytes);
    this.#size += bytes.byteLength;
    if (this.#size < this.#needed) return;
    let rest = this.#chunks.length === 1 ? Buffer.from(bytes) : Buffer.concat(this.#chunks);
    for (let length = frameLength(rest); rest.byteLength >= length; length = frameLength(rest)) {
      yield readFrame(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
    this.#chunks = [rest];
    this.#size = rest.byteLength;
    this.#needed = frameLength(rest);
  }
}

/** Bytes of the frame that begins here; those of a prelude while that is not whole. */
function frameLength(bytes: Buffer): number {
  if (bytes.byteLength < preludeBytes) return preludeBytes;
  if (Bun.hash.crc32(bytes.subarray(0, 8)) !== bytes.readUInt32BE(8)) throw damaged("a prelude's checksum is wrong");
  const total = bytes.readUInt32BE(0);
  const headers = bytes.readUInt32BE(4);
  if (total > maxFrameBytes || headers > maxHeaderBytes) throw damaged("a frame exceeds the size limit");
  if (total < preludeBytes + headers + checksumBytes) throw damaged("a frame is shorter than its headers");
  return total;
}

function readFrame(frame: Buffer): ServerSentEvent {
  const end = frame.byteLength - checksumBytes;
  if (Bun.hash.crc32(frame.subarray(0, end)) !== frame.readUInt32BE(end)) throw damaged("a frame's checksum is wrong");
  const payloadAt = preludeBytes + frame.readUInt32BE(4);
  const headers = readHeaders(frame.subarray(preludeBytes, payloadAt));
  const data = frame.toString("utf8", payloadAt, end);
  switch (headers.get(":message-type")) {
    case "exception":
      return { event: headers.get(":exception-type") ?? "exception", data };
    case "error": {
      const message = headers.get(":error-message") ?? "";
      return { event: headers.get(":error-code") ?? "error", data: JSON.stringify({ message }) };
    }
    default:
      return { event: headers.get(":event-type") ?? "", data };
  }
}

/** The headers that are texts; the others mean nothing here. */
function readHeaders(bytes: Buffer): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at < bytes.byteLength;) {
    const nameEnd = at + 1 + byteAt(bytes, at);
    const type = byteAt(bytes, nameEnd);
    const hasLength = type === bytesType || type === textType;
    const valueAt = nameEnd + (hasLength ? 3 : 1);
    const length = hasLength ? byteAt(bytes, nameEnd + 1) * 256 + byteAt(bytes, nameEnd + 2) : fixedValueBytes[type];
    if (length === undefined || valueAt + length > bytes.byteLength) throw damaged("a header cannot be read");
    if (type === textType) {
      headers.set(bytes.toString("utf8", at + 1, nameEnd), bytes.toString("utf8", valueAt, valueAt + length));
    }
    at = valueAt + length;
  }
  return headers;
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw damaged("a header cannot be read");
  return byte;
}

function damaged(what: string): ProviderFailure {
  return new ProviderFailure("provider_error", `the upstream's event stream is damaged: ${what}`);
}
