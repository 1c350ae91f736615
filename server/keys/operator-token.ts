// The operator token: proof of being able to read the data directory. It is derived from the master secret, so nothing
// stores it, and it changes with the master secret.

import { deriveKey } from "./master-secret.ts";

/** `astrolabe_operator_` and 43 base64url characters. */
export function operatorToken(master: Uint8Array): string {
  return `astrolabe_operator_${Buffer.from(deriveKey(master, "operator-token")).toString("base64url")}`;
}
