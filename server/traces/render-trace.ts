// The public trace out of what is stored: the usage row, the model calls, the debit's lines and the stored trace.

import type { EntryId } from "../contracts/ids.ts";
import type { JsonObject } from "../contracts/json.ts";
import type { Usage } from "../conversation/usage.ts";
import type { EntryLine } from "../ledger/operations.ts";
import type { ModelCallRow, UsageRow } from "../ledger/request-record.ts";
import { formatUsd, picodollars, type Picodollars } from "../money/picodollars.ts";
import type {
  RouteTrace,
  TraceAgent,
  TraceAttempt,
  TraceBilling,
  TraceCandidate,
  TraceUsage,
} from "../contracts/route-trace.ts";
import type { StoredText } from "./sealed-text.ts";
import type { StoredAmount, StoredAttempt, StoredCandidate, StoredPlan, StoredTrace } from "./stored-trace.ts";

export type TraceRows = {
  readonly usage: UsageRow;
  readonly calls: readonly ModelCallRow[];
  /** Of the debit; empty when there was none. */
  readonly lines: readonly EntryLine[];
  readonly uncollected: Picodollars;
  /** Of the debit; undefined when there was none. */
  readonly entryId: EntryId | undefined;
  /** Undefined when the stack keeps no traces, or this one is past its retention. */
  readonly stored: StoredTrace | undefined;
  /** Undefined unless the stack stores texts. */
  readonly text: StoredText | undefined;
  /** Undefined for a key that belongs to no agent. */
  readonly agent: TraceAgent | undefined;
};

const notKept = "the stack keeps no route traces, or this one is past its retention: these are the billing records";

export function renderTrace({ usage, calls, lines, uncollected, stored, text, agent }: TraceRows): RouteTrace {
  const prompt = text?.prompt ?? stored?.prompt;
  const output = text?.output ?? stored?.output;
  return {
    object: "route_trace",
    request_id: usage.requestId,
    workspace: usage.workspaceId,
    key: stored?.key ?? usage.keyId,
    ...(agent ? { agent } : {}),
    created_at: new Date(usage.createdAt).toISOString(),
    protocol: usage.protocol,
    stream: stored?.stream ?? false,
    requested_model: usage.requestedModel,
    status: usage.httpStatus,
    ...(stored?.errorCode === undefined ? {} : { error_code: stored.errorCode }),
    ...renderStack(usage, stored),
    ...(stored?.overrides ? { overrides: stored.overrides } : {}),
    warnings: stored ? (stored.warnings ?? []) : [notKept],
    ...(stored?.class ? { classification: renderClass(stored.class) } : {}),
    ...(stored?.plan ? { plan: renderPlan(stored.plan) } : {}),
    attempts: calls.map((call, index) => renderAttempt(call, stored?.attempts[index])),
    ...(stored?.verification ? { verification: renderVerification(stored.verification) } : {}),
    steps: (stored?.steps ?? []).map(([step, ms]) => ({ step, ms })),
    billing: renderBilling(usage, lines, uncollected),
    ...(prompt ? { prompt } : {}),
    ...(output ? { output } : {}),
    ...(stored?.fingerprint === undefined ? {} : { fingerprint: stored.fingerprint }),
  };
}

function renderStack(
  { stackSlug, stackVersion }: UsageRow,
  stored: StoredTrace | undefined,
): Pick<RouteTrace, "stack"> {
  if (stackSlug === undefined || stackVersion === undefined) return {};
  const [id, source] = stored?.stack ?? [];
  const known = id === undefined || source === undefined ? {} : { id, source };
  return { stack: { slug: stackSlug, version: stackVersion, ...known } };
}

function renderClass([category, complexity, actionClass, confidence, modifiers, signals]: NonNullable<
  StoredTrace["class"]
>): JsonObject {
  return {
    category,
    complexity,
    action_class: actionClass,
    modifiers: [...modifiers],
    confidence,
    signals: [...signals],
  };
}

