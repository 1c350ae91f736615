// What the caller is told when the plan is exhausted, and what the ledger writes as the reason.

import { GatewayError, toGatewayError } from "../contracts/errors.ts";
import type { FailureKind } from "../providers/provider.ts";
import type { UnbillableReason } from "./ending.ts";
import type { Journal } from "./journal.ts";
import { stoppedBy } from "./stopping.ts";

/**
 * The error for the last failed attempt; upstream credentials are our affair and never look like the caller's.
 * @param earlier what the attempts before it came to: it stands when the last upstream could not even be asked.
 */
export function attemptError(journal: Journal, earlier: GatewayError | undefined): GatewayError {
  const last = journal.attempts.at(-1);
  const failure = last?.failure;
  if (!failure) return new GatewayError("internal_error");
  if (failure.kind === "untranslatable" && earlier) return earlier;
  const details = { attempts: journal.attempts.map(({ facts, failure: why }) => describe(facts.candidate, why?.kind)) };
  const retry =
    failure.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: Math.ceil(failure.retryAfterSeconds) };
  const extras = { details, ...retry, cause: failure };
  switch (failure.kind) {
    case "cancelled":
      return stoppedBy(journal.stage.signal) ?? new GatewayError("client_closed_request", undefined, extras);
    case "untranslatable":
      return toGatewayError(failure.cause);
    case "rejected":
      return new GatewayError("upstream_rejected_request", failure.upstreamMessage, extras);
    case "timeout":
      return new GatewayError("upstream_timeout", undefined, extras);
    case "unreachable":
      return new GatewayError("origin_unreachable", undefined, extras);
    case "rate_limited":
    case "credentials":
    case "provider_error":
    case "cut":
      return new GatewayError("upstream_error", undefined, extras);
  }
}

export function unbillableReason(error: GatewayError): UnbillableReason {
  return error.code === "client_closed_request" ? "client_disconnected" : error.code;
}

function describe(candidate: { model: { id: string }; provider: string }, kind: FailureKind | undefined) {
  return { model: candidate.model.id, provider: candidate.provider, failure: kind ?? "failed_check" };
}
