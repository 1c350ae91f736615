// Keeps the holds of this process's living requests from expiring: one timer for all of them renews those whose lease runs
// low. Most requests end before their first renewal, and cost an entry in a map.

import type { RequestId, WorkspaceId } from "../contracts/ids.ts";
import type { Ledger } from "./ledger.ts";

export type HoldKeeperOptions = {
  readonly ledger: Pick<Ledger, "submit">;
  /** How long a hold lives from when it is opened or renewed. */
  readonly leaseMs: number;
  /** After so long a hold is left to expire, whatever became of its request. */
  readonly longestMs: number;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Hears of renewals that failed: once, until one succeeds again. */
  readonly onFailure: (error: unknown) => void;
};

export type KeptHold = {
  readonly requestId: RequestId;
  readonly workspaceId: WorkspaceId;
  /** Unix milliseconds, as the ledger has it. */
  readonly expiresAt: number;
};

type Kept = { readonly workspaceId: WorkspaceId; readonly until: number; expiresAt: number; renewing: boolean };

export class HoldKeeper {
  readonly #ledger: Pick<Ledger, "submit">;
  readonly #leaseMs: number;
  readonly #longestMs: number;
  readonly #now: () => number;
  readonly #onFailure: (error: unknown) => void;
  readonly #kept = new Map<RequestId, Kept>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #failing = false;

  constructor({ ledger, leaseMs, longestMs, now, onFailure }: HoldKeeperOptions) {
    this.#ledger = ledger;
    this.#leaseMs = leaseMs;
    this.#longestMs = longestMs;
    this.#now = now;
    this.#onFailure = onFailure;
  }

  /** When a hold that is opened or renewed now expires: Unix milliseconds, whole. */
  expiry(): number {
    return Math.ceil(this.#now()) + this.#leaseMs;
  }

  /** Keeps an open hold until it is released. */
  keep({ requestId, workspaceId, expiresAt }: KeptHold): void {
    const until = expiresAt - this.#leaseMs + this.#longestMs;
    this.#kept.set(requestId, { workspaceId, until, expiresAt, renewing: false });
  }

  /** To be called when a hold has ended, or can no longer be ended by its request. */
  release(requestId: RequestId): void {
    this.#kept.delete(requestId);
  }

  /** Whether the hold is one that this process keeps, so that no sweep of its own may end it. */
  keeps(requestId: RequestId): boolean {
    return this.#kept.has(requestId);
  }

  /** Begins to look after the holds, four times a lease. */
  start(): void {
    this.#timer ??= setInterval(() => this.renewDue(), this.#leaseMs / 4);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Renews every hold that would have less than half of its lease left at the next look. */
  renewDue(): void {
    const now = this.#now();
    const due = now + (this.#leaseMs * 3) / 4;
    for (const [requestId, kept] of this.#kept) {
      if (now >= kept.until) this.#kept.delete(requestId);
      else if (kept.expiresAt < due && !kept.renewing) void this.#renew(requestId, kept);
    }
  }

  async #renew(requestId: RequestId, kept: Kept): Promise<void> {
    const { workspaceId } = kept;
    const expiresAt = this.expiry();
    kept.renewing = true;
    try {
      const result = await this.#ledger.submit({ type: "renew", requestId, workspaceId, expiresAt });
      this.#failing = false;
      // A hold that is no longer open has been settled meanwhile, or is lost: then its settlement is refused and says so.
      if (result.ok) kept.expiresAt = expiresAt;
      else this.#kept.delete(requestId);
    } catch (error) {
      if (!this.#failing) this.#onFailure(error);
      this.#failing = true;
    } finally {
      kept.renewing = false;
    }
  }
}
