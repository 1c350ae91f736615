// Lets the operator in: compares the token in constant time and slows down those who guess.

import { timingSafeEqual } from "node:crypto";
import { GatewayError } from "../../contracts/errors.ts";
import type { Caller } from "./access.ts";

const wrongTokensPerMinute = 30;

export class OperatorGate {
  readonly #expected: Uint8Array;
  readonly #now: () => number;
  #windowEndsAt = 0;
  #wrongInWindow = 0;

  constructor(token: string, now: () => number) {
    this.#expected = digest(token);
    this.#now = now;
  }

  /**
   * The caller behind an `Authorization` header. The right token always passes, so nobody can lock the operator out.
   * @throws GatewayError unauthorized, or rate_limited after 30 wrong tokens in a minute from anyone.
   */
  identify(authorization: string | undefined): Caller {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
    // Comparing digests gives both sides one length and leaks nothing about where they differ.
    if (token !== undefined && timingSafeEqual(digest(token), this.#expected)) return { kind: "operator" };
    if (token !== undefined) this.#countWrong();
    throw new GatewayError(
      "unauthorized",
      "Send `Authorization: Bearer astrolabe_operator_...`; `astrolabe token` prints it.",
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
    throw new GatewayError("rate_limited", "Too many wrong operator tokens.", { retryAfterSeconds });
  }
}

function digest(text: string): Uint8Array {
  return new Bun.CryptoHasher("sha256").update(text).digest();
}
