// What would have happened: requests of the past planned again under another policy, and the policy they ran under
// beside it. Both are planned with what the server knows now, so that only the policy makes a difference.

import { GatewayError, toGatewayError } from "../contracts/errors.ts";
import type { JsonObject } from "../contracts/json.ts";
import type { StackPolicy } from "../contracts/policy.ts";
import { overridesSchema } from "../contracts/overrides.ts";
import type { ApiKey } from "../keys/api-key.ts";
import { sumLines } from "../money/charge.ts";
import { noMoney, type Picodollars } from "../money/picodollars.ts";
import type { Candidate, HealthSnapshot } from "../routing/plan.ts";
import type { SessionPin } from "../routing/session-pins.ts";
import type { ResolvedStack } from "../stacks/stack.ts";
import { readInputs, type RecordedInputs } from "../traces/stored-inputs.ts";
import type { ReplayedRequest } from "../traces/replayed-request.ts";
import type { StoredTrace } from "../traces/stored-trace.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import { applyOverrides } from "./3-resolve-stack.ts";
import { planFor, requireCandidates, type PlanningServices } from "./4-plan-route.ts";
import { usageLines } from "./attempt-cost.ts";

/** What a plan comes to: the first candidate, or a refusal. */
export type Outcome =
  | { readonly kind: "planned"; readonly candidate: Candidate }
  | { readonly kind: "refused"; readonly refusal: GatewayError };

/**
 * Where the cost of the other plan comes from: the same plan, so the debit stands; the recorded usage at the other
 * model's prices; an estimate, for a request that was refused; nothing, for test keys and refusals.
 */
export type CostBasis = "debited" | "repriced" | "estimated" | "nothing";

export type WhatIfItem = {
  readonly request: ReplayedRequest;
  readonly category: string;
  /** Under the stack's version of then; undefined when that is no longer known. */
  readonly before: Outcome | undefined;
  readonly after: Outcome;
  /** The policy makes a difference: another model, another provider, or a refusal on one side only. */
  readonly changed: boolean;
  /** The old policy itself would choose otherwise today: catalogue, providers or their speed are no longer the same. */
  readonly drifted: boolean;
  /** Undefined when usage is unknown or the model is unpriced. */
  readonly costAfter: Picodollars | undefined;
  readonly basis: CostBasis;
};

export type WhatIfQuestion = {
  readonly workspace: Workspace;
  readonly requests: readonly ReplayedRequest[];
  /** The stack that is tried out. */
  readonly stack: ResolvedStack;
  /** What a request ran under; undefined when that version is no longer known. */
  readonly stackOf: (request: ReplayedRequest) => ResolvedStack | undefined;
  /** The key as it is now; undefined when it is unknown. */
  readonly keyOf: (request: ReplayedRequest) => ApiKey | undefined;
};

export type WhatIf = {
  readonly items: readonly WhatIfItem[];
  /** Requests without recorded inputs: refused before they were planned, without a trace, or from before the recording. */
  readonly skipped: number;
};

/** Requests planned before others get their turn. */
const plannedAtOnce = 50;

export async function whatIf(
  question: WhatIfQuestion,
  services: PlanningServices,
  health: HealthSnapshot,
): Promise<WhatIf> {
  const items: WhatIfItem[] = [];
  let looked = 0;
  for (const request of question.requests) {
    const item = replay(request, question, services, withoutOutages(health));
    if (item) items.push(item);
    if (++looked % plannedAtOnce === 0) await nextTurn();
  }
  return { items, skipped: question.requests.length - items.length };
}

/** A provider that is down this minute says nothing about a policy. */
function withoutOutages(health: HealthSnapshot): HealthSnapshot {
  return (provider, model) => ({ ...health(provider, model), available: true });
}

