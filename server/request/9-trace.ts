// Rung 9: write down what happened. Turns a journal and its ending into the route trace and the rows that go with it.

import type { Usage } from "../conversation/usage.ts";
import type { ModelCallRow, RequestRecord } from "../ledger/request-record.ts";
import { formatUsd, picodollars } from "../money/picodollars.ts";
import type { Candidate } from "../routing/plan.ts";
import type { RouteTrace, TraceAttempt, TraceBilling, TraceCandidate, TraceUsage } from "../traces/route-trace.ts";
import { attemptLines, type Billing, type Ending } from "./8-settle.ts";
import { roundMs, type Journal, type NotedAttempt } from "./journal.ts";
import { publicKeyPrefix } from "./response-headers.ts";
import type { Services } from "./services.ts";
import type { Stage } from "./stages.ts";

const dayMs = 86_400_000;
/** Days a trace is kept when no stack was resolved. */
const refusalRetentionDays = 30;

/** @throws Error for a request whose key is not known: it belongs to nobody and has no record. */
export function recordRequest(journal: Journal, ending: Ending, billing: Billing, services: Services): RequestRecord {
  const { stage } = journal;
  const { key, workspace } = stage;
  if (!key || !workspace) throw new Error("a request without a key has no record");
  const served = ending.served?.candidate ?? journal.attempts.at(-1)?.facts.candidate;
  const totalMs = Math.round(services.now() - stage.arrivedAt);
  const keepTrace = stage.policy?.observability.traces ?? true;
  const retentionDays = stage.policy?.memory.retentionDays ?? refusalRetentionDays;
  return {
    usage: {
      requestId: stage.requestId,
      workspaceId: workspace.id,
      keyId: key.id,
      createdAt: Math.floor(stage.arrivedAt),
      protocol: stage.protocol.name,
      requestedModel: stage.asked?.model.slice(0, 200) ?? "",
      stackSlug: stage.stack?.slug,
      stackVersion: stage.stack?.version,
      model: served?.model.id,
      provider: served?.provider,
      unbillableReason: billing.status === "billed" ? undefined : billing.reason,
      httpStatus: ending.httpStatus,
      usage: ending.usage,
      hold: billing.hold,
      debit: billing.debit,
      entrySequence: billing.entrySequence,
      priceVersion: services.catalogue.priceVersion,
      firstByteMs: rounded(ending.served?.firstByteMs),
      totalMs,
    },
    calls: journal.attempts.map(modelCall),
    trace: keepTrace
      ? {
          json: JSON.stringify(describe(journal, ending, billing, services)),
          expiresAt: Math.floor(stage.arrivedAt) + retentionDays * dayMs,
        }
      : undefined,
  };
}

function modelCall({ facts, outcome, failure }: NotedAttempt): ModelCallRow {
  return {
    attempt: facts.number,
    model: facts.candidate.model.id,
    provider: facts.candidate.provider,
    upstreamModel: facts.candidate.upstreamModel,
    outcome,
    failure: failure?.kind,
    upstreamStatus: failure?.status,
    usage: facts.usage,
    cost: picodollars(attemptLines(facts).reduce((sum, line) => sum + line.amount, 0n)),
    firstByteMs: rounded(facts.firstByteMs),
    totalMs: Math.round(facts.endedMs - facts.startedMs),
  };
}

function describe(journal: Journal, ending: Ending, billing: Billing, services: Services): RouteTrace {
  const { stage } = journal;
  const { asked, stack, policy } = stage;
  return {
    object: "route_trace",
    request_id: stage.requestId,
    workspace: stage.workspace?.id ?? "",
    key: stage.key ? publicKeyPrefix(stage.key) : "",
    created_at: new Date(stage.arrivedAt).toISOString(),
    protocol: stage.protocol.name,
    stream: asked?.stream ?? false,
    requested_model: asked?.model.slice(0, 200) ?? "",
    status: ending.httpStatus,
    ...(ending.errorCode ? { error_code: ending.errorCode } : {}),
    ...(stack ? { stack: { id: stack.id, slug: stack.slug, version: stack.version, source: stack.source } } : {}),
    ...(asked && Object.keys(asked.overrides).length > 0 ? { overrides: { ...asked.overrides } } : {}),
    warnings: [...(asked?.warnings ?? []), ...journal.warnings],
    ...describePlan(stage, services),
    attempts: journal.attempts.map(describeAttempt),
    ...(journal.verification ? { verification: describeVerification(journal.verification) } : {}),
    steps: journal.steps,
    billing: describeBilling(billing, services.catalogue.priceVersion),
    ...(policy?.memory.storePrompts && !policy.memory.fingerprintOnly && stage.body ? { prompt: stage.body } : {}),
    ...(policy?.memory.storeOutputs && !policy.memory.fingerprintOnly && journal.output
      ? { output: journal.output }
      : {}),
    ...(policy?.memory.fingerprintOnly && asked
      ? { fingerprint: services.fingerprint(asked.features.lastUserText.trim().toLowerCase().replace(/\s+/g, " ")) }
      : {}),
  };
}

