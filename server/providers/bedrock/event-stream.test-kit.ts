// Frames of AWS's event streams, written by the published format and nothing of ours.

import { crc32 } from "node:zlib";

export type FrameHeaders = { readonly [name: string]: string };

export function frame(headers: FrameHeaders, payload: string): Buffer {
  return sealed(Buffer.concat(Object.entries(headers).map(([name, value]) => textHeader(name, value))), payload);
}

/** A frame around headers that were written already. */
export function sealed(headers: Buffer, payload: string): Buffer {
  const body = Buffer.from(payload);
  const bytes = Buffer.concat([Buffer.alloc(12), headers, body, Buffer.alloc(4)]);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(headers.length, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, -4)), bytes.length - 4);
  return bytes;
}

export function eventFrame(type: string, payload: unknown): Buffer {
  const headers = { ":event-type": type, ":content-type": "application/json", ":message-type": "event" };
  return frame(headers, JSON.stringify(payload));
}

export function exceptionFrame(type: string, message: string): Buffer {
  const headers = { ":exception-type": type, ":content-type": "application/json", ":message-type": "exception" };
  return frame(headers, JSON.stringify({ message }));
}

function textHeader(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  return Buffer.concat([
    Buffer.from([Buffer.byteLength(name)]),
    Buffer.from(name),
    Buffer.from([7]),
    length,
    Buffer.from(value),
  ]);
}
