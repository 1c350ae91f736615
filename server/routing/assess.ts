// Puts models through every gate: what passes becomes an option to rank, what fails a rejection with its reasons.

import type { CatalogueModel } from "../catalogue/catalogue.ts";
import type { Lane } from "../contracts/policy.ts";
import { parseUsd } from "../money/picodollars.ts";
import type { ProviderId } from "../providers/provider.ts";
import type { Classification, PlanInput, Rejection, RejectionReason, RouteHealth } from "./plan.ts";
import { isWeak, requestNeeds, unmetNeeds, type RequestNeeds } from "./request-needs.ts";
import { sizeRequest, type RequestSize, type SizingRequest } from "./size-request.ts";
import { namesModel, standingRoutes, type StandingRoute } from "./standing-gates.ts";

/** A model with the reason it is considered for. */
export type Considered = {
  readonly model: CatalogueModel;
  /** Shown in the trace: `lane default`, `fallback of openai/gpt-5.4`. */
  readonly origin: string;
  /** Named by the request or by the stack, not picked by the router: neither tier nor quality speaks against it. */
  readonly named: boolean;
  /** Considered only for when another model has failed. */
  readonly asFallback: boolean;
};

/** One model by one provider that passed every gate. */
export type Option = RequestSize & {
  readonly considered: Considered;
  readonly model: CatalogueModel;
  readonly provider: ProviderId;
  readonly upstreamModel: string;
  readonly quality: number;
  readonly firstByteMs: number;
  /** First byte and the expected output at the model's typical speed, in milliseconds. */
  readonly answerMs: number;
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
};

export function scopeOf(input: PlanInput, lane: Lane | "pinned", classification: Classification, safe: boolean): Scope {
  const { features, policy } = input;
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
      budget: policy.budget.perRequestMaxUsd === undefined ? undefined : parseUsd(policy.budget.perRequestMaxUsd),
      expectedCostCeiling:
        policy.objective.maxExpectedCostUsd === undefined ? undefined : parseUsd(policy.objective.maxExpectedCostUsd),
    },
    weakBarred: safe || lane === "safe" || (untrusted && features.toolNames.length > 0 && features.toolsUsable),
  };
}

/** Assesses models in order; every one ends as options, as rejections, or as both by different providers. */
export function assess(
  models: readonly Considered[],
  scope: Scope,
  firstPosition = 0,
): { readonly options: Option[]; readonly rejected: Rejection[] } {
  const options: Option[] = [];
  const rejected: Rejection[] = [];
  models.forEach((considered, index) => {
    const { model } = considered;
    const modelReasons = reasonsAgainst(considered, scope);
    const sized = model.prices === undefined ? undefined : sizeRequest(model, model.prices, scope.sizing);
    if (sized && "reason" in sized) modelReasons.push(sized.reason);
    const size = sized && "size" in sized ? sized.size : undefined;
    for (const route of standingRoutes(model, scope.input.policy, scope.input.upstreams)) {
      const health = route.provider === undefined ? undefined : scope.input.health(route.provider, model.id);
      const fallbackOnly = mayOnlyFallBack(route, scope);
      const reasons = [...(fallbackOnly ? [] : standingReasons(route, considered)), ...modelReasons];
      if (health?.available === false) reasons.push("route_unhealthy");
      if (route.provider !== undefined && size !== undefined && reasons.length === 0) {
        const position = firstPosition + index;
        options.push(
          optionOf({ considered, size, route, provider: route.provider, health, fallbackOnly, position }, scope),
        );
      } else {
        rejected.push({ model: model.id, provider: route.provider, reasons: [...new Set(reasons)] });
      }
    }
  });
  return { options, rejected };
}

/** Gates on the model that depend on the request or the key. */
function reasonsAgainst({ model, named }: Considered, scope: Scope): RejectionReason[] {
  const { input } = scope;
  const reasons = unmetNeeds(model, scope.needs);
  if (input.keyAllowedModels.length > 0 && !namesModel(model, input.keyAllowedModels))
    reasons.push("model_not_allowed");
  const byName = scope.lane === "pinned" && named;
  if (model.availability === "preview" && !byName && !input.policy.boundaries.allowPreview) {
    reasons.push("preview_not_allowed");
  }
  if (!named && scope.weakBarred && isWeak(model)) reasons.push("below_quality");
  return reasons;
}

const boundaryReasons: ReadonlySet<RejectionReason> = new Set([
  "model_not_allowed",
  "model_blocked",
  "provider_not_allowed",
  "provider_blocked",
]);

function standingReasons({ reasons }: StandingRoute, { asFallback }: Considered): readonly RejectionReason[] {
  const outside = asFallback && reasons.some((reason) => boundaryReasons.has(reason));
  return outside ? [...reasons, "fallback_outside_policy"] : reasons;
}

/** `fallbackMustStayInPolicy: false` lets fallbacks leave the two allow lists and nothing else. */
function mayOnlyFallBack({ reasons }: StandingRoute, { input }: Scope): boolean {
  if (input.policy.boundaries.fallbackMustStayInPolicy || reasons.length === 0) return false;
  return reasons.every((reason) => reason === "model_not_allowed" || reason === "provider_not_allowed");
}

function optionOf(
  passed: {
    readonly considered: Considered;
    readonly size: RequestSize;
    readonly route: StandingRoute;
    readonly provider: ProviderId;
    readonly health: RouteHealth | undefined;
    readonly fallbackOnly: boolean;
    readonly position: number;
  },
  scope: Scope,
): Option {
  const { considered, size, route, provider, health, fallbackOnly, position } = passed;
  const { model } = considered;
  const firstByteMs = health?.firstByteMs ?? model.typicalFirstByteMs;
  const output = Math.min(scope.classification.expectedOutputTokens, size.outputTokenLimit);
  return {
    ...size,
    considered,
    model,
    provider,
    upstreamModel: route.upstreamModel,
    quality: qualityIn(model, scope.lane),
    firstByteMs,
    answerMs: firstByteMs + (output * 1000) / model.typicalTokensPerSecond,
    successRate: health?.successRate,
    fallbackOnly,
    position,
  };
}

function qualityIn(model: CatalogueModel, lane: Lane | "pinned"): number {
  return (lane === "pinned" ? undefined : model.laneStrength?.[lane]) ?? model.strength;
}
