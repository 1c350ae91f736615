import { expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { makeWebhookSecret, openSecret, sealSecret, signingKey } from "./sealed-secret.ts";

const key = new Uint8Array(32).fill(3);
const random = (count: number) => randomBytes(count);

test("a secret is 32 random bytes as the specification writes them", () => {
  const secret = makeWebhookSecret(random);
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(signingKey(secret).length).toBe(32);
  expect(makeWebhookSecret(random)).not.toBe(secret);
});

test("a sealed secret opens for its endpoint and key alone, and is never sealed the same way twice", () => {
  const secret = makeWebhookSecret(random);
  const sealed = sealSecret(key, "whe_1", secret, random);
  expect(openSecret(key, "whe_1", sealed)).toBe(secret);
  expect(sealSecret(key, "whe_1", secret, random)).not.toBe(sealed);
  expect(() => openSecret(key, "whe_2", sealed)).toThrow();
  expect(() => openSecret(new Uint8Array(32), "whe_1", sealed)).toThrow();
  const changed = Buffer.from(sealed, "base64url");
  changed.writeUInt8(changed.readUInt8(40) ^ 1, 40);
  expect(() => openSecret(key, "whe_1", changed.toString("base64url"))).toThrow();
});
