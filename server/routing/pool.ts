// Which models are considered for a request, in which order, and by whose decision.

import type { Catalogue, CatalogueModel } from "../catalogue/catalogue.ts";
import type { Lane, StackPolicy } from "../contracts/policy.ts";
import type { Considered } from "./assess.ts";
import type { RequestFeatures } from "./features.ts";
import type { Classification, DecisionKind, PlanInput, Rejection } from "./plan.ts";

export type Pool = {
  readonly decision: DecisionKind;
  /** Why these models, in words. */
  readonly because: string;
  readonly models: readonly Considered[];
  /** True when the order of `models` is the order to try them in. */
  readonly namedOrder: boolean;
  /** Names in the stack's lists that the catalogue does not know. */
  readonly unknown: readonly Rejection[];
};

/** The pool for a virtual model: the stack's own list where the objective names one, else the lane's models. */
export function virtualPool(input: PlanInput, lane: Lane, classification: Classification): Pool {
  const { objective } = input.policy;
  if (objective.primary === "fixed_priority" && objective.priority.length > 0) {
    return listedPool(input.catalogue, objective.priority, "fixed_priority", "the stack's fixed priority order");
  }
  if (objective.primary === "custom_rules") {
    const number = objective.rules.findIndex(({ when }) => ruleHolds(when, classification, input.features));
    const rule = objective.rules[number];
    if (rule) return listedPool(input.catalogue, rule.use, "rule", `rule ${number + 1} of the stack`);
  }
  const models = input.features.embeddingInputs > 0 ? embeddingModels(input.catalogue) : laneModels(input, lane);
  return { decision: "virtual_model", because: `lane ${lane}`, models, namedOrder: false, unknown: [] };
}

/** Every other model that may be routed to: for when no model of the lane can serve. */
export function wholeRoster(input: PlanInput, besides: readonly Considered[]): Considered[] {
  const known = new Set(besides.map(({ model }) => model));
  const { allowPreview } = input.policy.boundaries;
  return input.catalogue.models
    .filter((model) => model.kind === "generate" && !known.has(model))
    .filter(({ availability }) => availability === "routed" || (allowPreview && availability === "preview"))
    .map((model) => considered(model, "outside the lane"));
}

/** A model's own fallback list, without the models already considered. */
export function ownFallbacks(
  catalogue: Catalogue,
  model: CatalogueModel,
  besides: readonly Considered[],
): Considered[] {
  const known = new Set(besides.map((each) => each.model));
  return model.fallbacks.flatMap((id) => {
    const fallback = catalogue.find(id);
    if (fallback === undefined || known.has(fallback)) return [];
    return [{ ...considered(fallback, `fallback of ${model.id}`), asFallback: true }];
  });
}

export function considered(model: CatalogueModel, origin: string, named = false): Considered {
  return { model, origin, named, asFallback: false };
}

const lanePools = new WeakMap<Catalogue, Map<Lane, readonly Considered[]>>();

/** The lane's defaults, its fallbacks and its preview models; a gate decides about the last. Remembered per catalogue. */
function laneModels({ catalogue }: PlanInput, lane: Lane): readonly Considered[] {
  const pools = lanePools.get(catalogue) ?? new Map<Lane, readonly Considered[]>();
  lanePools.set(catalogue, pools);
  const models = pools.get(lane) ?? lanePool(catalogue, lane);
  pools.set(lane, models);
  return models;
}

function lanePool(catalogue: Catalogue, lane: Lane): readonly Considered[] {
  const definition = catalogue.lane(lane);
  const all = (ids: readonly string[], origin: string) =>
    ids.flatMap((id) => {
      const model = catalogue.find(id);
      return model ? [considered(model, origin)] : [];
    });
  return [
    ...all(definition.defaultCandidates, "lane default"),
    ...all(definition.fallbackCandidates, "lane fallback"),
    ...all(definition.previewCandidates, "lane preview"),
  ];
}

function embeddingModels(catalogue: Catalogue): Considered[] {
  return catalogue.models
    .filter((model) => model.kind === "embed" && model.availability === "routed")
    .map((model) => considered(model, "embedding model"));
}

function listedPool(catalogue: Catalogue, ids: readonly string[], decision: DecisionKind, because: string): Pool {
  const models: Considered[] = [];
  const unknown: Rejection[] = [];
  for (const id of new Set(ids)) {
    const model = catalogue.find(id);
    if (model === undefined) unknown.push({ model: id, provider: undefined, reasons: ["no_credentials"] });
    else if (!models.some((each) => each.model === model)) models.push(considered(model, because, true));
  }
  return { decision, because, models, namedOrder: true, unknown };
}

type RuleConditions = StackPolicy["objective"]["rules"][number]["when"];

/** All stated conditions must hold; lists of one field are alternatives, modifiers are all required. */
function ruleHolds(when: RuleConditions, classification: Classification, features: RequestFeatures): boolean {
  const inputTokens = Math.ceil(features.textBytes / 4);
  return (
    (when.category?.includes(classification.category) ?? true) &&
    (when.actionClass?.includes(classification.actionClass) ?? true) &&
    (when.complexity?.includes(classification.complexity) ?? true) &&
    (when.modifiers?.every((modifier) => classification.modifiers.includes(modifier)) ?? true) &&
    inputTokens >= (when.minInputTokens ?? 0) &&
    inputTokens <= (when.maxInputTokens ?? Number.MAX_SAFE_INTEGER)
  );
}
