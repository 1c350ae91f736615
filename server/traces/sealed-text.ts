// A request's prompt and answer as they are stored: compressed, encrypted, and bound to their request.

import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { RequestId } from "../contracts/ids.ts";
import { objectAt, parseObject, type JsonObject } from "../contracts/json.ts";

/** What a stack stores of a request; absent parts are not stored. */
export type StoredText = { readonly prompt?: JsonObject; readonly output?: JsonObject };

const form = 1;
const nonceBytes = 12;
const tagBytes = 16;
/** The fastest level: this runs before the settling transaction. */
const compression = { level: 1 };

/**
 * Form, nonce, tag, and the encrypted JSON. The key is the request's own, so that no key encrypts twice.
 * @param key 32 bytes: `deriveKey(master, "stored-texts")`.
 */
export function sealText(key: Uint8Array, requestId: RequestId, text: StoredText): Uint8Array {
  const packed = Bun.zstdCompressSync(JSON.stringify(text), compression);
  const head = Buffer.from([form]);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", textKey(key, requestId), nonce).setAAD(head);
  const encrypted = Buffer.concat([cipher.update(packed), cipher.final()]);
  return Buffer.concat([head, nonce, cipher.getAuthTag(), encrypted]);
}

/** @throws Error when the bytes were not sealed by `sealText` for this request under this key. */
export function openText(key: Uint8Array, requestId: RequestId, sealed: Uint8Array): StoredText {
  const bytes = Buffer.from(sealed);
  const head = bytes.subarray(0, 1);
  if (head[0] !== form) throw new Error("A stored text has an unknown form.");
  const tagAt = head.length + nonceBytes;
  const cipher = createDecipheriv("aes-256-gcm", textKey(key, requestId), bytes.subarray(head.length, tagAt));
  cipher.setAAD(head).setAuthTag(bytes.subarray(tagAt, tagAt + tagBytes));
  const packed = Buffer.concat([cipher.update(bytes.subarray(tagAt + tagBytes)), cipher.final()]);
  const text = parseObject(Bun.zstdDecompressSync(packed).toString("utf8")) ?? {};
  const [prompt, output] = [objectAt(text, "prompt"), objectAt(text, "output")];
  return { ...(prompt ? { prompt } : {}), ...(output ? { output } : {}) };
}

function textKey(key: Uint8Array, requestId: RequestId): Buffer {
  return new Bun.CryptoHasher("sha256", key).update(requestId).digest();
}
