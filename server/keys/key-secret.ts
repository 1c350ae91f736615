// The secret of an API key: `astrolabe_live_` or `astrolabe_test_`, then what server/keys/secret-text.ts makes.

import type { KeyMode } from "./api-key.ts";
import { hashSecretText, makeSecretText, readSecretText, type RandomBytes, type SecretText } from "./secret-text.ts";

export type { RandomBytes } from "./secret-text.ts";

export type KeySecretFacts = Pick<SecretText, "prefix"> & { readonly mode: KeyMode };

const modes: ReadonlyMap<string, KeyMode> = new Map([
  ["astrolabe_live_", "live"],
  ["astrolabe_test_", "test"],
]);

/** A new secret. It is shown once and stored only as a keyed hash. */
export function makeKeySecret(mode: KeyMode, random: RandomBytes): string {
  return makeSecretText(`astrolabe_${mode}_`, random);
}

/** What a secret says about itself; undefined when its form or its checksum is wrong. Says nothing about validity. */
export function readKeySecret(text: string): KeySecretFacts | undefined {
  const read = readSecretText(text);
  const mode = read && modes.get(read.kind);
  return read && mode && { mode, prefix: read.prefix };
}

/** What is stored of a secret and looked up. */
export function hashKeySecret(hashKey: Uint8Array, secret: string): string {
  return hashSecretText(hashKey, secret);
}
