// Rung 9: write down what happened. Turns a journal and its ending into the rows that are written with the settlement.

import type { ModelCallRow, RequestRecord } from "../ledger/request-record.ts";
import { sumLines } from "../money/charge.ts";
import { noMoney, type Picodollars } from "../money/picodollars.ts";
import type { Candidate, Rejection } from "../routing/plan.ts";
import { storeInputs } from "../traces/stored-inputs.ts";
import type { StoredAmount, StoredAttempt, StoredCandidate, StoredPlan, StoredTrace } from "../traces/stored-trace.ts";
import { usageLines } from "./attempt-cost.ts";
import type { Ending } from "./ending.ts";
import { roundMs, type Journal, type NotedAttempt } from "./journal.ts";
import { publicKeyPrefix } from "./response-headers.ts";
import type { Services } from "./services.ts";
import type { Stage } from "./stages.ts";

const dayMs = 86_400_000;
/** Days a trace is kept when no stack was resolved. */
const refusalRetentionDays = 30;
const longestModelName = 200;

/** @throws Error for a request whose key is not known: it belongs to nobody and has no record. */
export function recordRequest(journal: Journal, ending: Ending, services: Services): RequestRecord {
  const { stage } = journal;
  const { key, workspace } = stage;
  if (!key || !workspace) throw new Error("a request without a key has no record");
  const served = ending.served?.candidate ?? journal.attempts.at(-1)?.facts.candidate;
  const createdAt = Math.floor(stage.arrivedAt);
  const keepTrace = stage.policy?.observability.traces ?? true;
  const retentionDays = stage.policy?.memory.retentionDays ?? refusalRetentionDays;
  const expiresAt = createdAt + retentionDays * dayMs;
  return {
    usage: {
      requestId: stage.requestId,
      workspaceId: workspace.id,
      keyId: key.id,
      createdAt,
      protocol: stage.protocol.name,
      requestedModel: stage.asked?.model.slice(0, longestModelName) ?? "",
      stackSlug: stage.stack?.slug,
      stackVersion: stage.stack?.version,
      model: served?.model.id,
      provider: served?.provider,
      unbillableReason: ending.unbillableReason,
      httpStatus: ending.httpStatus,
      usage: ending.usage,
      hold: ending.hold.amount,
      ceiling: ending.hold.ceiling,
      debit: noMoney,
      entrySequence: undefined,
      priceVersion: services.catalogue.priceVersion,
      firstByteMs: rounded(ending.served?.firstByteMs),
      totalMs: Math.round(journal.elapsedMs()),
      category: stage.plan?.classification.category,
      baseline: stage.plan?.baseline?.expectedCost,
      savings: stage.plan?.estimatedSavings,
    },
    calls: journal.attempts.map(modelCall),
    trace: keepTrace ? { json: JSON.stringify(storedTrace(journal, ending, services)), expiresAt } : undefined,
    text: keepTrace ? keptText(journal, services, expiresAt) : undefined,
    kept: undefined,
  };
}

/** Nothing, and at no cost, unless the stack stores texts. */
function keptText({ stage, output }: Journal, services: Services, expiresAt: number): RequestRecord["text"] {
  const { policy, body, requestId } = stage;
  if (!policy?.memory.storePrompts && !policy?.memory.storeOutputs) return undefined;
  const { memory, boundaries } = policy;
  if (memory.fingerprintOnly || boundaries.retentionPolicy === "none") return undefined;
  const text = {
    ...(memory.storePrompts && body ? { prompt: body } : {}),
    ...(memory.storeOutputs && output ? { output } : {}),
  };
  if (Object.keys(text).length === 0) return undefined;
  return { sealed: services.sealText(requestId, text), expiresAt };
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
    cost: sumLines(usageLines(facts.candidate.model, facts.usage) ?? []),
    firstByteMs: rounded(facts.firstByteMs),
    totalMs: Math.round(facts.endedMs - facts.startedMs),
  };
}