function describePlan(stage: Stage, { catalogue }: Services): Pick<RouteTrace, "classification" | "plan"> {
  const { plan, policy } = stage;
  if (!plan || !policy) return {};
  const { category, complexity, actionClass, modifiers, confidence, signals } = plan.classification;
  const [first] = plan.candidates;
  return {
    classification: {
      category,
      complexity,
      action_class: actionClass,
      modifiers: [...modifiers],
      confidence,
      signals: [...signals],
    },
    plan: {
      decision: plan.decision,
      reason: plan.reason,
      lane: plan.lane,
      policy_status: first ? "passed" : "blocked",
      quality_target: plan.qualityTarget,
      cost_mode: plan.costMode,
      fallback_mode: policy.fallback.enabled ? policy.fallback.mode : "off",
      verification_mode: plan.verificationMode,
      catalogue_version: catalogue.version,
      candidates: plan.candidates.map(describeCandidate),
      rejected: plan.rejected.map(({ model, provider, reasons }) => ({
        model,
        ...(provider ? { provider } : {}),
        reasons,
      })),
      ...(first ? { estimated_cost_usd: formatUsd(first.expectedCost) } : {}),
      ...(plan.baseline
        ? { baseline: { model: plan.baseline.model, estimated_cost_usd: formatUsd(plan.baseline.expectedCost) } }
        : {}),
      ...(plan.estimatedSavings === undefined ? {} : { estimated_savings_usd: formatUsd(plan.estimatedSavings) }),
    },
  };
}

export function describeCandidate(candidate: Candidate): TraceCandidate {
  return {
    model: candidate.model.id,
    provider: candidate.provider,
    expected_cost_usd: formatUsd(candidate.expectedCost),
    worst_cost_usd: formatUsd(candidate.worstCost),
    expected_first_byte_ms: Math.round(candidate.expectedFirstByteMs),
    quality: candidate.quality,
    reasons: candidate.reasons,
  };
}

function describeAttempt({ facts, outcome, failure }: NotedAttempt): TraceAttempt {
  return {
    number: facts.number,
    model: facts.candidate.model.id,
    provider: facts.candidate.provider,
    upstream_model: facts.candidate.upstreamModel,
    passed_through: facts.passedThrough,
    outcome,
    ...(failure
      ? {
          error: {
            kind: failure.kind,
            ...(failure.status === undefined ? {} : { status: failure.status }),
            message: failure.upstreamMessage ?? failure.message,
          },
        }
      : {}),
    usage: describeUsage(facts.usage),
    started_ms: roundMs(facts.startedMs),
    ...(facts.firstByteMs === undefined ? {} : { first_byte_ms: roundMs(facts.firstByteMs) }),
    ended_ms: roundMs(facts.endedMs),
  };
}

function describeUsage(usage: Usage): TraceUsage {
  if (usage.kind === "unknown") return { kind: "unknown" };
  return {
    kind: usage.kind,
    input_tokens: usage.inputTokens,
    ...(usage.cachedInputTokens === undefined ? {} : { cached_input_tokens: usage.cachedInputTokens }),
    ...(usage.cacheWriteTokens === undefined ? {} : { cache_write_tokens: usage.cacheWriteTokens }),
    output_tokens: usage.outputTokens,
    ...(usage.reasoningTokens === undefined ? {} : { reasoning_tokens: usage.reasoningTokens }),
  };
}

function describeVerification({ status, mode, confidence, checks }: NonNullable<Journal["verification"]>) {
  return { status, mode, ...(confidence === undefined ? {} : { confidence }), checks: [...checks] };
}

function describeBilling(billing: Billing, priceVersion: string): TraceBilling {
  return {
    status: billing.status,
    ...(billing.reason === undefined ? {} : { reason: billing.reason }),
    hold_usd: formatUsd(billing.hold),
    debit_usd: formatUsd(billing.debit),
    price_version: priceVersion,
    ...(billing.uncollected === 0n ? {} : { uncollected_usd: formatUsd(billing.uncollected) }),
    lines: billing.lines.map(({ model, provider, unit, count, unitPrice, amount }) => ({
      model,
      provider,
      unit,
      count,
      unit_price_usd: formatUsd(unitPrice),
      amount_usd: formatUsd(amount),
    })),
  };
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms);
}
