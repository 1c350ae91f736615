// What no request changes about the models of a pool: their routes, rates, quality, and the gates of stack and key.
// Computed once for each stack, upstreams, key, pool and lane, so that a request costs little more than arithmetic.

import type { CatalogueModel, Upstream } from "../catalogue/catalogue.ts";
import type { Lane, StackPolicy } from "../contracts/policy.ts";
import { ratesOf, type Rates } from "./exact-cost.ts";
import type { PlanInput, Rejection, RejectionReason } from "./plan.ts";
import { remember } from "./remember.ts";
import { isWeak } from "./request-needs.ts";
import { boundedRoutes, namesModel, type BoundedRoute } from "./standing-gates.ts";

/** A model with the reason it is considered for. */
export type Considered = {
  readonly model: CatalogueModel;
  /** Shown in the trace, one phrase: `lane default`, `fallback of openai/gpt-5.4`. */
  readonly reasons: readonly string[];
  /** Named by the request or by the stack, not picked by the router: neither tier nor quality speaks against it. */
  readonly named: boolean;
  /** Considered only for when another model has failed. */
  readonly asFallback: boolean;
};

export type StandingModel = Considered & {
  /** Undefined when the model is unpriced. */
  readonly rates: Rates | undefined;
  /** 0 to 100, in the lane planned for. */
  readonly quality: number;
  /** Whether it is barred where a weak model must not answer. */
  readonly weak: boolean;
  /** What the key and the preview gate say against it. */
  readonly standingReasons: readonly RejectionReason[];
  /** By provider id; one without a provider when there is none. */
  readonly routes: readonly StandingRoute[];
};

export type StandingRoute = BoundedRoute & {
  /** Outside `allowedModels` or `allowedProviders`: may serve only after an option inside has failed. */
  readonly fallbackOnly: boolean;
  /** The rejection of every request that meets no further objection; undefined when the standing gates let it pass. */
  readonly rejection: Rejection | undefined;
};

type Boundaries = StackPolicy["boundaries"];
type ByLane = Map<Lane | "pinned", readonly StandingModel[]>;
type ByPool = WeakMap<readonly Considered[], ByLane>;
type ByKey = WeakMap<readonly string[], ByPool>;
type ByUpstreams = WeakMap<readonly Upstream[], ByKey>;

const memory = new WeakMap<Boundaries, ByUpstreams>();
/** Keys without a limit share what is remembered. */
const unlimited: readonly string[] = [];

/** The models of a pool, in its order. Remembered when the boundaries are frozen; overrides of a request share them. */
export function standingModels(
  pool: readonly Considered[],
  { policy: { boundaries }, upstreams, keyAllowedModels }: PlanInput,
  lane: Lane | "pinned",
): readonly StandingModel[] {
  const compute = () => pool.map((each) => standingModel(each, boundaries, upstreams, keyAllowedModels, lane));
  if (!Object.isFrozen(boundaries)) return compute();
  const byUpstreams = remember(memory, boundaries, (): ByUpstreams => new WeakMap());
  const byKey = remember(byUpstreams, upstreams, (): ByKey => new WeakMap());
  const keyModels = keyAllowedModels.length === 0 ? unlimited : keyAllowedModels;
  const byPool = remember(byKey, keyModels, (): ByPool => new WeakMap());
  const byLane = remember(byPool, pool, (): ByLane => new Map());
  return remember(byLane, lane, compute);
}

function standingModel(
  considered: Considered,
  boundaries: Boundaries,
  upstreams: readonly Upstream[],
  keyAllowedModels: readonly string[],
  lane: Lane | "pinned",
): StandingModel {
  const { model, named } = considered;
  const standingReasons: RejectionReason[] = [];
  if (keyAllowedModels.length > 0 && !namesModel(model, keyAllowedModels)) standingReasons.push("model_not_allowed");
  const byName = lane === "pinned" && named;
  if (model.availability === "preview" && !byName && !boundaries.allowPreview) {
    standingReasons.push("preview_not_allowed");
  }
  return {
    ...considered,
    rates: model.prices && ratesOf(model.prices),
    quality: (lane === "pinned" ? undefined : model.laneStrength?.[lane]) ?? model.strength,
    weak: !named && isWeak(model),
    standingReasons,
    routes: boundedRoutes(model, boundaries, upstreams).map((route) =>
      standingRoute(route, considered, boundaries, standingReasons),
    ),
  };
}

const boundaryReasons: ReadonlySet<RejectionReason> = new Set([
  "model_not_allowed",
  "model_blocked",
  "provider_not_allowed",
  "provider_blocked",
]);

function standingRoute(
  { provider, upstreamModel, reasons: bounds }: BoundedRoute,
  { model, asFallback }: Considered,
  boundaries: Boundaries,
  modelReasons: readonly RejectionReason[],
): StandingRoute {
  const fallbackOnly = mayOnlyFallBack(bounds, boundaries);
  const outside = asFallback && bounds.some((reason) => boundaryReasons.has(reason));
  const against: readonly RejectionReason[] = outside ? [...bounds, "fallback_outside_policy"] : bounds;
  const reasons = fallbackOnly ? [] : against;
  const all = [...new Set([...reasons, ...modelReasons])];
  const rejection = all.length === 0 ? undefined : { model: model.id, provider, reasons: all };
  return { provider, upstreamModel, reasons, fallbackOnly, rejection };
}

/** `fallbackMustStayInPolicy: false` lets fallbacks leave the two allow lists and nothing else. */
function mayOnlyFallBack(reasons: readonly RejectionReason[], boundaries: Boundaries): boolean {
  if (boundaries.fallbackMustStayInPolicy || reasons.length === 0) return false;
  return reasons.every((reason) => reason === "model_not_allowed" || reason === "provider_not_allowed");
}
