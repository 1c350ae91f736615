// A key for the gateway's first start, of the form the server accepts.

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const randomCharacters = 32;
const checksumCharacters = 6;

/** A fresh live key: prefix, random characters, and their CRC-32 in base62. */
export function newGatewayKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(randomCharacters));
  const body = `astrolabe_live_${Array.from(bytes, (byte) => alphabet.charAt(byte % alphabet.length)).join("")}`;
  return body + base62(Bun.hash.crc32(body));
}

function base62(value: number): string {
  let rest = value;
  let text = "";
  for (let position = 0; position < checksumCharacters; position += 1) {
    text = alphabet.charAt(rest % alphabet.length) + text;
    rest = Math.floor(rest / alphabet.length);
  }
  return text;
}
