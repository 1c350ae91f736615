// An answer as it is kept under a key: compressed where that pays, encrypted, and bound to its key and request.

import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { RequestId } from "../contracts/ids.ts";
import { isObject, numberAt, objectAt, parseObject, type JsonObject } from "../contracts/json.ts";

export type KeptReply =
  | {
      readonly kind: "answer";
      readonly status: number;
      /** Whether the body is a stream of events; JSON otherwise. */
      readonly stream: boolean;
      readonly headers: { readonly [name: string]: string };
      /** As it went to the client. */
      readonly body: Uint8Array;
    }
  /** The request was answered, and its answer is known to the client alone. */
  | { readonly kind: "not_kept"; readonly reason: NotKeptReason };

export const notKeptReasons = ["too_large", "retention_policy"] as const;
export type NotKeptReason = (typeof notKeptReasons)[number];

/** What a sealed answer belongs to: it opens for nothing else. */
export type SealedFor = { readonly keyHash: string; readonly requestId: RequestId };

const form = 1;
const [plain, compressed] = [0, 1];
const nonceBytes = 12;
const tagBytes = 16;
/** Below this compression saves too little. */
const compressedFromBytes = 1024;
/** The fastest level: this runs within the settling transaction. */
const compression = { level: 1 };

/**
 * Form, compression, nonce, tag, and the encrypted text: a line of JSON and the body. The key is the request's own, so
 * that no key encrypts twice.
 */
export function sealReply(sealKey: Uint8Array, { keyHash, requestId }: SealedFor, reply: KeptReply): Uint8Array {
  const text = encode(reply);
  const packed = text.byteLength < compressedFromBytes ? text : Bun.zstdCompressSync(text, compression);
  const head = Buffer.from([form, packed === text ? plain : compressed]);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", answerKey(sealKey, requestId), nonce);
  cipher.setAAD(Buffer.concat([head, Buffer.from(keyHash)]));
  const encrypted = Buffer.concat([cipher.update(packed), cipher.final()]);
  return Buffer.concat([head, nonce, cipher.getAuthTag(), encrypted]);
}

/** @throws Error when the bytes were not sealed by `sealReply` for this key and request under this secret. */
export function openReply(sealKey: Uint8Array, { keyHash, requestId }: SealedFor, sealed: Uint8Array): KeptReply {
  const bytes = Buffer.from(sealed);
  const head = bytes.subarray(0, 2);
  if (head[0] !== form) throw new Error("A kept answer has an unknown form.");
  const tagAt = head.length + nonceBytes;
  const cipher = createDecipheriv("aes-256-gcm", answerKey(sealKey, requestId), bytes.subarray(head.length, tagAt));
  cipher.setAAD(Buffer.concat([head, Buffer.from(keyHash)]));
  cipher.setAuthTag(bytes.subarray(tagAt, tagAt + tagBytes));
  const packed = Buffer.concat([cipher.update(bytes.subarray(tagAt + tagBytes)), cipher.final()]);
  return decode(head[1] === compressed ? Bun.zstdDecompressSync(packed) : packed);
}

function answerKey(sealKey: Uint8Array, requestId: RequestId): Buffer {
  return new Bun.CryptoHasher("sha256", sealKey).update(requestId).digest();
}

function encode(reply: KeptReply): Buffer {
  if (reply.kind === "not_kept") return Buffer.from(`${JSON.stringify({ not_kept: reply.reason })}\n`);
  const { status, stream, headers, body } = reply;
  return Buffer.concat([Buffer.from(`${JSON.stringify({ status, stream, headers })}\n`), body]);
}

function decode(text: Buffer): KeptReply {
  const lineEnd = text.indexOf("\n");
  const facts = parseObject(text.toString("utf8", 0, Math.max(0, lineEnd)));
  if (!facts) throw new Error("A kept answer cannot be read.");
  const reason = notKeptReasons.find((word) => word === facts["not_kept"]);
  if (reason) return { kind: "not_kept", reason };
  const status = numberAt(facts, "status");
  const headers = objectAt(facts, "headers");
  if (status === undefined || !headers) throw new Error("A kept answer cannot be read.");
  return {
    kind: "answer",
    status,
    stream: facts["stream"] === true,
    headers: texts(headers),
    body: new Uint8Array(text.subarray(lineEnd + 1)),
  };
}

function texts(object: JsonObject): { [name: string]: string } {
  const pairs = isObject(object) ? Object.entries(object) : [];
  return Object.fromEntries(pairs.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));
}
