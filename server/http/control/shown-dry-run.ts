// A dry run as the control API shows it.

import type { z } from "zod";
import type { DryRunResult, refusalSchema } from "../../contracts/control-dry-run.ts";
import { errorTable, type GatewayError } from "../../contracts/errors.ts";
import { readBudgetScope, resetOf } from "../../ledger/budget-scope.ts";
import { availableOf } from "../../ledger/decide.ts";
import { formatUsd, noMoney, picodollars, type Picodollars } from "../../money/picodollars.ts";
import { mustHoldStream } from "../../request/7-verify-answer.ts";
import { worstCost } from "../../request/hold-size.ts";
import type { CapState, DryRun } from "../../request/dry-run.ts";
import type { Planned, Resolved } from "../../request/stages.ts";
import { expectedAnswerMs } from "../../routing/assess.ts";
import type { Candidate, Plan } from "../../routing/plan.ts";
import { rejectionInWords } from "../../contracts/rejections.ts";
import { leastQualityFor } from "../../routing/targets.ts";
import { unpublished } from "../../stacks/tried-stack.ts";
import { plannedChecks } from "../../verification/planned-checks.ts";
import { requiredConfidence } from "../../verification/verification-checks.ts";

/** @param tried whether a stack was named to try, so that nobody else's choice counts. */
export function showDryRun(run: DryRun, tried: boolean, minimum: Picodollars): DryRunResult {
  const { refusal, parsed, resolved, planned, requestMax, account } = run;
  return {
    object: "dry_run",
    outcome: refusal ? "refused" : "accepted",
    refusal: refusal ? showRefusal(refusal) : null,
    requested_model: parsed?.asked.model ?? null,
    stream: parsed?.asked.stream ?? false,
    warnings: [...(parsed?.asked.warnings ?? [])],
    overrides: { ...parsed?.asked.overrides },
    stack: resolved ? showStack(resolved, tried) : null,
    classification: planned ? showClassification(planned.plan) : null,
    plan: planned ? showPlan(planned) : null,
    verification: planned ? showVerification(planned) : null,
    hold: showHold(run),
    credits: { available_usd: formatUsd(account ? availableOf(account) : noMoney), minimum_usd: formatUsd(minimum) },
    budgets: run.caps.map((cap) => showCap(cap, run)),
    request_max: requestMax
      ? { owner: requestMax.owner, owner_id: requestMax.ownerId, limit_usd: formatUsd(requestMax.limit) }
      : null,
  };
}

export function showRefusal({ code, status, message, param, details }: GatewayError): z.input<typeof refusalSchema> {
  const { hint } = errorTable[code];
  return { code, status, message, hint, param: param ?? null, details: details ? { ...details } : null };
}

function showStack({ stack }: Resolved, tried: boolean): DryRunResult["stack"] {
  const version = stack.version === unpublished ? null : stack.version;
  return { id: stack.id, slug: stack.slug, version, source: tried ? "tried" : stack.source };
}

function showClassification({ classification }: Plan): DryRunResult["classification"] {
  const { category, complexity, actionClass, modifiers, confidence, signals, expectedOutputTokens } = classification;
  return {
    category,
    complexity,
    action_class: actionClass,
    modifiers: [...modifiers],
    confidence,
    signals: [...signals],
    expected_output_tokens: expectedOutputTokens,
  };
}

function showPlan({ plan, policy, asked }: Planned): DryRunResult["plan"] {
  const { baseline, estimatedSavings } = plan;
  const asksForQuality = asked.features.embeddingInputs === 0 && plan.costMode !== "fixed" && plan.lane !== "pinned";
  const shown = (candidate: Candidate) => showCandidate(candidate, plan);
  return {
    decision: plan.decision,
    reason: plan.reason,
    lane: plan.lane,
    quality_target: plan.qualityTarget,
    quality_needed: asksForQuality ? leastQualityFor(plan.qualityTarget, plan.classification.complexity) : null,
    cost_mode: plan.costMode,
    fallback_mode: policy.fallback.enabled ? policy.fallback.mode : "off",
    candidates: plan.candidates.map(shown),
    spare: (plan.spare ?? []).map(shown),
    rejected: plan.rejected.map(({ model, provider, reasons }) => ({
      model,
      provider: provider ?? null,
      reasons: reasons.map((code) => ({ code, words: rejectionInWords(code) })),
    })),
    baseline: baseline ? { model: baseline.model, expected_cost_usd: formatUsd(baseline.expectedCost) } : null,
    estimated_savings_usd: estimatedSavings === undefined ? null : formatUsd(estimatedSavings),
  };
}

function showCandidate(candidate: Candidate, { classification }: Plan) {
  return {
    model: candidate.model.id,
    name: candidate.model.name,
    provider: candidate.provider,
    upstream_model: candidate.upstreamModel,
    expected_cost_usd: formatUsd(candidate.expectedCost),
    worst_cost_usd: formatUsd(candidate.worstCost),
    expected_first_byte_ms: Math.round(candidate.expectedFirstByteMs),
    expected_total_ms: Math.round(expectedAnswerMs(candidate, classification)),
    quality: candidate.quality,
    expected_input_tokens: candidate.expectedInputTokens,
    output_token_limit: candidate.outputTokenLimit,
    reasons: [...candidate.reasons],
  };
}

function showVerification(planned: Planned): DryRunResult["verification"] {
  const { plan, policy, highStakes, asked } = planned;
  const { verificationMode: mode } = plan;
  const held = mustHoldStream(planned);
  return {
    mode,
    confidence_needed: requiredConfidence(mode, policy.verification.minConfidence, highStakes),
    checks: plannedChecks(mode, asked.features).map(({ name, description, effects }) => ({
      name,
      description,
      effect: effects[mode] === "lowers" ? ("lowers" as const) : ("fails" as const),
    })),
    stream: asked.stream ? (held ? "held" : "not_verified") : "not_streamed",
  };
}

function showHold({ reserved }: DryRun): DryRunResult["hold"] {
  if (!reserved?.hold) return null;
  const { amount, ceiling, coveredOutputTokens } = reserved.hold;
  return {
    amount_usd: formatUsd(amount),
    ceiling_usd: formatUsd(ceiling),
    output_token_limit: reserved.outputTokenLimit,
    covered_output_tokens: coveredOutputTokens,
  };
}

/** A request that is let through fits everywhere; one that is not is measured by the most it could have cost. */
function fitsInto(left: Picodollars, { reserved, planned }: DryRun): boolean {
  if (reserved?.hold) return true;
  const [candidate] = planned?.plan.candidates ?? [];
  if (!planned || !candidate) return true;
  return worstCost(candidate, candidate.outputTokenLimit, planned.asked.choices) <= left;
}

function showCap({ scope, limit, spent, pledged }: CapState, run: DryRun): DryRunResult["budgets"][number] {
  const named = readBudgetScope(scope);
  if (!named) throw new Error(`no budget is ${scope}`);
  const left = picodollars(limit - spent - pledged);
  return {
    owner: named.owner,
    owner_id: named.ownerId,
    period: named.period,
    limit_usd: formatUsd(limit),
    spent_usd: formatUsd(spent),
    held_usd: formatUsd(pledged),
    left_usd: formatUsd(left > 0n ? left : noMoney),
    fits: fitsInto(left, run),
    resets_at: resetOf(named) ?? null,
  };
}
