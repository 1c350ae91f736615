// Along the plan: which candidate to ask next after a failure or a failed check, if any. Pure.

import type { FallbackTrigger } from "../contracts/policy.ts";
import type { FailureKind, ProviderFailure } from "../providers/provider.ts";
import type { Candidate } from "../routing/plan.ts";
import type { Reserved } from "./stages.ts";

/** Where along the plan a request is. */
export type Progress = {
  /** Attempts made. */
  readonly attempts: number;
  /** Index of the last candidate asked. */
  readonly position: number;
  /** Times a failed check moved on. */
  readonly escalations: number;
};

export type NextAttempt = { readonly candidate: Candidate; readonly progress: Progress; readonly waitMs: number };

const retryWaitMs = 200;
const longestWaitMs = 2_000;

/** After a provider failure: the next candidate, or the last one again when it is the only one left and may recover. */
export function afterFailure(
  failure: ProviderFailure,
  progress: Progress,
  reserved: Reserved,
): NextAttempt | undefined {
  // Another upstream may have the words.
  if (failure.kind === "untranslatable") return skipping(progress, reserved);
  const trigger = triggerOf(failure.kind);
  const { fallback } = reserved.policy;
  if (!fallback.enabled) return undefined;
  if (!trigger || !fallback.triggers.includes(trigger) || progress.attempts >= fallback.maxAttempts) return undefined;
  const further = candidateAfter(progress, reserved);
  if (further) return { ...further, waitMs: 0 };
  const again = reserved.plan.candidates[progress.position];
  if (!again || failure.kind === "credentials" || failure.kind === "timeout") return undefined;
  const backoff = retryWaitMs * 2 ** (progress.attempts - 1);
  const asked = failure.retryAfterSeconds === undefined ? backoff : failure.retryAfterSeconds * 1000;
  if (asked > longestWaitMs) return undefined;
  return { candidate: again, progress: { ...progress, attempts: progress.attempts + 1 }, waitMs: asked };
}

/** After a failed check: the next candidate, as far as the stack lets it escalate. */
export function afterFailedCheck(
  trigger: FallbackTrigger,
  progress: Progress,
  reserved: Reserved,
): NextAttempt | undefined {
  const { fallback, verification } = reserved.policy;
  if (!fallback.enabled || !fallback.triggers.includes(trigger)) return undefined;
  if (progress.attempts >= fallback.maxAttempts || progress.escalations >= verification.maxEscalations)
    return undefined;
  if (fallback.neverEscalateCategories.includes(reserved.plan.classification.category)) return undefined;
  const further = candidateAfter(progress, reserved);
  if (!further) return undefined;
  return { ...further, progress: { ...further.progress, escalations: progress.escalations + 1 }, waitMs: 0 };
}

export function firstAttempt(reserved: Reserved): NextAttempt | undefined {
  const [candidate] = reserved.plan.candidates;
  return candidate && { candidate, progress: { attempts: 1, position: 0, escalations: 0 }, waitMs: 0 };
}

/** Past a candidate that was not asked, because credits or its protocol do not cover it: that is no attempt. */
export function skipping(progress: Progress, reserved: Reserved): NextAttempt | undefined {
  const further = candidateAfter(progress, reserved);
  return (
    further && {
      candidate: further.candidate,
      progress: { ...further.progress, attempts: progress.attempts },
      waitMs: 0,
    }
  );
}

function candidateAfter(progress: Progress, { plan }: Reserved) {
  const position = progress.position + 1;
  const candidate = plan.candidates[position];
  return candidate && { candidate, progress: { ...progress, attempts: progress.attempts + 1, position } };
}

/** Undefined: no other candidate would help. */
function triggerOf(kind: FailureKind): FallbackTrigger | undefined {
  switch (kind) {
    case "timeout":
      return "timeout";
    case "rate_limited":
      return "rate_limited";
    case "unreachable":
    case "provider_error":
    case "cut":
    case "credentials":
      return "provider_error";
    case "rejected":
    case "untranslatable":
    case "cancelled":
      return undefined;
  }
}