function replay(
  request: ReplayedRequest,
  { workspace, stack, stackOf, keyOf }: WhatIfQuestion,
  services: PlanningServices,
  health: HealthSnapshot,
): WhatIfItem | undefined {
  const { stored } = request;
  const inputs = stored && readInputs(stored);
  const key = keyOf(request);
  if (!inputs || !key) return undefined;
  const under = (tried: ResolvedStack): Outcome => {
    const facts = { request, inputs, overrides: stored.overrides, pin: stored.pin, key, workspace, stack: tried };
    return outcomeOf(facts, services, health);
  };
  const then = stackOf(request);
  const before = then && under(then);
  const after = under(stack);
  const recorded = recordedChoice(request);
  const changed = before ? !isSame(choiceOf(before), choiceOf(after)) : !isSame(recorded, choiceOf(after));
  return {
    request,
    category: inputs.classification.category,
    before,
    after,
    changed,
    drifted: before !== undefined && !isSame(recorded, choiceOf(before)),
    ...costAfter(request, after, changed, key),
  };
}

type Facts = {
  readonly request: ReplayedRequest;
  readonly inputs: RecordedInputs;
  readonly overrides: JsonObject | undefined;
  readonly pin: StoredTrace["pin"];
  readonly key: ApiKey;
  readonly workspace: Workspace;
  readonly stack: ResolvedStack;
};

function outcomeOf(facts: Facts, services: PlanningServices, health: HealthSnapshot): Outcome {
  const { request, inputs, key, workspace, stack } = facts;
  const { features, choices, maxOutputTokens } = inputs;
  const policy = applyOverrides(stack.policy, readRecordedOverrides(facts.overrides));
  const asked = {
    model: request.requestedModel,
    features,
    choices,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
  };
  const untrustedContent = policy.safety.untrustedContent === "always" || inputs.untrustedDeclared;
  const plannable = { key, workspace, stack, policy, untrustedContent, asked, ...pinOf(policy, facts.pin) };
  try {
    const planned = planFor(plannable, services, health, inputs.classification);
    requireCandidates({ ...plannable, ...planned, confirmed: inputs.confirmed }, services);
    const [candidate] = planned.plan.candidates;
    if (!candidate) throw new GatewayError("routing_policy_blocked");
    return { kind: "planned", candidate };
  } catch (thrown) {
    const refusal = toGatewayError(thrown);
    if (refusal.code === "internal_error") throw thrown;
    return { kind: "refused", refusal };
  }
}

/** The conversation's place in the past, for policies that keep to it. */
function pinOf({ objective }: StackPolicy, pin: StoredTrace["pin"]): { readonly pin?: SessionPin } {
  if (!objective.sessionPins || pin === undefined) return {};
  const [model, provider, warmTokens] = pin;
  return { pin: { model, provider, warmTokens } };
}

/** They were valid when they were recorded. */
function readRecordedOverrides(overrides: JsonObject | undefined) {
  const read = overridesSchema.safeParse(overrides ?? {});
  return read.success ? read.data : {};
}

/** What was chosen, as two of them are compared. */
type Choice = { readonly model: string | undefined; readonly provider: string | undefined };

const nobody: Choice = { model: undefined, provider: undefined };

function choiceOf(outcome: Outcome): Choice {
  if (outcome.kind === "refused") return nobody;
  return { model: outcome.candidate.model.id, provider: outcome.candidate.provider };
}

/** The first candidate of the recorded plan: who answered may be another, after a failure. */
function recordedChoice({ stored }: ReplayedRequest): Choice {
  const first = stored?.plan?.candidates[0];
  if (!first || stored.errorCode === "high_stakes_confirmation_required") return nobody;
  return { model: first[0], provider: first[1] };
}

function isSame(left: Choice, right: Choice): boolean {
  return left.model === right.model && left.provider === right.provider;
}

function costAfter(
  request: ReplayedRequest,
  after: Outcome,
  changed: boolean,
  key: ApiKey,
): Pick<WhatIfItem, "costAfter" | "basis"> {
  if (after.kind === "refused" || key.mode === "test") return { costAfter: noMoney, basis: "nothing" };
  if (!changed) return { costAfter: request.debit, basis: "debited" };
  if (request.usage.kind === "unknown") {
    return request.httpStatus < 400
      ? { costAfter: undefined, basis: "repriced" }
      : { costAfter: after.candidate.expectedCost, basis: "estimated" };
  }
  const lines = usageLines(after.candidate.model, request.usage);
  return { costAfter: lines && sumLines(lines), basis: "repriced" };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
