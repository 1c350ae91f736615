// A response as it is stored: compressed, encrypted, and bound to its request, workspace and mode.

import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { RequestId } from "../contracts/ids.ts";
import { arrayAt, isObject, objectAt, parseObject, stringAt, type JsonObject } from "../contracts/json.ts";
import type { Maker } from "../conversation/earlier-turn.ts";
import type { ResponseOwner } from "./response-records.ts";

export type StoredResponse = {
  readonly maker: Maker;
  /** Whether the turn, or one before it, held text from strangers. */
  readonly untrusted: boolean;
  /** The turn's own input items, without those of the turns before it. */
  readonly input: readonly JsonObject[];
  /** As the client got it. */
  readonly response: JsonObject;
};

/** What a sealed response belongs to: it opens for nothing else. */
export type SealedFor = ResponseOwner & { readonly requestId: RequestId };

const form = 1;
const nonceBytes = 12;
const tagBytes = 16;
/** The fastest level: this runs within the settling transaction. */
const compression = { level: 1 };

/**
 * Form, nonce, tag, and the encrypted JSON. The key is the response's own, so that no key encrypts twice.
 * @param key 32 bytes: `deriveKey(master, "stored-responses")`.
 */
export function sealResponse(key: Uint8Array, belongsTo: SealedFor, stored: StoredResponse): Uint8Array {
  const packed = Bun.zstdCompressSync(JSON.stringify(stored), compression);
  const head = Buffer.from([form]);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", ownKey(key, belongsTo), nonce).setAAD(head);
  const encrypted = Buffer.concat([cipher.update(packed), cipher.final()]);
  return Buffer.concat([head, nonce, cipher.getAuthTag(), encrypted]);
}

/** @throws Error when the bytes were not sealed by `sealResponse` for this owner and request under this key. */
export function openResponse(key: Uint8Array, belongsTo: SealedFor, sealed: Uint8Array): StoredResponse {
  const bytes = Buffer.from(sealed);
  const head = bytes.subarray(0, 1);
  if (head[0] !== form) throw new Error("A stored response has an unknown form.");
  const tagAt = head.length + nonceBytes;
  const nonce = bytes.subarray(head.length, tagAt);
  const cipher = createDecipheriv("aes-256-gcm", ownKey(key, belongsTo), nonce, { authTagLength: tagBytes });
  cipher.setAAD(head).setAuthTag(bytes.subarray(tagAt, tagAt + tagBytes));
  const packed = Buffer.concat([cipher.update(bytes.subarray(tagAt + tagBytes)), cipher.final()]);
  return readStored(parseObject(Bun.zstdDecompressSync(packed).toString("utf8")) ?? {});
}

function readStored(stored: JsonObject): StoredResponse {
  const [maker, response] = [objectAt(stored, "maker"), objectAt(stored, "response")];
  if (!maker || !response) throw new Error("A stored response cannot be read.");
  return {
    maker: { model: stringAt(maker, "model") ?? "", provider: stringAt(maker, "provider") ?? "" },
    untrusted: stored["untrusted"] === true,
    input: (arrayAt(stored, "input") ?? []).filter(isObject),
    response,
  };
}

function ownKey(key: Uint8Array, { workspaceId, mode, requestId }: SealedFor): Buffer {
  return new Bun.CryptoHasher("sha256", key).update(`${workspaceId} ${mode} ${requestId}`).digest();
}
