// The text of secrets that people carry about: what kind they are, 32 random base62 characters, 6 checksum characters.
// The checksum tells a mistyped one from an unknown one without asking the database; it protects nothing.

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const randomCharacters = 32;
const checksumCharacters = 6;
const prefixCharacters = 8;
const form = /^((astrolabe_[a-z]+_)([0-9A-Za-z]{32}))([0-9A-Za-z]{6})$/;

/** Gives that many unpredictable bytes. */
export type RandomBytes = (count: number) => Uint8Array;

export type SecretText = {
  /** What it begins with: `astrolabe_live_`. */
  readonly kind: string;
  /** First 8 of the random characters; public. */
  readonly prefix: string;
};

/** A new secret with 190 bits of randomness. @param kind `astrolabe_` and a word, with `_` at its end */
export function makeSecretText(kind: string, random: RandomBytes): string {
  const body = kind + randomText(random);
  return body + checksum(body);
}

/** What a secret says about itself; undefined when its form or its checksum is wrong. Says nothing about validity. */
export function readSecretText(text: string): SecretText | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, body = "", kind = "", characters = "", given] = match;
  return checksum(body) === given ? { kind, prefix: characters.slice(0, prefixCharacters) } : undefined;
}

/** HMAC-SHA256 of a secret under the installation's key, base64url: what is stored and looked up. */
export function hashSecretText(hashKey: Uint8Array, secret: string): string {
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
