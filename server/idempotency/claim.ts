// A key that a running request holds. It ends with the request: with an answer that is kept, or released for a repeat.

import type { KeptAnswer, SettledUsage } from "../ledger/request-record.ts";
import { inProgress } from "./errors.ts";
import type { IdempotencyRecords, KeyClaim } from "./idempotency-records.ts";
import { sealReply, type KeptReply } from "./sealed-reply.ts";

export type ClaimParts = {
  readonly records: IdempotencyRecords;
  readonly sealKey: Uint8Array;
  readonly leaseMs: number;
  /** How long a key stays taken, in milliseconds. */
  readonly keptMs: number;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly reportFault: (where: string, error: unknown) => void;
  /** Hears once that the claim has ended. */
  readonly onEnd: (claim: Claim) => void;
};

export class Claim {
  readonly #claim: KeyClaim;
  readonly #parts: ClaimParts;
  #leaseUntil: number;
  #lost = false;

  constructor(claim: KeyClaim, parts: ClaimParts) {
    this.#claim = claim;
    this.#parts = parts;
    this.#leaseUntil = claim.leaseUntil;
  }

  /**
   * To be asked once the hold is open: nobody takes a key while the hold of its request is. A request that has been
   * slower than its lease may have lost the key by then.
   * @throws GatewayError idempotency_in_progress when it has; nothing may be asked or debited under this claim.
   */
  async confirm(): Promise<void> {
    const { now, leaseMs } = this.#parts;
    if (!this.#lost && this.#leaseUntil - now() > leaseMs / 2) return;
    await this.renew();
    if (this.#lost) throw inProgress(this.#claim, now(), this.#parts.keptMs);
  }

  /** Extends the lease, as long as the request has the key. */
  async renew(): Promise<void> {
    const leaseUntil = Math.floor(this.#parts.now()) + this.#parts.leaseMs;
    this.#lost = !(await this.#parts.records.renew(this.#claim, leaseUntil));
    if (!this.#lost) this.#leaseUntil = leaseUntil;
  }

  /** The answer for the settling transaction; `render` is called within it, again if the transaction is. */
  keep(render: (settled: SettledUsage) => KeptReply): KeptAnswer {
    const { keyHash } = this.#claim;
    const { sealKey, now, keptMs } = this.#parts;
    return {
      keyHash,
      answer: (settled) => sealReply(sealKey, this.#claim, render(settled)),
      expiresAt: Math.floor(now()) + keptMs,
    };
  }

  /**
   * Ends with its request: waits until the request's end is written, and frees the key if no answer was kept. When the
   * write fails the claim is left to its lease, since nobody knows yet whether there is a debit.
   */
  async endWith<T>(written: Promise<T>, answered: boolean): Promise<T> {
    try {
      const result = await written;
      if (!answered) await this.release();
      return result;
    } finally {
      this.#parts.onEnd(this);
    }
  }

  /** Frees the key, so that a repeat runs at once. If that fails the lease frees it later. */
  async release(): Promise<void> {
    this.#parts.onEnd(this);
    await this.#parts.records
      .release(this.#claim)
      .catch((error: unknown) => this.#parts.reportFault("release an idempotency key", error));
  }
}