function renderPlan(plan: StoredPlan): NonNullable<RouteTrace["plan"]> {
  const [first] = plan.candidates;
  return {
    decision: plan.decision,
    reason: plan.reason,
    lane: plan.lane,
    policy_status: first ? "passed" : "blocked",
    quality_target: plan.quality,
    cost_mode: plan.cost,
    fallback_mode: plan.fallback,
    verification_mode: plan.verification,
    catalogue_version: plan.catalogue,
    candidates: plan.candidates.map(renderCandidate),
    ...(plan.spare
      ? {
          spare: plan.spare.map(([model, provider, cost]) => ({ model, provider, expected_cost_usd: usd(cost) })),
        }
      : {}),
    rejected: plan.rejected.flatMap(([reasons, models]) =>
      models.map(([model, provider]) => ({ model, ...(provider === undefined ? {} : { provider }), reasons })),
    ),
    ...(first ? { estimated_cost_usd: usd(first[2]) } : {}),
    ...(plan.baseline ? { baseline: { model: plan.baseline[0], estimated_cost_usd: usd(plan.baseline[1]) } } : {}),
    ...(plan.savings === undefined ? {} : { estimated_savings_usd: usd(plan.savings) }),
  };
}

function renderCandidate(stored: StoredCandidate): TraceCandidate {
  const [model, provider, expectedCost, worstCost, firstByteMs, quality, reasons] = stored;
  return {
    model,
    provider,
    expected_cost_usd: usd(expectedCost),
    worst_cost_usd: usd(worstCost),
    expected_first_byte_ms: firstByteMs,
    quality,
    reasons,
  };
}

function renderAttempt(call: ModelCallRow, stored: StoredAttempt | undefined): TraceAttempt {
  const [passedThrough, startedMs, firstByteMs, endedMs, failure] = stored ?? [];
  return {
    number: call.attempt,
    model: call.model,
    provider: call.provider,
    upstream_model: call.upstreamModel,
    ...(passedThrough === undefined ? {} : { passed_through: passedThrough }),
    outcome: call.outcome,
    ...(call.failure === undefined
      ? {}
      : {
          error: {
            kind: call.failure,
            ...(call.upstreamStatus === undefined ? {} : { status: call.upstreamStatus }),
            message: failure ?? call.failure,
          },
        }),
    usage: renderUsage(call.usage),
    ...(startedMs === undefined ? {} : { started_ms: startedMs }),
    ...(firstByteMs === undefined || firstByteMs === null ? {} : { first_byte_ms: firstByteMs }),
    ...(endedMs === undefined ? {} : { ended_ms: endedMs }),
  };
}

function renderUsage(usage: Usage): TraceUsage {
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

function renderVerification([status, mode, confidence, checks]: NonNullable<StoredTrace["verification"]>) {
  return {
    status,
    mode,
    ...(confidence === null ? {} : { confidence }),
    checks: checks.map(([name, passed, detail]) => ({
      name,
      passed: passed ?? false,
      ...(passed === null ? { not_run: true as const } : {}),
      ...(detail === undefined ? {} : { detail }),
    })),
  };
}

function renderBilling(usage: UsageRow, lines: readonly EntryLine[], uncollected: Picodollars): TraceBilling {
  const { unbillableReason } = usage;
  return {
    status: unbillableReason === undefined ? "billed" : "unbillable",
    ...(unbillableReason === undefined ? {} : { reason: unbillableReason }),
    hold_usd: formatUsd(usage.hold),
    ceiling_usd: formatUsd(usage.ceiling),
    debit_usd: formatUsd(usage.debit),
    price_version: usage.priceVersion,
    ...(uncollected === 0n ? {} : { uncollected_usd: formatUsd(uncollected) }),
    lines: lines.map(({ model, provider, unit, count, unitPrice, amount }) => ({
      model,
      provider,
      unit,
      count,
      unit_price_usd: formatUsd(unitPrice),
      amount_usd: formatUsd(amount),
    })),
  };
}

function usd(amount: StoredAmount): string {
  return formatUsd(picodollars(BigInt(amount)));
}
