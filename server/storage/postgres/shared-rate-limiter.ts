// Requests per minute and key over all processes: a window's allowance stands in the database, and each process takes
// it in slices that it spends from memory. All slices together never exceed the limit.

import { sql, type Kysely } from "kysely";
import { GatewayError } from "../../contracts/errors.ts";
import { minuteOf, windowMs, type RateLimiter, type Taken } from "../../limits/rate-limiter.ts";
import type { Tables } from "../database.ts";

/** A slice is this part of the limit, and this part of what is left when that is less. */
const slicesPerLimit = 10;
const slicesOfTheRest = 4;

type Share = {
  /** Of the slice in hand. */
  left: number;
  /** Nobody's yet, as far as known; more processes may have taken from it since. */
  shared: number;
  /** The limit for which the window was found to be used up; below it no database needs to be asked again. */
  usedUpAt: number;
  waiting: number;
  asking: Promise<void> | undefined;
};

type Slice = { readonly taken: bigint; readonly leased: bigint };

/** Forgets its shares when a new window starts, so memory is bounded by the keys seen within one minute. */
export function sharedRateLimiter(query: Kysely<Tables>): RateLimiter {
  let window = 0;
  let shares = new Map<string, Share>();

  const shareOf = (subject: string): Share => {
    const known = shares.get(subject);
    if (known) return known;
    const share: Share = { left: 0, shared: 0, usedUpAt: 0, waiting: 0, asking: undefined };
    shares.set(subject, share);
    return share;
  };

  return {
    take(subject, limit, nowMs) {
      const current = Math.max(window, minuteOf(nowMs));
      if (current !== window) {
        window = current;
        shares = new Map();
      }
      const share = shareOf(subject);
      return spend(share, limit, current) ?? waitForSlice(query, { subject, share, limit, window: current });
    },
  };
}

/** Undefined when the database has to be asked. */
function spend(share: Share, limit: number, window: number): Taken | undefined {
  const resetsAt = ((window + 1) * windowMs) / 1000;
  if (share.left === 0) {
    return share.usedUpAt < limit ? undefined : { allowed: false, limit, remaining: 0, resetsAt };
  }
  share.left -= 1;
  return { allowed: true, limit, remaining: Math.min(limit, share.left + share.shared), resetsAt };
}

type Want = { readonly subject: string; readonly share: Share; readonly limit: number; readonly window: number };

/** @throws GatewayError service_unavailable when the database cannot say: no request is let through uncounted. */
async function waitForSlice(query: Kysely<Tables>, want: Want): Promise<Taken> {
  const { share, limit, window } = want;
  share.waiting += 1;
  try {
    // Each round brings a slice or the end of the allowance, so there are at most as many as the limit.
    for (;;) {
      share.asking ??= takeSlice(query, want).finally(() => (share.asking = undefined));
      await share.asking;
      const taken = spend(share, limit, window);
      if (taken) return taken;
    }
  } catch (cause) {
    throw new GatewayError("service_unavailable", undefined, { cause, retryAfterSeconds: 1 });
  } finally {
    share.waiting -= 1;
  }
}

async function takeSlice(query: Kysely<Tables>, { subject, share, limit, window }: Want): Promise<void> {
  const { waiting } = share;
  const slice = Math.max(Math.ceil(limit / slicesPerLimit), waiting);
  const started = window * windowMs;
  const part = sql`LEAST(${slice}::bigint, GREATEST(${waiting}::bigint,
    (${limit}::bigint - rate_windows.taken) / ${slicesOfTheRest}::bigint), ${limit}::bigint - rate_windows.taken)`;
  const first = Math.min(slice, limit);
  const { rows } = await sql<Slice>`
    INSERT INTO rate_windows (subject, started_at, taken, leased)
    VALUES (${subject}, ${started}::bigint, ${first}::bigint, ${first}::bigint)
    ON CONFLICT (subject, started_at) DO UPDATE SET taken = rate_windows.taken + ${part}, leased = ${part}
    WHERE rate_windows.taken < ${limit}::bigint
    RETURNING taken, leased`.execute(query);
  const [row] = rows;
  if (!row) {
    share.usedUpAt = Math.max(share.usedUpAt, limit);
    share.shared = 0;
    return;
  }
  share.left += Number(row.leased);
  share.shared = Math.max(0, limit - Number(row.taken));
}
