// Who is asking? Answers from memory; a change made here counts at once, one made by another process within a second.

import { GatewayError } from "../contracts/errors.ts";
import { LookupCache } from "../caching/lookup-cache.ts";
import type { ApiKey } from "./api-key.ts";
import type { AuthenticatedKey, KeyRecords } from "./key-records.ts";
import { hashKeySecret, readKeySecret } from "./key-secret.ts";

const nobody: Promise<undefined> = Promise.resolve(undefined);

export type KeyDirectoryOptions = {
  readonly records: Pick<KeyRecords, "findByHash">;
  /** `deriveKey(master, "api-keys")`. */
  readonly hashKey: Uint8Array;
  /** Unix milliseconds. */
  readonly now: () => number;
};

export class KeyDirectory {
  readonly #options: KeyDirectoryOptions;
  readonly #cache: LookupCache<AuthenticatedKey>;

  constructor(options: KeyDirectoryOptions) {
    this.#options = options;
    this.#cache = new LookupCache({
      maxPresent: 20_000,
      maxAbsent: 5_000,
      freshForMs: 1000,
      endsAt: ({ key }) => key.expiresAt,
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

  async #load(hash: string): Promise<AuthenticatedKey | undefined> {
    try {
      const found = await this.#options.records.findByHash(hash);
      return found !== undefined && isUsable(found.key, this.#options.now()) ? found : undefined;
    } catch (cause) {
      throw new GatewayError("service_unavailable", undefined, { cause, retryAfterSeconds: 1 });
    }
  }
}

function isUsable(key: ApiKey, now: number): boolean {
  return key.revokedAt === undefined && (key.expiresAt === undefined || now < key.expiresAt);
}
