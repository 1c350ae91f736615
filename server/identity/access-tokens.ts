// Makes, lists and revokes access tokens, and says whose a secret is. Each look-up asks the database, so that what ends a
// token counts at once on every server. A secret leaves this file once: in the answer of `create`.

import { GatewayError } from "../contracts/errors.ts";
import { newId, type AccessTokenId, type UserId } from "../contracts/ids.ts";
import { hashSecretText, makeSecretText, readSecretText, type RandomBytes } from "../keys/secret-text.ts";
import { accessTokenKind, type AccessToken, type ListedAccessToken } from "./access-token.ts";
import type { AccessTokenRecords } from "./access-token-records.ts";
import type { SignedInUser } from "./signed-in-user.ts";

export const mostAccessTokens = 50;
/** Uses are written down at most this often. */
const useMs = 60_000;
/** Tokens whose use is remembered between two writes. */
const mostUses = 20_000;
/** How long an ended token can still be told from an unknown one. */
const endedKeptMs = 30 * 86_400_000;

export type AccessTokenOptions = {
  readonly records: AccessTokenRecords;
  /** `deriveKey(master, "access-tokens")`. */
  readonly hashKey: Uint8Array;
  readonly random: RandomBytes;
  /** Whole Unix milliseconds. */
  readonly now: () => number;
};

export type NewAccessToken = Pick<
  AccessToken,
  "userId" | "name" | "workspaceId" | "readOnly" | "createdAt" | "expiresAt"
>;

/** Why a secret does not count. `endedAt` is in Unix milliseconds. */
export type AccessTokenRefusal =
  { readonly reason: "unknown" | "disabled" } | { readonly reason: "expired" | "revoked"; readonly endedAt: number };

export class AccessTokens {
  readonly #options: AccessTokenOptions;
  #unwritten = new Map<AccessTokenId, number>();

  constructor(options: AccessTokenOptions) {
    this.#options = options;
  }

  /** @throws GatewayError conflict when the person has as many as there may be */
  async create(input: NewAccessToken): Promise<{ readonly token: ListedAccessToken; readonly secret: string }> {
    const { records, hashKey, random, now } = this.#options;
    if ((await records.count(input.userId, now())) >= mostAccessTokens) {
      throw new GatewayError("conflict", `You have ${mostAccessTokens} access tokens, and nobody can have more.`, {
        hint: "Revoke those that nothing uses any more.",
      });
    }
    const secret = makeSecretText(accessTokenKind, random);
    const prefix = readSecretText(secret)?.prefix ?? "";
    const id = newId("pat");
    const made = { ...input, id, prefix, revokedAt: undefined, lastUsedAt: undefined };
    await records.insert(made, hashSecretText(hashKey, secret));
    return { token: await this.#find(input.userId, id), secret };
  }

  /** Newest first; those that have expired stand among them for 30 days. */
  async list(userId: UserId): Promise<readonly ListedAccessToken[]> {
    return (await this.#options.records.list(userId)).map((token) => this.#withLatestUse(token));
  }

  /** Repeating it changes nothing. @throws GatewayError not_found */
  async revoke(userId: UserId, id: AccessTokenId): Promise<ListedAccessToken> {
    await this.#find(userId, id);
    await this.#options.records.revoke(userId, id, this.#options.now());
    return this.#find(userId, id);
  }

  /** The person behind a secret, with what the token may do; or why it does not count. */
  async resolve(secret: string): Promise<SignedInUser | AccessTokenRefusal> {
    if (readSecretText(secret)?.kind !== accessTokenKind) return { reason: "unknown" };
    const { records, hashKey, now } = this.#options;
    const found = await records.findByHash(hashSecretText(hashKey, secret));
    if (found === undefined) return { reason: "unknown" };
    const { token, person } = found;
    if (token.revokedAt !== undefined) return { reason: "revoked", endedAt: token.revokedAt };
    if (token.expiresAt <= now()) return { reason: "expired", endedAt: token.expiresAt };
    if (person.isDisabled) return { reason: "disabled" };
    this.#noteUse(token, now());
    const { email, name } = person;
    // Whatever its person is: what is for operators asks for a session.
    return {
      id: token.userId,
      email,
      name,
      isOperator: false,
      sessionId: undefined,
      via: "bearer",
      accessToken: token,
    };
  }

  /** Writes down uses and deletes what ended long ago; to be called every few seconds. */
  async housekeep(): Promise<void> {
    await this.flush();
    await this.#options.records.prune(this.#options.now() - endedKeptMs);
  }

  /** Writes down uses; on a failure they are noted again with the next use. @throws what the database throws */
  async flush(): Promise<void> {
    if (this.#unwritten.size === 0) return;
    const writing = this.#unwritten;
    this.#unwritten = new Map();
    await this.#options.records.recordUses(writing);
  }

  #noteUse({ id, lastUsedAt }: AccessToken, at: number): void {
    if (at - (lastUsedAt ?? 0) < useMs || this.#unwritten.size >= mostUses) return;
    this.#unwritten.set(id, at);
  }

  #withLatestUse<Token extends AccessToken>(token: Token): Token {
    const noted = this.#unwritten.get(token.id);
    return noted === undefined ? token : { ...token, lastUsedAt: Math.max(noted, token.lastUsedAt ?? 0) };
  }

  async #find(userId: UserId, id: AccessTokenId): Promise<ListedAccessToken> {
    const token = await this.#options.records.find(userId, id);
    if (token === undefined) throw new GatewayError("not_found", "You have no such access token.");
    return this.#withLatestUse(token);
  }
}
