// The gates that depend on nothing but a stack's boundaries, the catalogue and the upstreams: the same for every request.

import type { CatalogueModel, Upstream } from "../catalogue/catalogue.ts";
import type { StackPolicy } from "../contracts/policy.ts";
import type { ProviderId } from "../providers/provider.ts";
import type { RejectionReason } from "./plan.ts";

/** One way to reach a model, with what the stack's boundaries say against it. */
export type BoundedRoute = {
  /** Undefined when no configured upstream serves the model. */
  readonly provider: ProviderId | undefined;
  readonly upstreamModel: string;
  readonly reasons: readonly RejectionReason[];
};

type Boundaries = StackPolicy["boundaries"];

const dataPolicyRank = { any: 0, no_training: 1, zero_retention: 2 } as const;

/** Whether an id matches one of the patterns: exact, or a prefix where the pattern ends with `*`. */
export function matchesAny(id: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => (pattern.endsWith("*") ? id.startsWith(pattern.slice(0, -1)) : id === pattern));
}

/** Whether a list names the model, by its id or by an alias. */
export function namesModel(model: CatalogueModel, patterns: readonly string[]): boolean {
  return matchesAny(model.id, patterns) || model.aliases.some((alias) => matchesAny(alias, patterns));
}

/** Every route to a model, by provider id; one without a provider when there is none. */
export function boundedRoutes(
  model: CatalogueModel,
  boundaries: Boundaries,
  upstreams: readonly Upstream[],
): BoundedRoute[] {
  const ofModel = modelReasons(model, boundaries);
  const routes: BoundedRoute[] = [];
  for (const upstream of upstreams) {
    const upstreamModel = upstream.upstreamModel(model);
    if (upstreamModel === undefined) continue;
    const reasons = [...ofModel, ...upstreamReasons(upstream, boundaries)];
    routes.push({ provider: upstream.provider, upstreamModel, reasons });
  }
  if (routes.length === 0) {
    return [{ provider: undefined, upstreamModel: "", reasons: [...ofModel, "no_credentials"] }];
  }
  return routes.sort((left, right) => compareText(left.provider, right.provider));
}

/** Orders text by its code units, the same everywhere. */
export function compareText(left = "", right = ""): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function modelReasons(model: CatalogueModel, boundaries: Boundaries): RejectionReason[] {
  const reasons: RejectionReason[] = [];
  const { allowedModels, blockedModels, requiredCapabilities } = boundaries;
  if (allowedModels.length > 0 && !namesModel(model, allowedModels)) reasons.push("model_not_allowed");
  if (namesModel(model, blockedModels)) reasons.push("model_blocked");
  for (const capability of requiredCapabilities) {
    if (!model.capabilities.has(capability)) reasons.push(`missing_capability:${capability}`);
  }
  if (model.prices === undefined) reasons.push("unpriced");
  return reasons;
}

function upstreamReasons(upstream: Upstream, boundaries: Boundaries): RejectionReason[] {
  const reasons: RejectionReason[] = [];
  const { allowedProviders, blockedProviders, dataPolicy, retentionPolicy, regions } = boundaries;
  if (allowedProviders.length > 0 && !matchesAny(upstream.provider, allowedProviders)) {
    reasons.push("provider_not_allowed");
  }
  if (matchesAny(upstream.provider, blockedProviders)) reasons.push("provider_blocked");
  const promises = dataPolicyRank[upstream.dataPolicy] >= dataPolicyRank[dataPolicy];
  if (!promises && !upstream.dataPolicyPerRequest) reasons.push("data_policy");
  if (retentionPolicy === "none" && upstream.storesResponses === true) reasons.push("retention_policy");
  if (regions.length > 0 && (upstream.region === undefined || !regions.includes(upstream.region))) {
    reasons.push("region");
  }
  return reasons;
}
