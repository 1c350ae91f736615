// Which models are considered for a request, in which order, and by whose decision. Lists that come from the catalogue or
// from a frozen policy are made once, so that what is computed about them can be remembered too.

import type { Catalogue, CatalogueModel } from "../catalogue/catalogue.ts";
import type { Lane, StackPolicy } from "../contracts/policy.ts";
import type { RequestFeatures } from "./features.ts";
import type { Classification, DecisionKind, PlanInput, Rejection } from "./plan.ts";
import { remember } from "./remember.ts";
import type { Considered } from "./standing-models.ts";

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
  const models =
    input.features.embeddingInputs > 0 ? embeddingModels(input.catalogue) : laneModels(input.catalogue, lane);
  return { decision: "virtual_model", because: `lane ${lane}`, models, namedOrder: false, unknown: [] };
}

export type Roster = {
  /** Every model that may be routed to and is not of the lane. */
  readonly others: readonly Considered[];
  /** The lane's models and the others. */
  readonly all: readonly Considered[];
};

const rosters = new WeakMap<readonly Considered[], Map<boolean, Roster>>();

/** Whom to ask when no model of the lane can serve; `besides` are the lane's. */
export function wholeRoster({ catalogue, policy }: PlanInput, besides: readonly Considered[]): Roster {
  const { allowPreview } = policy.boundaries;
  const byPreview = remember(rosters, besides, () => new Map<boolean, Roster>());
  return remember(byPreview, allowPreview, () => {
    const known = new Set(besides.map(({ model }) => model));
    const others = catalogue.models
      .filter((model) => model.kind === "generate" && !known.has(model))
      .filter(({ availability }) => availability === "routed" || (allowPreview && availability === "preview"))
      .map((model) => considered(model, "outside the lane"));
    return { others, all: [...besides, ...others] };
  });
}

const fallbackLists = new WeakMap<readonly Considered[], Map<CatalogueModel, readonly Considered[]>>();

/** A model's own fallback list, without the models already considered; those are of the same catalogue. */
export function ownFallbacks(
  catalogue: Catalogue,
  model: CatalogueModel,
  besides: readonly Considered[],
): readonly Considered[] {
  const byModel = remember(fallbackLists, besides, () => new Map<CatalogueModel, readonly Considered[]>());
  return remember(byModel, model, () => {
    const known = new Set(besides.map((each) => each.model));
    return model.fallbacks.flatMap((id) => {
      const fallback = catalogue.find(id);
      if (fallback === undefined || known.has(fallback)) return [];
      return [{ ...considered(fallback, `fallback of ${model.id}`), asFallback: true }];
    });
  });
}

const pinnedPools = new WeakMap<Catalogue, Map<CatalogueModel, readonly Considered[]>>();

/** The pool of a model asked for by name: itself alone. */
export function pinnedPool(catalogue: Catalogue, model: CatalogueModel): readonly Considered[] {
  const byModel = remember(pinnedPools, catalogue, () => new Map<CatalogueModel, readonly Considered[]>());
  return remember(byModel, model, () => [considered(model, "asked for by name", true)]);
}

function considered(model: CatalogueModel, reason: string, named = false): Considered {
  return { model, reasons: [reason], named, asFallback: false };
}

const lanePools = new WeakMap<Catalogue, Map<Lane, readonly Considered[]>>();

/** The lane's defaults, its fallbacks and its preview models; a gate decides about the last. */
function laneModels(catalogue: Catalogue, lane: Lane): readonly Considered[] {
  const byLane = remember(lanePools, catalogue, () => new Map<Lane, readonly Considered[]>());
  return remember(byLane, lane, () => lanePool(catalogue, lane));
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

const embeddingPools = new WeakMap<Catalogue, readonly Considered[]>();

function embeddingModels(catalogue: Catalogue): readonly Considered[] {
  return remember(embeddingPools, catalogue, () =>
    catalogue.models
      .filter((model) => model.kind === "embed" && model.availability === "routed")
      .map((model) => considered(model, "embedding model")),
  );
}

type ListedPools = WeakMap<readonly string[], Map<string, Pool>>;

const listedPools = new WeakMap<Catalogue, ListedPools>();

/** The models a stack lists, in its order; remembered when the list is frozen. */
function listedPool(catalogue: Catalogue, ids: readonly string[], decision: DecisionKind, because: string): Pool {
  const list = () => listModels(catalogue, ids, decision, because);
  if (!Object.isFrozen(ids)) return list();
  const byIds = remember(listedPools, catalogue, (): ListedPools => new WeakMap());
  const byReason = remember(byIds, ids, () => new Map<string, Pool>());
  return remember(byReason, because, list);
}

function listModels(catalogue: Catalogue, ids: readonly string[], decision: DecisionKind, because: string): Pool {
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
