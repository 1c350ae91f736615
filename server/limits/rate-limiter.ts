// Requests per minute and key: a fixed window that starts at each full minute, counted in memory. Several processes count
// together through storage.

export type RateState = {
  readonly limit: number;
  /** Requests left in this window after this one. */
  readonly remaining: number;
  /** Unix seconds at which the window ends. */
  readonly resetsAt: number;
};

/** `allowed` false: the request is over the limit and must be refused. */
export type Taken = RateState & { readonly allowed: boolean };

export type RateLimiter = {
  /**
   * Counts one request; answers at once where it can.
   * @throws GatewayError service_unavailable, as a rejection, when what other processes counted cannot be learnt.
   */
  take(subject: string, limitPerMinute: number, nowMs: number): Taken | Promise<Taken>;
};

/** Answers at once, always. */
type CountedInMemory = { take(...counted: Parameters<RateLimiter["take"]>): Taken };

export const windowMs = 60_000;

/** The number of the minute, which is the window. */
export function minuteOf(nowMs: number): number {
  return Math.floor(nowMs / windowMs);
}

/** Forgets all counts when a new window starts, so memory is bounded by the keys seen within one minute. */
export function fixedWindowLimiter(): CountedInMemory {
  let window = 0;
  let counts = new Map<string, number>();
  return {
    take(subject, limit, nowMs) {
      // Looking up a key takes time, so requests may be counted in another order than they came.
      const current = Math.max(window, minuteOf(nowMs));
      if (current !== window) {
        window = current;
        counts = new Map();
      }
      const count = Math.min((counts.get(subject) ?? 0) + 1, limit + 1);
      counts.set(subject, count);
      const resetsAt = ((current + 1) * windowMs) / 1000;
      return { allowed: count <= limit, limit, remaining: Math.max(0, limit - count), resetsAt };
    },
  };
}
