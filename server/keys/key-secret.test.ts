// The form of secrets: what is accepted, what a typing mistake does, what is stored.

import { randomBytes } from "node:crypto";
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { hashKeySecret, makeKeySecret, readKeySecret } from "./key-secret.ts";

const random = (count: number): Uint8Array => randomBytes(count);

describe("a key's secret", () => {
  test("has the published form and names its mode and prefix", () => {
    const secret = makeKeySecret("test", random);
    expect(secret).toMatch(/^astrolabe_test_[0-9A-Za-z]{38}$/);
    expect(readKeySecret(secret)).toEqual({ mode: "test", prefix: secret.slice(15, 23) });
  });

  test("is refused when any one character is another", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 52 }), fc.constantFrom(..."09AZaz_ "), (position, character) => {
        const secret = makeKeySecret("live", random);
        fc.pre(secret.charAt(position) !== character);
        const mistyped = secret.slice(0, position) + character + secret.slice(position + 1);
        expect(readKeySecret(mistyped)).toBeUndefined();
      }),
    );
  });

  test("is refused with anything before or after it", () => {
    const secret = makeKeySecret("live", random);
    for (const text of [` ${secret}`, `${secret}\n`, `${secret}0`, "", "astrolabe_live_"]) {
      expect(readKeySecret(text)).toBeUndefined();
    }
  });

  test("throws away bytes that would favour some characters, and gives up when all are", () => {
    const everyByteTwice = (count: number) => Uint8Array.from({ length: count }, (_, index) => 224 + (index % 32));
    expect(readKeySecret(makeKeySecret("live", everyByteTwice))?.mode).toBe("live");
    const tooHigh = (count: number) => new Uint8Array(count).fill(255);
    expect(() => makeKeySecret("live", tooHigh)).toThrow("randomness");
  });

  test("hashes to HMAC-SHA256 under the installation's key", () => {
    // RFC 4231, test case 2.
    const hash = hashKeySecret(Buffer.from("Jefe"), "what do ya want for nothing?");
    expect(Buffer.from(hash, "base64url").toString("hex")).toBe(
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    );
  });
});
