// The master secret: 32 random bytes that exist once per installation, and the keys derived from it, one per purpose.
// Losing it invalidates every API key and the operator token; the database alone reveals neither.

import { hkdfSync, randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

const secretBytes = 32;

/** Each purpose has its own key: learning one tells nothing of the others. */
export type KeyPurpose =
  | "api-keys"
  | "operator-token"
  | "fingerprints"
  | "database-mark"
  | "idempotency-keys"
  | "kept-answers"
  | "stored-texts"
  | "stored-responses"
  | "webhook-secrets"
  | "receipts"
  | "invitations"
  | "identity"
  | "access-tokens"
  | "sessions"
  | "vault"
  | "managed-keys"
  | "deployments"
  | "deployment-templates"
  | "agent-doors";

export type MasterSecretSource = {
  /** Where `master.key` lives. */
  readonly dataDir: string;
  /** `ASTROLABE_MASTER_KEY`, 32 bytes in base64; undefined or empty means the file. */
  readonly fromEnvironment: string | undefined;
};

/**
 * The installation's master secret: from the environment, else from `master.key` in the data directory, which is
 * created when absent (file 0600, directory 0700).
 * @throws Error that says what to do, when the secret is malformed or others may read the file.
 */
export function loadMasterSecret(source: MasterSecretSource): Uint8Array {
  const existing = readMasterSecret(source);
  if (existing !== undefined) return existing;
  mkdirSync(source.dataDir, { recursive: true, mode: 0o700 });
  createSecretFile(source.dataDir);
  const created = readMasterSecret(source);
  if (created === undefined) throw new Error(`${secretPath(source.dataDir)} disappeared while the server started.`);
  return created;
}

/**
 * Like `loadMasterSecret` but creates nothing: undefined when neither the variable nor the file exists.
 * @throws Error under the same conditions.
 */
export function readMasterSecret(source: MasterSecretSource): Uint8Array | undefined {
  if (source.fromEnvironment) {
    return decodeSecret(source.fromEnvironment, "ASTROLABE_MASTER_KEY");
  }
  const path = secretPath(source.dataDir);
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) return undefined;
  if ((mode & 0o077) !== 0) {
    const shown = (mode & 0o777).toString(8).padStart(4, "0");
    throw new Error(`${path} has mode ${shown}: other users of this machine may read it. Run: chmod 600 ${path}`);
  }
  return decodeSecret(readFileSync(path, "utf8"), path);
}

/** The 32-byte key for one purpose, derived by HKDF-SHA256. The same master and purpose always give the same key. */
export function deriveKey(master: Uint8Array, purpose: KeyPurpose): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", master, "", `astrolabe/${purpose}`, secretBytes));
}

function secretPath(dataDir: string): string {
  return join(dataDir, "master.key");
}

function decodeSecret(text: string, where: string): Uint8Array {
  const bytes = Buffer.from(text.trim(), "base64");
  if (bytes.length !== secretBytes || bytes.toString("base64") !== text.trim()) {
    throw new Error(
      `${where} must hold exactly ${secretBytes} bytes in base64. Make them with: openssl rand -base64 32`,
    );
  }
  return new Uint8Array(bytes);
}

/** Writes the file whole or not at all; of several processes starting at once, the first to link it wins. */
function createSecretFile(dataDir: string): void {
  const draft = join(dataDir, `master.key.${randomBytes(8).toString("hex")}`);
  const file = openSync(draft, "wx", 0o600);
  try {
    writeSync(file, `${randomBytes(secretBytes).toString("base64")}\n`);
    fsyncSync(file);
    linkSync(draft, secretPath(dataDir));
  } catch (thrown) {
    const lostTheRace = thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST";
    if (!lostTheRace) throw thrown;
  } finally {
    closeSync(file);
    rmSync(draft, { force: true });
  }
}
