// The text of an API key: `astrolabe_live_` or `astrolabe_test_`, 32 random base62 characters, 6 checksum characters.
// The checksum tells a mistyped key from an unknown one without asking the database; it protects nothing.

import type { KeyMode } from "./api-key.ts";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const randomCharacters = 32;
const checksumCharacters = 6;
const prefixCharacters = 8;
const form = /^(astrolabe_(live|test)_([0-9A-Za-z]{32}))([0-9A-Za-z]{6})$/;

/** Gives that many unpredictable bytes. */
export type RandomBytes = (count: number) => Uint8Array;

export type KeySecretFacts = {
  readonly mode: KeyMode;
  /** First 8 of the random characters; public. */
  readonly prefix: string;
};

/** A new secret with 190 bits of randomness. It is shown once and stored only as a keyed hash. */
export function makeKeySecret(mode: KeyMode, random: RandomBytes): string {
  const body = `astrolabe_${mode}_${randomText(random)}`;
  return body + checksum(body);
}

/** What a secret says about itself; undefined when its form or its checksum is wrong. Says nothing about validity. */
export function readKeySecret(text: string): KeySecretFacts | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, body = "", mode, characters = "", given] = match;
  if (checksum(body) !== given) return undefined;
  return { mode: mode === "live" ? "live" : "test", prefix: characters.slice(0, prefixCharacters) };
}

/** HMAC-SHA256 of a secret under the installation's key, base64url: what is stored and looked up. */
export function hashKeySecret(hashKey: Uint8Array, secret: string): string {
  return new Bun.CryptoHasher("sha256", hashKey).update(secret).digest("base64url");
}

/** CRC-32 in base62, most significant character first. 62^6 exceeds 2^32, so six characters always suffice. */
function checksum(body: string): string {
  let rest = Bun.hash.crc32(body);
  let text = "";
  for (let position = 0; position < checksumCharacters; position++) {
    text = alphabet.charAt(rest % alphabet.length) + text;
    rest = Math.floor(rest / alphabet.length);
  }
  return text;
}

/** Bytes of 248 and above are thrown away: keeping them would make some characters likelier than others. */
function randomText(random: RandomBytes): string {
  const evenBelow = 256 - (256 % alphabet.length);
  let text = "";
  for (let round = 0; text.length < randomCharacters; round++) {
    if (round === 100) throw new Error("The source of randomness gives no usable bytes.");
    for (const byte of random(randomCharacters)) {
      if (byte < evenBelow && text.length < randomCharacters) text += alphabet.charAt(byte % alphabet.length);
    }
  }
  return text;
}
