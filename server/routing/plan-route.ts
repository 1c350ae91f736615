// From a request and a policy to a plan: who could answer, in which order, and why not the others. Pure and total: the
// same input always gives the same plan, and an impossible request gives a plan without candidates.

import type { Lane } from "../contracts/policy.ts";
import { picodollars } from "../money/picodollars.ts";
import { assess, scopeOf, type Assessment, type Option, type Scope } from "./assess.ts";
import { classify, reclassify } from "./classify.ts";
import { arrangeFallbacks } from "./fallback-order.ts";
import { chooseLane, needsSafeHands } from "./lane.ts";
import type { DecisionKind, Plan, PlanInput, Rejection } from "./plan.ts";
import { ownFallbacks, pinnedPool, virtualPool, wholeRoster, type Pool } from "./pool.ts";
import { byFirstByte, byQuality, firstOption, rankOptions, rankReason, sortOptions } from "./rank.ts";
import { stayWith } from "./session-pins.ts";
import type { Considered } from "./standing-models.ts";
import { applyTargets } from "./targets.ts";
import { verificationModeFor } from "./verification-mode.ts";

/** What a way of choosing found: options best first, with what the trace says about it. */
type Choice = {
  readonly decision: DecisionKind;
  readonly ranked: readonly Option[];
  readonly rejected: readonly Rejection[];
  /** Every option that passed the gates, targets aside: what the baseline is taken from. */
  readonly passed: readonly Option[];
  readonly because: string;
  /** Why the first stands first. */
  readonly firstReason: string;
};

/** Plans one request. Never throws; an empty `candidates` means that no allowed model remains. */
export function planRoute(input: PlanInput): Plan {
  const { requested, policy, features } = input;
  const asked = requested.kind === "pinned" ? "pinned" : requested.lane;
  const options = { untrustedContent: input.untrustedContent, costMode: policy.objective.costMode };
  const classification = input.classified ? reclassify(input.classified, options) : classify(features, asked, options);
  const safe = needsSafeHands(classification);
  const lane = asked === "pinned" ? "pinned" : chooseLane(asked, classification, features, policy.objective);
  const scope = scopeOf(input, lane, classification, safe);
  const choice = lane === "pinned" ? choosePinned(scope) : chooseVirtual(scope, lane);
  const { tried, spare } = arrangeFallbacks(choice.ranked, policy.fallback);
  const baseline = lane === "pinned" ? undefined : firstOption(choice.passed, byQuality)?.candidate;
  const [first, ...others] = tried.map(({ candidate }) => candidate);
  return {
    decision: choice.decision,
    reason: first ? `${choice.because}: ${first.model.id} by ${first.provider}, ${choice.firstReason}` : choice.because,
    lane,
    classification,
    candidates: first ? [{ ...first, reasons: [choice.firstReason, ...first.reasons] }, ...others] : [],
    spare: spare.map(({ candidate }) => candidate),
    rejected: choice.rejected,
    qualityTarget: policy.objective.qualityTarget,
    costMode: policy.objective.costMode,
    verificationMode: verificationModeFor(policy.verification, {
      schema: features.format !== "text",
      highStakes: safe,
    }),
    baseline: baseline && { model: baseline.model.id, expectedCost: baseline.expectedCost },
    estimatedSavings: baseline && first && picodollars(baseline.expectedCost - first.expectedCost),
  };
}

