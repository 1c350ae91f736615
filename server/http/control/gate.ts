// Says who a request comes from: the holder of the operator token, compared in constant time, or a person by their
// session or an access token. Those who guess are slowed down.

import { timingSafeEqual } from "node:crypto";
import { GatewayError } from "../../contracts/errors.ts";
import { isAccessToken } from "../../identity/access-token.ts";
import type { AccessTokenRefusal, AccessTokens } from "../../identity/access-tokens.ts";
import type { Sessions } from "../../identity/signed-in-user.ts";
import type { Caller } from "./access.ts";

const wrongTokensPerMinute = 30;

export type GateOptions = {
  readonly operatorToken: string;
  readonly sessions: Sessions;
  readonly accessTokens: Pick<AccessTokens, "resolve">;
  /** Unix milliseconds. */
  readonly now: () => number;
};

export class Gate {
  readonly #expected: Uint8Array;
  readonly #sessions: Sessions;
  readonly #accessTokens: GateOptions["accessTokens"];
  readonly #now: () => number;
  #windowEndsAt = 0;
  #wrongInWindow = 0;

  constructor({ operatorToken, sessions, accessTokens, now }: GateOptions) {
    this.#expected = digest(operatorToken);
    this.#sessions = sessions;
    this.#accessTokens = accessTokens;
    this.#now = now;
  }

  /** The caller behind these headers; undefined without a credential, or with one that does not count. */
  async find(headers: Headers): Promise<Caller | undefined> {
    const token = bearerOf(headers);
    // Comparing digests gives both sides one length and leaks nothing about where they differ.
    if (token !== undefined && timingSafeEqual(digest(token), this.#expected)) return { kind: "operator" };
    if (token === undefined && !headers.has("cookie")) return undefined;
    if (token !== undefined && isAccessToken(token)) {
      const found = await this.#accessTokens.resolve(token);
      return "reason" in found ? undefined : { kind: "user", user: found };
    }
    const user = await this.#sessions.find(headers);
    return user === undefined ? undefined : { kind: "user", user };
  }

  /**
   * The caller behind these headers. The right token always passes, so nobody can lock the operator out.
   * @throws GatewayError unauthorized, invalid_access_token, or rate_limited after 30 wrong tokens in a minute from anyone.
   */
  async identify(headers: Headers): Promise<Caller> {
    const caller = await this.find(headers);
    if (caller !== undefined) return caller;
    const token = bearerOf(headers);
    if (token !== undefined && isAccessToken(token)) throw await this.#refusalOf(token);
    if (token !== undefined) this.#countWrong();
    throw new GatewayError(
      "unauthorized",
      "Sign in, or send `Authorization: Bearer astrolabe_operator_...`; `astrolabe token` prints it.",
    );
  }

  /** Whoever holds a token that has ended guesses nothing, and hears why it ended. */
  async #refusalOf(token: string): Promise<GatewayError> {
    const found = await this.#accessTokens.resolve(token);
    const refusal = "reason" in found ? found : { reason: "unknown" as const };
    if (refusal.reason === "unknown") this.#countWrong();
    const ended = "endedAt" in refusal ? { ended_at: new Date(refusal.endedAt).toISOString() } : {};
    const { reason } = refusal;
    return new GatewayError("invalid_access_token", refusalWords[reason], { details: { reason, ...ended } });
  }

  #countWrong(): void {
    const now = this.#now();
    if (now >= this.#windowEndsAt) {
      this.#windowEndsAt = now + 60_000;
      this.#wrongInWindow = 0;
    }
    this.#wrongInWindow += 1;
    if (this.#wrongInWindow <= wrongTokensPerMinute) return;
    const retryAfterSeconds = Math.ceil((this.#windowEndsAt - now) / 1000);
    throw new GatewayError("rate_limited", "Too many wrong tokens.", { retryAfterSeconds });
  }
}

const refusalWords = {
  unknown: "The access token is not known here; it may not have been copied whole.",
  expired: "The access token has expired.",
  revoked: "The access token was revoked.",
  disabled: "The person whose access token this is has been shut out of this server.",
} as const satisfies Record<AccessTokenRefusal["reason"], string>;

function bearerOf(headers: Headers): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
}

function digest(text: string): Uint8Array {
  return new Bun.CryptoHasher("sha256").update(text).digest();
}
