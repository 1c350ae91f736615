// Rung 2: too often? One count per request and key. Fails with 429.

import { GatewayError } from "../contracts/errors.ts";
import type { Services } from "./services.ts";
import { advance, type Admitted, type Authenticated } from "./stages.ts";

export async function limitRate(authenticated: Authenticated, services: Services): Promise<Admitted> {
  const { key, arrivedAt } = authenticated;
  const limit = key.rateLimitPerMinute ?? services.settings.requestsPerMinute;
  const { allowed, ...rate } = await services.limits.take(key.id, limit, arrivedAt);
  return advance(authenticated, { rate, withinRate: allowed });
}

/** Separate from `limitRate`, so that the refusal carries the rate-limit headers. */
export function requireWithinRate({ withinRate, rate, arrivedAt }: Admitted): void {
  if (withinRate) return;
  const retryAfterSeconds = Math.max(1, Math.ceil(rate.resetsAt - arrivedAt / 1000));
  throw new GatewayError("rate_limited", undefined, {
    retryAfterSeconds,
    details: { limit_per_minute: rate.limit, resets_at: rate.resetsAt },
  });
}
