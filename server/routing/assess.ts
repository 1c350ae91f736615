// Puts models through every gate: what passes becomes an option to rank, what fails a rejection with its reasons.

import type { Lane } from "../contracts/policy.ts";
import { parseUsd } from "../money/picodollars.ts";
import type { ProviderId } from "../providers/provider.ts";
import type { Candidate, Classification, PlanInput, Rejection, RejectionReason, RouteHealth } from "./plan.ts";
import { pointsOf, weightsFor, type Weights } from "./rank.ts";
import { meetsNeeds, requestNeeds, unmetNeeds, type RequestNeeds } from "./request-needs.ts";
import { sizeRequest, type RequestSize, type SizingRequest } from "./size-request.ts";
import { standingModels, type Considered, type StandingModel, type StandingRoute } from "./standing-models.ts";

/** One model by one provider that passed every gate. */
export type Option = {
  /** As the plan will name it, unless it comes first. */
  readonly candidate: Candidate;
  /** Named by the request or by the stack, not picked by the router. */
  readonly named: boolean;
  /** How well it serves the objective; more is better, and only the difference means anything. */
  readonly points: number;
  /** Undefined when too few calls were seen. */
  readonly successRate: number | undefined;
  /** Outside `allowedModels` or `allowedProviders`: may serve only after an option inside has failed. */
  readonly fallbackOnly: boolean;
  /** Place among the models considered, for orders that keep it. */
  readonly position: number;
};

/** What holds for all models of one request. */
export type Scope = {
  readonly input: PlanInput;
  readonly lane: Lane | "pinned";
  readonly classification: Classification;
  readonly needs: RequestNeeds;
  readonly sizing: SizingRequest;
  /** High-stakes turns, the safe lane, and untrusted content with tools. */
  readonly weakBarred: boolean;
  /** Undefined when the given order decides. */
  readonly weights: Weights | undefined;
};

export function scopeOf(input: PlanInput, lane: Lane | "pinned", classification: Classification, safe: boolean): Scope {
  const { features, policy } = input;
  const { maxExpectedCostUsd, primary, costMode } = policy.objective;
  const untrusted = input.untrustedContent || policy.safety.untrustedContent === "always";
  return {
    input,
    lane,
    classification,
    needs: requestNeeds(features, lane === "pinned"),
    sizing: {
      features,
      callerLimit: input.maxOutputTokens,
      expectedOutputTokens: classification.expectedOutputTokens,
      budget: input.requestMax,
      expectedCostCeiling: maxExpectedCostUsd === undefined ? undefined : parseUsd(maxExpectedCostUsd),
    },
    weakBarred: safe || lane === "safe" || (untrusted && features.toolNames.length > 0 && features.toolsUsable),
    weights: weightsFor(primary, costMode),
  };
}

export type Assessment = { readonly options: readonly Option[]; readonly rejected: readonly Rejection[] };

/** Assesses models in order; every one ends as options, as rejections, or as both by different providers. */
export function assess(pool: readonly Considered[], scope: Scope, firstPosition = 0): Assessment {
  const options: Option[] = [];
  const rejected: Rejection[] = [];
  let position = firstPosition;
  for (const standing of standingModels(pool, scope.input, scope.lane)) {
    const { model, rates } = standing;
    const size = rates && sizeRequest(model, rates, scope.sizing);
    const sizeReason = typeof size === "string" ? size : undefined;
    const able = sizeReason === undefined && meetsNeeds(model, scope.needs) && !(scope.weakBarred && standing.weak);
    for (const route of standing.routes) {
      const { provider } = route;
      const health = provider === undefined ? undefined : scope.input.health(provider, model.id);
      const willing = able && health?.available !== false;
      if (willing && route.rejection) rejected.push(route.rejection);
      else if (willing && typeof size === "object" && provider !== undefined) {
        options.push(optionOf(standing, route, { provider, size, health, position }, scope));
      } else rejected.push(rejectionOf(standing, route, { sizeReason, health }, scope));
    }
    position++;
  }
  return { options, rejected };
}

/** Everything against a route: what always stands in its way, then what this request and this moment add. */
function rejectionOf(
  standing: StandingModel,
  { provider, reasons: bounds }: StandingRoute,
  found: { readonly sizeReason: RejectionReason | undefined; readonly health: RouteHealth | undefined },
  scope: Scope,
): Rejection {
  const reasons = new Set<RejectionReason>([...bounds, ...unmetNeeds(standing.model, scope.needs)]);
  for (const reason of standing.standingReasons) reasons.add(reason);
  if (scope.weakBarred && standing.weak) reasons.add("below_quality");
  if (found.sizeReason !== undefined) reasons.add(found.sizeReason);
  if (found.health?.available === false) reasons.add("route_unhealthy");
  return { model: standing.model.id, provider, reasons: [...reasons] };
}

/** Milliseconds until the whole answer is there. */
export function expectedAnswerMs(
  {
    model,
    expectedFirstByteMs,
    outputTokenLimit,
  }: Pick<Candidate, "model" | "expectedFirstByteMs" | "outputTokenLimit">,
  { expectedOutputTokens }: Classification,
): number {
  const output = Math.min(expectedOutputTokens, outputTokenLimit);
  return expectedFirstByteMs + (output * 1000) / model.typicalTokensPerSecond;
}

function optionOf(
  { model, quality, named, reasons }: StandingModel,
  { upstreamModel, fallbackOnly }: StandingRoute,
  found: {
    readonly provider: ProviderId;
    readonly size: RequestSize;
    readonly health: RouteHealth | undefined;
    readonly position: number;
  },
  { classification, weights }: Scope,
): Option {
  const { provider, size, health, position } = found;
  const { outputTokenLimit, expectedCost } = size;
  const expectedFirstByteMs = health?.firstByteMs ?? model.typicalFirstByteMs;
  const answerMs = expectedAnswerMs({ model, expectedFirstByteMs, outputTokenLimit }, classification);
  return {
    candidate: {
      model,
      provider,
      upstreamModel,
      inputTokenBound: size.inputTokenBound,
      expectedInputTokens: size.expectedInputTokens,
      outputTokenLimit,
      expectedCost,
      worstCost: size.worstCost,
      expectedFirstByteMs,
      quality,
      reasons,
    },
    named,
    points: weights === undefined ? 0 : pointsOf({ quality, cost: Number(expectedCost), answerMs }, weights),
    successRate: health?.successRate,
    fallbackOnly,
    position,
  };
}