function storedTrace(journal: Journal, ending: Ending, services: Services): StoredTrace {
  const { stage, warnings, verification } = journal;
  const { asked, stack, policy } = stage;
  const allWarnings = [...(asked?.warnings ?? []), ...warnings];
  return {
    form: 1,
    key: stage.key ? publicKeyPrefix(stage.key) : "",
    stream: asked?.stream ?? false,
    ...(ending.errorCode ? { errorCode: ending.errorCode } : {}),
    ...(stack ? { stack: [stack.id, stack.source] } : {}),
    ...(asked && Object.keys(asked.overrides).length > 0 ? { overrides: { ...asked.overrides } } : {}),
    ...(allWarnings.length > 0 ? { warnings: allWarnings } : {}),
    ...storedDecision(stage, services),
    ...(stage.pin ? { pin: [stage.pin.model, stage.pin.provider, stage.pin.warmTokens] as const } : {}),
    attempts: journal.attempts.map(storedAttempt),
    ...(verification
      ? {
          verification: [
            verification.status,
            verification.mode,
            verification.confidence ?? null,
            verification.checks.map(({ name, passed, not_run, detail }) =>
              detail === undefined ? [name, not_run ? null : passed] : [name, not_run ? null : passed, detail],
            ),
          ],
        }
      : {}),
    steps: journal.steps,
    ...(stage.rate ? { rate: [stage.rate.limit, stage.rate.remaining, stage.rate.resetsAt] } : {}),
    ...(policy && !policy.observability.responseHeaders ? { brief: true } : {}),
    ...(policy?.memory.fingerprintOnly && asked
      ? { fingerprint: services.fingerprint(normalised(asked.features.lastUserText)) }
      : {}),
  };
}

function storedDecision(
  { plan, policy, asked, confirmed }: Stage,
  { catalogue }: Services,
): Pick<StoredTrace, "class" | "plan" | "inputs"> {
  if (!plan || !policy || !asked) return {};
  const { category, complexity, actionClass, modifiers, confidence, signals } = plan.classification;
  const stored: StoredPlan = {
    decision: plan.decision,
    reason: plan.reason,
    lane: plan.lane,
    quality: plan.qualityTarget,
    cost: plan.costMode,
    fallback: policy.fallback.enabled ? policy.fallback.mode : "off",
    verification: plan.verificationMode,
    catalogue: catalogue.version,
    candidates: plan.candidates.map(storedCandidate),
    ...(plan.spare && plan.spare.length > 0
      ? { spare: plan.spare.map((one) => [one.model.id, one.provider, storedAmount(one.expectedCost)] as const) }
      : {}),
    rejected: groupedRejections(plan.rejected),
    ...(plan.baseline ? { baseline: [plan.baseline.model, storedAmount(plan.baseline.expectedCost)] } : {}),
    ...(plan.estimatedSavings === undefined ? {} : { savings: storedAmount(plan.estimatedSavings) }),
  };
  const inputs = storeInputs({
    features: asked.features,
    classification: plan.classification,
    maxOutputTokens: asked.maxOutputTokens,
    choices: asked.choices,
    untrustedDeclared: asked.overrides.untrusted_content === true,
    confirmed,
  });
  return { class: [category, complexity, actionClass, confidence, modifiers, signals], plan: stored, inputs };
}

function storedCandidate(candidate: Candidate): StoredCandidate {
  return [
    candidate.model.id,
    candidate.provider,
    storedAmount(candidate.expectedCost),
    storedAmount(candidate.worstCost),
    Math.round(candidate.expectedFirstByteMs),
    candidate.quality,
    candidate.reasons,
  ];
}

function storedAmount(amount: Picodollars): StoredAmount {
  const number = Number(amount);
  return Number.isSafeInteger(number) ? number : amount.toString();
}

function groupedRejections(rejected: readonly Rejection[]): StoredPlan["rejected"] {
  const groups = new Map<string, { reasons: readonly string[]; models: [model: string, provider?: string][] }>();
  for (const { model, provider, reasons } of rejected) {
    const name = reasons.length === 1 ? (reasons[0] ?? "") : reasons.join(" ");
    const group = groups.get(name);
    const entry: [string, string?] = provider === undefined ? [model] : [model, provider];
    if (group) group.models.push(entry);
    else groups.set(name, { reasons, models: [entry] });
  }
  return [...groups.values()].map(({ reasons, models }) => [reasons, models]);
}

function storedAttempt({ facts, failure }: NotedAttempt): StoredAttempt {
  const { passedThrough, startedMs, firstByteMs, endedMs } = facts;
  const first = firstByteMs === undefined ? null : roundMs(firstByteMs);
  const times = [passedThrough, roundMs(startedMs), first, roundMs(endedMs)] as const;
  return failure ? [...times, failure.upstreamMessage ?? failure.message] : times;
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms);
}

/** So that the same words have the same fingerprint, whatever their case and spacing. */
function normalised(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, " ");
}
