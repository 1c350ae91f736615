// Says who a request comes from: the holder of the operator token, compared in constant time, or a person by their
// session. Those who guess are slowed down.

import { timingSafeEqual } from "node:crypto";
import { GatewayError } from "../../contracts/errors.ts";
import type { Sessions } from "../../identity/signed-in-user.ts";
import type { Caller } from "./access.ts";

const wrongTokensPerMinute = 30;

export type GateOptions = {
  readonly operatorToken: string;
  readonly sessions: Sessions;
  /** Unix milliseconds. */
  readonly now: () => number;
};

export class Gate {
  readonly #expected: Uint8Array;
  readonly #sessions: Sessions;
  readonly #now: () => number;
  #windowEndsAt = 0;
  #wrongInWindow = 0;

  constructor({ operatorToken, sessions, now }: GateOptions) {
    this.#expected = digest(operatorToken);
    this.#sessions = sessions;
    this.#now = now;
  }

  /** The caller behind these headers; undefined without a credential, or with one that does not count. */
  async find(headers: Headers): Promise<Caller | undefined> {
    const token = bearerOf(headers);
    // Comparing digests gives both sides one length and leaks nothing about where they differ.
    if (token !== undefined && timingSafeEqual(digest(token), this.#expected)) return { kind: "operator" };
    if (token === undefined && !headers.has("cookie")) return undefined;
    const user = await this.#sessions.find(headers);
    return user === undefined ? undefined : { kind: "user", user };
  }

  /**
   * The caller behind these headers. The right token always passes, so nobody can lock the operator out.
   * @throws GatewayError unauthorized, or rate_limited after 30 wrong tokens in a minute from anyone.
   */
  async identify(headers: Headers): Promise<Caller> {
    const caller = await this.find(headers);
    if (caller !== undefined) return caller;
    if (bearerOf(headers) !== undefined) this.#countWrong();
    throw new GatewayError(
      "unauthorized",
      "Sign in, or send `Authorization: Bearer astrolabe_operator_...`; `astrolabe token` prints it.",
    );
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

function bearerOf(headers: Headers): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
}

function digest(text: string): Uint8Array {
  return new Bun.CryptoHasher("sha256").update(text).digest();
}
