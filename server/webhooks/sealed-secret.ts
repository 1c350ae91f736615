// Signing secrets: made, sealed for storage with a key derived from the master secret, and opened to sign.

import { createCipheriv, createDecipheriv } from "node:crypto";

export type RandomBytes = (count: number) => Uint8Array;

const secretBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const prefix = "whsec_";

/** `whsec_` and 32 random bytes in base64, as the Standard Webhooks specification writes them. */
export function makeWebhookSecret(random: RandomBytes): string {
  return prefix + Buffer.from(random(secretBytes)).toString("base64");
}

/** The key that a secret stands for. */
export function signingKey(secret: string): Uint8Array {
  return new Uint8Array(Buffer.from(secret.slice(prefix.length), "base64"));
}

/**
 * AES-256-GCM, as base64url of nonce, tag and text. What is sealed for one endpoint cannot be opened for another.
 * @param key 32 bytes: `deriveKey(master, "webhook-secrets")`.
 */
export function sealSecret(key: Uint8Array, endpointId: string, secret: string, random: RandomBytes): string {
  const nonce = random(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(endpointId));
  const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
}

/** @throws Error when it was sealed with another key or for another endpoint. */
export function openSecret(key: Uint8Array, endpointId: string, sealed: string): string {
  const bytes = Buffer.from(sealed, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, nonceBytes));
  decipher.setAAD(Buffer.from(endpointId)).setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, "utf8") + decipher.final("utf8");
}
