// Requests per minute and key: a fixed window that starts at each full minute, counted in memory.

export type RateState = {
  readonly limit: number;
  /** Requests left in this window after this one. */
  readonly remaining: number;
  /** Unix seconds at which the window ends. */
  readonly resetsAt: number;
};

export type RateLimiter = {
  /** Counts one request. `allowed` false: it is over the limit and must be refused. */
  take(subject: string, limitPerMinute: number, nowMs: number): RateState & { readonly allowed: boolean };
};

const windowMs = 60_000;

/** Forgets all counts when a new window starts, so memory is bounded by the keys seen within one minute. */
export function fixedWindowLimiter(): RateLimiter {
  let window = 0;
  let counts = new Map<string, number>();
  return {
    take(subject, limit, nowMs) {
      // Looking up a key takes time, so requests may be counted in another order than they came.
      const current = Math.max(window, Math.floor(nowMs / windowMs));
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
