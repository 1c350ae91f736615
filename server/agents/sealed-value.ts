// Values that are given out again: encrypted for storage under a key derived from the master secret, and bound to what they
// belong to, so that a row copied to another place does not open there.

import { createCipheriv, createDecipheriv } from "node:crypto";

const nonceBytes = 12;
const tagBytes = 16;

export type RandomBytes = (count: number) => Uint8Array;

/**
 * AES-256-GCM, as base64url of nonce, tag and text.
 * @param key 32 bytes, from `deriveKey`.
 * @param belongsTo what it can be opened for, and for nothing else.
 */
export function sealValue(key: Uint8Array, belongsTo: string, value: string, random: RandomBytes): string {
  const nonce = random(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(belongsTo));
  const sealed = Buffer.concat([cipher.update(value, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
}

/** @throws Error when it was sealed under another key, for something else, or was changed. */
export function openValue(key: Uint8Array, belongsTo: string, sealed: string): string {
  const bytes = Buffer.from(sealed, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(belongsTo)).setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, "utf8") + decipher.final("utf8");
}
