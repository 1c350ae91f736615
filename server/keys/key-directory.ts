// Who is asking? Answers from memory; a change made here counts at once, one made by another process within a second.

import { GatewayError } from "../contracts/errors.ts";
import { LookupCache } from "../caching/lookup-cache.ts";
import type { AuthenticatedKey, KeyOfSecret, KeyRecords } from "./key-records.ts";
import { hashKeySecret, readKeySecret } from "./key-secret.ts";
import type { KeyUses } from "./key-uses.ts";

const nobody: Promise<undefined> = Promise.resolve(undefined);

export type KeyDirectoryOptions = {
  readonly records: Pick<KeyRecords, "findByHash">;
  /** `deriveKey(master, "api-keys")`. */
  readonly hashKey: Uint8Array;
  /** Hears of every look-up that found a key: at most one a second for each. */
  readonly uses: Pick<KeyUses, "note">;
  /** Unix milliseconds. */
  readonly now: () => number;
};

export class KeyDirectory {
  readonly #options: KeyDirectoryOptions;
  readonly #cache: LookupCache<KeyOfSecret>;

  constructor(options: KeyDirectoryOptions) {
    this.#options = options;
    this.#cache = new LookupCache({
      maxPresent: 20_000,
      maxAbsent: 5_000,
      freshForMs: 1000,
      endsAt,
      now: options.now,
    });
  }

  /**
   * The key of this secret and its workspace; undefined when the secret is malformed, unknown, revoked or expired. The
   * workspace may be suspended: refusing it is the caller's part.
   * @throws GatewayError service_unavailable when the database fails.
   */
  authenticate(secret: string): Promise<AuthenticatedKey | undefined> {
    if (readKeySecret(secret) === undefined) return nobody;
    const hash = hashKeySecret(this.#options.hashKey, secret);
    return this.#cache.get(hash, () => this.#load(hash));
  }

  /** To be called after every change to a key or a workspace. */
  forget(): void {
    this.#cache.clear();
  }

  async #load(hash: string): Promise<KeyOfSecret | undefined> {
    try {
      const found = await this.#options.records.findByHash(hash);
      const now = this.#options.now();
      if (found === undefined || !isUsable(found, now)) return undefined;
      this.#options.uses.note(found.key.id, now);
      return found;
    } catch (cause) {
      throw new GatewayError("service_unavailable", undefined, { cause, retryAfterSeconds: 1 });
    }
  }
}

/** Unix milliseconds at which the secret, or its key, ends by itself; undefined: never. */
function endsAt({ key, secretEndsAt }: KeyOfSecret): number | undefined {
  if (key.expiresAt === undefined || secretEndsAt === undefined) return key.expiresAt ?? secretEndsAt;
  return Math.min(key.expiresAt, secretEndsAt);
}

function isUsable(found: KeyOfSecret, now: number): boolean {
  return found.key.revokedAt === undefined && now < (endsAt(found) ?? Infinity);
}
