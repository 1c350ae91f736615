// What is allowed in a policy and probably not meant: names that nothing bears, settings without effect, limits under
// which no model is left. Warnings never keep a policy from being saved.

import type { Catalogue, Upstream } from "../catalogue/catalogue.ts";
import { lanes, type StackPolicy } from "../contracts/policy.ts";
import { parseUsd } from "../money/picodollars.ts";
import type { RequestFeatures } from "../routing/features.ts";
import type { HealthSnapshot, Plan, RejectionReason } from "../routing/plan.ts";
import { planRoute } from "../routing/plan-route.ts";
import { resolveRequestedModel } from "../routing/requested-model.ts";
import { matchesAny, namesModel } from "../routing/standing-gates.ts";
import { nearest } from "./nearest-names.ts";

export type PolicyWarning = {
  /** JSON pointer of the field or the item of a list that it is about. */
  readonly pointer: string;
  readonly message: string;
  /** Names that may have been meant, the likeliest first; empty where there is nothing to suggest. */
  readonly suggestions: readonly string[];
};

/** What a policy's names are looked up in. */
export type KnownRoutes = { readonly catalogue: Catalogue; readonly upstreams: readonly Upstream[] };

/** More than a person corrects in one go; a list may hold hundreds of names, and each is compared with the catalogue. */
const mostWarnings = 30;

/** At most 30, those about the whole policy first. */
export function policyWarnings(policy: StackPolicy, known: KnownRoutes): PolicyWarning[] {
  const found = [
    ...nothingLeft(policy, known),
    ...withoutEffect(policy),
    ...unknownModels(policy, known),
    ...unknownProviders(policy, known),
    ...unknownRegions(policy, known),
  ];
  return found.slice(0, mostWarnings).map(({ unknown, ...warning }) => {
    return { ...warning, suggestions: unknown === undefined ? [] : nearest(unknown.name, unknown.among) };
  });
}

/** A warning before its suggestions are looked for. */
type FoundWarning = Omit<PolicyWarning, "suggestions"> & {
  /** The name that nothing bears, and those that it may have been meant for. */
  readonly unknown?: { readonly name: string; readonly among: readonly string[] };
};

function unknownModels(policy: StackPolicy, { catalogue }: KnownRoutes): FoundWarning[] {
  const { boundaries, objective } = policy;
  const exact: [string, readonly string[]][] = [
    ["/objective/priority", objective.priority],
    ...objective.rules.map((rule, index): [string, readonly string[]] => [`/objective/rules/${index}/use`, rule.use]),
  ];
  const patterns: [string, readonly string[]][] = [
    ["/boundaries/allowedModels", boundaries.allowedModels],
    ["/boundaries/blockedModels", boundaries.blockedModels],
  ];
  const ids = catalogue.models.map(({ id }) => id);
  const unknown = (pointer: string, name: string): FoundWarning => ({
    pointer,
    message: `No model is called \`${name}\`.`,
    unknown: { name, among: ids },
  });
  const isNamed = (pattern: string) => catalogue.models.some((model) => namesModel(model, [pattern]));
  return [
    ...eachOf(exact).flatMap(([pointer, name]) => (catalogue.find(name) ? [] : [unknown(pointer, name)])),
    ...eachOf(patterns).flatMap(([pointer, name]) => (isNamed(name) ? [] : [unknown(pointer, name)])),
  ];
}

function unknownProviders({ boundaries }: StackPolicy, { catalogue, upstreams }: KnownRoutes): FoundWarning[] {
  const configured = upstreams.map(({ provider }) => provider);
  const listed = [...configured, ...catalogue.models.flatMap(({ upstreamNames }) => Object.keys(upstreamNames))];
  const lists: [string, readonly string[]][] = [
    ["/boundaries/allowedProviders", boundaries.allowedProviders],
    ["/boundaries/blockedProviders", boundaries.blockedProviders],
  ];
  return eachOf(lists).flatMap(([pointer, name]) => {
    if (configured.some((provider) => matchesAny(provider, [name]))) return [];
    const message = listed.some((provider) => matchesAny(provider, [name]))
      ? `The provider \`${name}\` is not configured on this server.`
      : `No provider is called \`${name}\`.`;
    return [{ pointer, message, unknown: { name, among: [...new Set(configured)] } }];
  });
}

function unknownRegions({ boundaries }: StackPolicy, { upstreams }: KnownRoutes): FoundWarning[] {
  const regions = [...new Set(upstreams.flatMap(({ region }) => (region === undefined ? [] : [region])))];
  return eachOf([["/boundaries/regions", boundaries.regions]]).flatMap(([pointer, name]) =>
    regions.includes(name)
      ? []
      : [{ pointer, message: `No configured provider runs in \`${name}\`.`, unknown: { name, among: regions } }],
  );
}

/** Every item of some lists, with the pointer to it. */
function eachOf(fields: readonly (readonly [pointer: string, names: readonly string[]])[]): [string, string][] {
  return fields.flatMap(([pointer, names]) =>
    names.map((name, index): [string, string] => [`${pointer}/${index}`, name]),
  );
}

type Ineffective = {
  readonly pointer: string;
  readonly message: string;
  readonly holds: (policy: StackPolicy) => boolean;
};