function chooseVirtual(scope: Scope, lane: Lane): Choice {
  const { input } = scope;
  const pool = virtualPool(input, lane, scope.classification);
  const { models, options, rejected, because } = assessPool(pool, scope, lane);
  const passed = options.filter(mayBeFirst);
  const targeted = applyTargets(passed, scope);
  const ranked = targeted.dropped
    ? sortOptions(targeted.kept, targeted.dropped.order)
    : rankOptions(targeted.kept, input.policy, pool.namedOrder);
  const [best] = ranked;
  if (best === undefined) return blocked(scope, pool.decision, [...rejected, ...outsidePolicy(options)]);
  const own = pool.namedOrder ? nothing : fallbacksOf(best, models, scope);
  const onlyFallbacks = options.filter((option) => option.fallbackOnly);
  const stay = input.pin && stayWith(input.pin, ranked, own.options, scope, !targeted.dropped && !pool.namedOrder);
  const order = [...ranked, ...own.options, ...rankOptions(onlyFallbacks, input.policy, pool.namedOrder)];
  return {
    decision: onlySandbox(input) ? "sandbox" : stay ? "session_pin" : pool.decision,
    ranked: stay ? [stay.option, ...order.filter((option) => option !== stay.option)] : order,
    rejected: [...rejected, ...targeted.missed, ...own.rejected],
    passed,
    because,
    firstReason: stay?.because ?? targeted.dropped?.sentence ?? rankReason(input.policy, pool.namedOrder),
  };
}

const nothing: Assessment = { options: [], rejected: [] };

function fallbacksOf({ candidate }: Option, besides: readonly Considered[], scope: Scope): Assessment {
  return assess(ownFallbacks(scope.input.catalogue, candidate.model, besides), scope, besides.length);
}

/** The pool's models through the gates; all other routable models too where none of a lane can serve. */
function assessPool(pool: Pool, scope: Scope, lane: Lane) {
  const { options, rejected } = assess(pool.models, scope);
  const inPool = { models: pool.models, options, rejected: [...pool.unknown, ...rejected], because: pool.because };
  if (options.some(mayBeFirst) || pool.namedOrder || scope.needs.embeds) return inPool;
  const roster = wholeRoster(scope.input, pool.models);
  const outside = assess(roster.others, scope, pool.models.length);
  const found = outside.options.some(mayBeFirst);
  return {
    models: roster.all,
    options: [...options, ...outside.options],
    rejected: [...inPool.rejected, ...outside.rejected],
    because: found ? `no model of lane ${lane} can serve it, taken from the whole roster` : pool.because,
  };
}

/** A model asked for by name, then its own fallback list. Fallbacks stand in for an outage, never for a refusal. */
function choosePinned(scope: Scope): Choice {
  const { requested, catalogue } = scope.input;
  if (requested.kind !== "pinned") return blocked(scope, "pinned_model", []);
  const asked = pinnedPool(catalogue, requested.model);
  const found = assess(asked, scope);
  const byHealth = sortOptions(found.options.filter(mayBeFirst), byFirstByte);
  const onlyOutage = found.rejected.some(({ reasons }) => reasons.every((reason) => reason === "route_unhealthy"));
  if (byHealth.length === 0 && !onlyOutage) {
    return blocked(scope, "pinned_model", [...found.rejected, ...outsidePolicy(found.options)]);
  }
  const own = assess(ownFallbacks(catalogue, requested.model, asked), scope, 1);
  const outside = found.options.filter((option) => option.fallbackOnly);
  return {
    decision: "pinned_model",
    ranked: [...byHealth, ...outside, ...own.options],
    rejected: [...found.rejected, ...own.rejected],
    passed: found.options,
    because: `${requested.model.id} was asked for by name`,
    firstReason: byHealth.length > 0 ? "asked for by name" : "the model asked for is down",
  };
}

function mayBeFirst(option: Option): boolean {
  return !option.fallbackOnly;
}

/** Options that only a fallback could have used, when there is nothing to fall back from. */
function outsidePolicy(options: readonly Option[]): Rejection[] {
  return options
    .filter((option) => option.fallbackOnly)
    .map(({ candidate: { model, provider } }) => ({ model: model.id, provider, reasons: ["fallback_outside_policy"] }));
}

function blocked(scope: Scope, decision: DecisionKind, rejected: readonly Rejection[]): Choice {
  const what = scope.lane === "pinned" ? "the model asked for" : `lane ${scope.lane}`;
  const because = `no allowed model remains for ${what}`;
  return { decision, ranked: [], rejected, passed: [], because, firstReason: "" };
}

function onlySandbox({ upstreams }: PlanInput): boolean {
  return upstreams.length > 0 && upstreams.every(({ provider }) => provider === "sandbox");
}
