// The `astrolabe` object inside an answer: what was decided, who served, what it cost. `explain` adds the whole plan.

import type { JsonObject } from "../contracts/json.ts";
import { formatUsd } from "../money/picodollars.ts";
import type { InlineMetadata } from "../protocols/protocol.ts";
import type { Candidate } from "../routing/plan.ts";
import type { Billing } from "./ending.ts";
import type { Journal } from "./journal.ts";
import type { Reserved } from "./stages.ts";

/** Undefined when the stack's observability forbids it. */
export function inlineMetadata(
  reserved: Reserved,
  served: Candidate,
  billing: Billing,
  journal: Journal,
): InlineMetadata {
  const { plan, policy, stack, requestId, asked } = reserved;
  if (!policy.observability.inlineMetadata) return undefined;
  const { category, complexity, actionClass } = plan.classification;
  const verification = journal.verification;
  const metadata: JsonObject = {
    request_id: requestId,
    model: served.model.id,
    provider: served.provider,
    stack: stack.slug,
    stack_version: stack.version,
    policy_status: "passed",
    decision: plan.decision,
    lane: plan.lane,
    category,
    complexity,
    action_class: actionClass,
    attempts: journal.attempts.length,
    verification_status: verification?.status ?? "not_run",
    billing_status: billing.status,
    cost_usd: formatUsd(billing.debit),
    ...(plan.estimatedSavings === undefined ? {} : { estimated_savings_usd: formatUsd(plan.estimatedSavings) }),
  };
  return asked.overrides.explain ? { ...metadata, ...explanation(reserved, journal) } : metadata;
}

function explanation({ plan, policy }: Reserved, journal: Journal): JsonObject {
  return {
    reason: plan.reason,
    quality_target: plan.qualityTarget,
    cost_mode: plan.costMode,
    verification_mode: plan.verificationMode,
    fallback_mode: policy.fallback.enabled ? policy.fallback.mode : "off",
    signals: [...plan.classification.signals],
    modifiers: [...plan.classification.modifiers],
    candidates: plan.candidates.map((candidate) => {
      return {
        model: candidate.model.id,
        provider: candidate.provider,
        expected_cost_usd: formatUsd(candidate.expectedCost),
        worst_cost_usd: formatUsd(candidate.worstCost),
        expected_first_byte_ms: Math.round(candidate.expectedFirstByteMs),
        quality: candidate.quality,
        reasons: [...candidate.reasons],
      };
    }),
    rejected: plan.rejected.map(({ model, provider, reasons }) => ({ model, provider, reasons: [...reasons] })),
    checks: (journal.verification?.checks ?? []).map((check) => ({ ...check })),
    ...(plan.baseline
      ? { baseline: { model: plan.baseline.model, estimated_cost_usd: formatUsd(plan.baseline.expectedCost) } }
      : {}),
  };
}
