// The refusals of requests whose key is taken. Each names the request that took it.

import { GatewayError } from "../contracts/errors.ts";
import { idempotencyKeyHeader } from "../contracts/headers.ts";
import type { KeyClaim } from "./idempotency-records.ts";
import type { NotKeptReason } from "./sealed-reply.ts";

const longestWaitSeconds = 30;

/** The first request still runs. The caller is asked to wait as long again as it has run, so that tries stay few. */
export function inProgress({ requestId, expiresAt }: KeyClaim, nowMs: number, keptMs: number): GatewayError {
  const runningMs = nowMs - (expiresAt - keptMs);
  const retryAfterSeconds = Math.min(longestWaitSeconds, Math.max(1, Math.ceil(runningMs / 1000)));
  return new GatewayError("idempotency_in_progress", undefined, {
    retryAfterSeconds,
    details: { request_id: requestId },
  });
}

export function conflict({ requestId }: KeyClaim): GatewayError {
  const details = { request_id: requestId };
  return new GatewayError("idempotency_conflict", undefined, { param: idempotencyKeyHeader, details });
}

export function answerNotKept({ requestId }: KeyClaim, reason: NotKeptReason): GatewayError {
  const details = { request_id: requestId, reason };
  return new GatewayError("idempotency_answer_not_kept", undefined, { details });
}