const ineffective: readonly Ineffective[] = [
  {
    pointer: "/objective/priority",
    message: "Not used: `primary` is not `fixed_priority`.",
    holds: ({ objective }) => objective.priority.length > 0 && objective.primary !== "fixed_priority",
  },
  {
    pointer: "/objective/rules",
    message: "Not used: `primary` is not `custom_rules`.",
    holds: ({ objective }) => objective.rules.length > 0 && objective.primary !== "custom_rules",
  },
  {
    pointer: "/fallback/triggers",
    message: "Without a trigger nothing moves on to another model: `enabled` has no effect.",
    holds: ({ fallback }) => fallback.enabled && fallback.triggers.length === 0,
  },
  {
    pointer: "/verification/holdStream",
    message: "Streams are held back for checks, and `mode` is `off`.",
    holds: ({ verification }) => verification.holdStream && verification.mode === "off",
  },
  {
    pointer: "/memory/storePrompts",
    message: "Nothing is stored while `boundaries.retentionPolicy` is `none`.",
    holds: ({ memory, boundaries }) => memory.storePrompts && boundaries.retentionPolicy === "none",
  },
  {
    pointer: "/memory/storeOutputs",
    message: "Nothing is stored while `boundaries.retentionPolicy` is `none`.",
    holds: ({ memory, boundaries }) => memory.storeOutputs && boundaries.retentionPolicy === "none",
  },
  {
    pointer: "/memory/storePrompts",
    message: "The request is kept with the trace, and `observability.traces` is off.",
    holds: ({ memory, observability }) => memory.storePrompts && !observability.traces,
  },
];

function withoutEffect(policy: StackPolicy): FoundWarning[] {
  return ineffective.filter(({ holds }) => holds(policy)).map(({ pointer, message }) => ({ pointer, message }));
}

const always: HealthSnapshot = () => ({ successRate: undefined, firstByteMs: undefined, available: true });

/** A short question without tools, images or a schema: what nearly every policy lets through. */
const plainQuestion: RequestFeatures = {
  lastUserText: "",
  contextText: "",
  textBytes: 400,
  textTokenBound: 400,
  messageCount: 1,
  attachments: [],
  toolNames: [],
  toolsUsable: true,
  parallelToolCalls: false,
  format: "text",
  reasoningRequested: false,
  insideToolExchange: false,
  embeddingInputs: 0,
};

/** Warns where a plain question finds no model: under the whole policy, or under one of its rules. */
function nothingLeft(policy: StackPolicy, known: KnownRoutes): FoundWarning[] {
  const plan = planPlainQuestion(policy, known);
  const whole = plan && plan.candidates.length === 0 ? [blockedWarning(plan)] : [];
  if (policy.objective.primary !== "custom_rules") return whole;
  const rules = policy.objective.rules.flatMap((rule, index) => {
    const tried = { ...policy.objective, primary: "fixed_priority" as const, priority: rule.use };
    const byRule = planPlainQuestion({ ...policy, objective: tried }, known);
    if (!byRule || byRule.candidates.length > 0) return [];
    const message = `Every model of this rule is excluded (${mostFrequent(byRule)}): what the rule fits is refused with 409.`;
    return [{ pointer: `/objective/rules/${index}/use`, message }];
  });
  return [...whole, ...rules];
}

function planPlainQuestion(policy: StackPolicy, { catalogue, upstreams }: KnownRoutes): Plan | undefined {
  const requested = resolveRequestedModel(`astrolabe/${lanes[0]}`, catalogue);
  if (!requested) return undefined;
  return planRoute({
    requested,
    features: plainQuestion,
    maxOutputTokens: undefined,
    policy,
    requestMax: parseUsd(policy.budget.perRequestMaxUsd ?? ""),
    catalogue,
    upstreams,
    health: always,
    keyAllowedModels: [],
    untrustedContent: policy.safety.untrustedContent === "always",
  });
}

function blockedWarning(plan: Plan): FoundWarning {
  const why = mostFrequent(plan);
  const pointer = pointersOf[why.split(":")[0] ?? ""] ?? "";
  const code = why === "over_budget" ? "402 `budget_exceeded`" : "409 `routing_policy_blocked`";
  return {
    pointer,
    message: `No model is left: even a short question would be refused with ${code}. Most are excluded by ${why}.`,
  };
}

/** The field behind a reason. */
const pointersOf: { readonly [reason: string]: string } = {
  provider_not_allowed: "/boundaries/allowedProviders",
  provider_blocked: "/boundaries/blockedProviders",
  model_not_allowed: "/boundaries/allowedModels",
  model_blocked: "/boundaries/blockedModels",
  missing_capability: "/boundaries/requiredCapabilities",
  data_policy: "/boundaries/dataPolicy",
  retention_policy: "/boundaries/retentionPolicy",
  region: "/boundaries/regions",
  over_max_cost: "/objective/maxExpectedCostUsd",
  over_budget: "/budget/perRequestMaxUsd",
  preview_not_allowed: "/boundaries/allowPreview",
};

/** Models that nobody serves were no choice to begin with, unless there is nothing else. */
function mostFrequent({ rejected }: Plan): RejectionReason {
  const counts = new Map<RejectionReason, number>();
  const served = rejected.filter(({ reasons }) => !reasons.includes("no_credentials"));
  for (const { reasons } of served.length > 0 ? served : rejected) {
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const [first] = [...counts].sort((left, right) => right[1] - left[1]);
  return first?.[0] ?? "no_credentials";
}
