// Rung 4: who could answer, in which order? The plan itself is a pure function in routing/. Fails with 402 when only a
// per-request maximum is in the way, 404, 409, 502.

import { GatewayError, invalidField } from "../contracts/errors.ts";
import { ratesOf } from "../routing/exact-cost.ts";
import type { RequestFeatures } from "../routing/features.ts";
import { planRoute as plan } from "../routing/plan-route.ts";
import type { Classification, HealthSnapshot, Plan, Rejection } from "../routing/plan.ts";
import { resolveRequestedModel } from "../routing/requested-model.ts";
import { outputWithin } from "../routing/size-request.ts";
import type { SessionPin } from "../routing/session-pins.ts";
import { tokenBound } from "../routing/token-bound.ts";
import { highStakesCaution } from "../verification/high-stakes.ts";
import { requestMaxOf } from "./budget-caps.ts";
import { overRequestMax, type Affordable } from "./budget-refusal.ts";
import type { Services, UpstreamPool } from "./services.ts";
import { sessionOf } from "./session.ts";
import { advance, type Planned, type Resolved } from "./stages.ts";

const cautionBound = tokenBound(highStakesCaution);

/** What planning needs to know of a request, and all that it looks at. */
export type Plannable = Pick<Resolved, "key" | "workspace" | "stack" | "policy" | "untrustedContent"> & {
  readonly asked: Pick<Resolved["asked"], "model" | "features" | "maxOutputTokens" | "choices">;
  readonly pin?: SessionPin;
};

export type PlanningServices = Pick<Services, "catalogue" | "live" | "sandbox">;

/** @throws GatewayError unknown_model. A plan without candidates is returned: `requireCandidates` refuses it. */
export function planRoute(
  resolved: Resolved,
  services: PlanningServices & Pick<Services, "health" | "sessions" | "now">,
): Planned {
  const now = services.now();
  const health = services.health.snapshot(now);
  const session = sessionOf(resolved);
  if (session === undefined) return advance(resolved, planFor(resolved, services, health));
  const pin = services.sessions.find(session, now);
  const known = advance(resolved, pin ? { session, pin } : { session });
  return advance(known, planFor(known, services, health));
}

/**
 * Plans without being on the way to an answer.
 * @param classified what an earlier planning found in the request's text; undefined: the text is read.
 * @throws GatewayError unknown_model
 */
export function planFor(
  resolved: Plannable,
  services: PlanningServices,
  health: HealthSnapshot,
  classified?: Classification,
): Pick<Planned, "plan" | "highStakes"> {
  const requested = resolveRequestedModel(resolved.asked.model, services.catalogue);
  if (!requested) {
    throw new GatewayError(
      "unknown_model",
      `The model \`${resolved.asked.model.slice(0, 200)}\` is not in the catalogue.`,
      {
        param: "model",
      },
    );
  }
  const planned = plan({
    requested,
    features: withCaution(resolved),
    maxOutputTokens: resolved.asked.maxOutputTokens,
    policy: resolved.policy,
    requestMax: requestMaxOf(resolved)?.limit,
    catalogue: services.catalogue,
    upstreams: poolFor(resolved, services).upstreams,
    health,
    keyAllowedModels: resolved.key.allowedModels,
    untrustedContent: resolved.untrustedContent,
    ...(classified ? { classified } : {}),
    ...(resolved.pin ? { pin: resolved.pin } : {}),
  });
  const { classification } = planned;
  const highStakes = classification.category === "high_stakes" || classification.modifiers.includes("high_stakes");
  return { plan: planned, highStakes };
}

/** The stack's caution, where a request may get it, is input too. */
function withCaution({ asked, policy }: Plannable): RequestFeatures {
  const { features } = asked;
  if (policy.safety.highStakes !== "prompt" || features.embeddingInputs > 0) return features;
  return { ...features, textTokenBound: features.textTokenBound + cautionBound };
}

/** The upstreams this key may reach: the sandbox alone for test keys. */
export function poolFor({ key }: { key: { mode: "live" | "test" } }, services: PlanningServices): UpstreamPool {
  return key.mode === "test" ? services.sandbox : services.live;
}

/** A request with its plan, as far as its refusal depends on them. */
export type PlannedRequest = Plannable & Pick<Planned, "plan" | "highStakes" | "confirmed">;

/** Refuses a plan nobody can carry out, and a high-stakes request that the stack wants confirmed first. */
export function requireCandidates(planned: PlannedRequest, services: Pick<Services, "catalogue">): void {
  const { plan, policy, highStakes, confirmed, asked } = planned;
  if (plan.candidates.length === 0) throw tooDear(planned, services) ?? blocked(plan, asked.model);
  requireOfferedDimensions(planned);
  if (policy.safety.highStakes === "strict" && highStakes && !confirmed) {
    throw new GatewayError("high_stakes_confirmation_required");
  }
}

/** @throws GatewayError invalid_request for vectors of a length that the first model in the plan does not make */
function requireOfferedDimensions({ plan, asked }: PlannedRequest): void {
  const { embeddingDimensions: wanted } = asked.features;
  const model = plan.candidates[0]?.model;
  if (wanted === undefined || model?.dimensions === undefined || model.dimensions.includes(wanted)) return;
  const offered = new Intl.ListFormat("en-GB", { type: "disjunction" }).format(model.dimensions.map(String));
  throw invalidField("dimensions", `${offered} for \`${model.id}\``);
}

/** A per-request maximum is all that stands in the way of some model: 402 rather than 409, for raising it would help. */
function tooDear(planned: PlannedRequest, { catalogue }: Pick<Services, "catalogue">): GatewayError | undefined {
  const max = requestMaxOf(planned);
  if (!max) return undefined;
  let best: Affordable | undefined;
  for (const { model: id, reasons } of planned.plan.rejected) {
    if (!reasons.every((reason) => reason === "over_budget")) continue;
    const model = catalogue.find(id);
    if (!model?.prices) continue;
    const tokens = outputWithin(model, ratesOf(model.prices), withCaution(planned), max.limit);
    const outputTokens = Math.floor(tokens / planned.asked.choices);
    if (best === undefined || outputTokens > best.outputTokens) best = { model: id, outputTokens };
  }
  return best && overRequestMax(max, best);
}

function blocked(plan: Plan, model: string): GatewayError {
  const details = { rejected: plan.rejected.slice(0, 50).map(describe) };
  const only = (reason: string) =>
    plan.rejected.length > 0 && plan.rejected.every((one) => one.reasons.every((r) => r === reason));
  if (only("unpriced")) return new GatewayError("unknown_pricing_model", undefined, { details });
  if (only("no_credentials")) {
    return new GatewayError("unknown_model", `No configured upstream serves \`${model.slice(0, 200)}\`.`, {
      param: "model",
      details,
    });
  }
  // Models that no configured upstream serves were no choice to begin with.
  const served = plan.rejected.filter(({ reasons }) => !reasons.includes("no_credentials"));
  if (served.length > 0 && served.every(({ reasons }) => reasons.every((reason) => reason === "route_unhealthy"))) {
    const message = "Every provider that the plan allowed has kept failing and is given a rest.";
    return new GatewayError("service_unavailable", message, { retryAfterSeconds: 30, details });
  }
  return new GatewayError("routing_policy_blocked", undefined, { details });
}

function describe({ model, provider, reasons }: Rejection) {
  return { model, ...(provider === undefined ? {} : { provider }), reasons: [...reasons] };
}
