// The sentence of every field of a policy: what it does, in plain words, for the value that it has.

import type { StackPolicy } from "../contracts/policy.ts";
import type { PolicyGroup } from "./explain-policy.ts";

export type Say<Value> = (value: Value, policy: StackPolicy) => string;
type Sayings = {
  readonly [Group in PolicyGroup]: { readonly [Field in keyof StackPolicy[Group]]-?: Say<StackPolicy[Group][Field]> };
};

export const boundaries: Sayings["boundaries"] = {
  allowedProviders: (ids) => (ids.length === 0 ? "Any provider may be called." : `Only ${all(ids)} may be called.`),
  blockedProviders: (ids) =>
    ids.length === 0 ? "No provider is blocked." : `${all(ids)} ${areOrIs(ids)} never called.`,
  allowedModels: (ids) => (ids.length === 0 ? "Any model may answer." : `Only ${all(ids)} may answer.`),
  blockedModels: (ids) =>
    ids.length === 0 ? "No model is blocked." : `${all(ids)} never ${ids.length === 1 ? "answers" : "answer"}.`,
  requiredCapabilities: (names) =>
    names.length === 0
      ? "A model needs no more than what the request itself asks for."
      : `Every model must support ${all(names.map(spaced))}, whatever the request asks for.`,
  dataPolicy: (policy) =>
    ({
      any: "Providers may treat the data by their own terms.",
      no_training: "Only routes that promise not to train on the data are used.",
      zero_retention: "Only routes that promise to keep nothing are used.",
    })[policy],
  retentionPolicy: (policy) =>
    policy === "none"
      ? "Nothing of prompts and answers is stored here, and upstreams that keep answers are left out."
      : "This server may store what the fields under memory allow.",
  regions: (regions) =>
    regions.length === 0 ? "Routes may run in any region." : `Routes must run in ${all(regions, "or")}.`,
  fallbackMustStayInPolicy: (stays) =>
    stays
      ? "A model that steps in after a failure must keep to these boundaries too."
      : "After a failure a model outside the allowed models and providers may step in; every other boundary holds.",
  fileUrlAllowlist: (origins) => urls("File", origins),
  imageUrlAllowlist: (origins) => urls("Image", origins),
  maxUrlParts: (count) => `A request may name at most ${counted(count, "URL")}.`,
  allowPreview: (allowed) =>
    allowed ? "Preview models may be chosen." : "Preview models are chosen only when a request names one.",
};

export const objective: Sayings["objective"] = {
  primary: (primary) =>
    ({
      lowest_cost_passable: "Among the models that are good enough, the least expensive is preferred.",
      fastest_passable: "Among the models that are good enough, the fastest is preferred.",
      highest_quality_within_budget: "The best model that the limits allow is preferred.",
      fixed_priority: "Models are tried in the order in which this stack names them.",
      custom_rules:
        "The first rule that fits a request names its models; without one, the least expensive good enough is preferred.",
    })[primary],
  priority: (ids, { objective: { primary } }) =>
    ids.length === 0
      ? "No order of models is given."
      : primary === "fixed_priority"
        ? `The order is ${ids.join(", then ")}.`
        : `An order of ${counted(ids.length, "model")} is written down, and not used by this objective.`,
  rules: (rules, { objective: { primary } }) =>
    rules.length === 0
      ? "There are no rules."
      : primary === "custom_rules"
        ? rules
            .map((rule, index) => `Rule ${index + 1}: ${conditionsOf(rule.when)}, use ${rule.use.join(", then ")}.`)
            .join(" ")
        : `${counted(rules.length, "rule")} ${rules.length === 1 ? "is" : "are"} written down, and not used by this objective.`,
  autoLane: (lane) =>
    lane === undefined || lane === "auto"
      ? "The lane of `astrolabe/auto` is chosen from the request."
      : `\`astrolabe/auto\` takes the lane ${lane}, unless the text is high-stakes.`,
  qualityTarget: (target) =>
    ({
      draft: "Draft quality is good enough.",
      standard: "A model must be expected to do solid everyday work.",
      high: "A model must be expected to do work that can be shown to customers.",
      critical: "A model must be among the strongest for the work.",
    })[target],
  costMode: (mode) =>
    ({
      lowest_passable: "Cost alone decides between models that are good enough.",
      balanced: "Cost, quality and speed are weighed against each other as the objective says.",
      fastest_passable: "Speed alone decides between models that are good enough.",
      premium: "Quality alone decides.",
      fixed: "The order in which the models are named decides, and the quality target does not exclude any.",
    })[mode],
  latencySloMs: (ms) =>
    ms === undefined
      ? "There is no target for the time to the first words."
      : `The first words should come within ${duration(ms)}; where no model is as fast, the fastest goes first.`,
  reliabilityTarget: (share) =>
    share === undefined
      ? "There is no target for reliability."
      : `A route should have succeeded in ${percentage(share)} of the last hour's calls.`,
  maxExpectedCostUsd: (usd) =>
    usd === undefined
      ? "There is no ceiling on what a request is expected to cost."
      : `A model that is expected to cost more than ${usd} USD for a request is left out.`,
  sessionPins: (on) =>
    on
      ? "A conversation stays with the model that answered it, unless leaving is worth more than its warm prompt cache."
      : "Each turn of a conversation is routed by itself.",
};

export const fallback: Sayings["fallback"] = {
  enabled: (enabled) =>
    enabled ? "When a model fails, the next one is tried." : "When the first model fails, the request fails.",
  maxAttempts: (attempts, { fallback: { enabled } }) =>
    enabled
      ? `At most ${counted(attempts, "call")} ${attempts === 1 ? "is" : "are"} made for one request.`
      : "One call is made for a request.",
  mode: (mode) =>
    ({
      next_candidate: "What follows is the next in the order, whichever it is.",
      same_model: "What follows is the same model elsewhere, before any other.",
      same_tier: "What follows is a model of the same class, before any other.",
      escalate_only: "What follows is the same model elsewhere or a stronger one, never a weaker.",
    })[mode],
  triggers: (triggers) =>
    triggers.length === 0
      ? "Nothing moves a request on."
      : `A request moves on after ${all(
          triggers.map((trigger) => triggerWords[trigger]),
          "or",
        )}.`,
  neverEscalateCategories: (categories) =>
    categories.length === 0
      ? "An answer that fails its checks moves on, whatever the work is."
      : `For ${all(categories.map(spaced))} an answer that fails its checks is delivered rather than asked for again.`,
};

const triggerWords: { readonly [trigger in StackPolicy["fallback"]["triggers"][number]]: string } = {
  provider_error: "an error of the provider",
  timeout: "a timeout",
  rate_limited: "a rate limit",
  schema_failure: "an answer that breaks its schema",
  low_confidence: "an answer of low confidence",
  empty_output: "an empty answer",
  refusal: "a refusal of the model",
};

const modeWords = {
  off: "Answers are not checked.",
  auto: "Answers are checked for substance and structure, and signs of trouble lower the confidence in them.",
  light: "Answers are checked for being there, and for being JSON where that was asked for.",
  strict: "Answers are checked for substance, structure, refusals and cuts; a finding fails them.",
  strong: "Answers go through every check there is, and need more confidence than usual.",
} as const;

export const verification: Sayings["verification"] = {
  mode: (mode) => modeWords[mode],
  schemaRequests: (mode) =>
    mode === undefined
      ? "Requests with a schema are checked like all others."
      : `For requests with a schema: ${lower(modeWords[mode])}`,
  highStakes: (mode) =>
    mode === undefined
      ? "High-stakes requests are checked like all others."
      : `For high-stakes requests: ${lower(modeWords[mode])}`,
  minConfidence: (least) => `An answer needs a confidence of ${least} out of 5.`,
  holdStream: (hold) =>
    hold
      ? "A streamed answer is held back until it is checked."
      : "A streamed answer is passed on as it comes, without checks after it.",
  maxEscalations: (most) =>
    most === 0
      ? "A failed check never moves a request on."
      : `A failed check moves a request on at most ${times(most)}.`,
};

export const safety: Sayings["safety"] = {
  highStakes: (mode) =>
    ({
      off: "High-stakes requests get no special treatment.",
      prompt: "High-stakes requests get a caution in front of their instructions.",
      strict: "High-stakes requests are refused with 409 until a person has confirmed them.",
    })[mode],
  toolProfile: (profile) =>
    ({
      default: "An answer may call tools; what a tool can do decides whether it must be confirmed.",
      read_only: "An answer may call tools that only read.",
      blocked: "An answer may not call tools.",
    })[profile],
  toolCapabilities: (tools) => {
    const names = Object.keys(tools);
    return names.length === 0
      ? "What a tool can do is judged by its name."
      : names.map((name) => `The tool ${name} can ${all((tools[name] ?? []).map(spaced)) || "do nothing"}.`).join(" ");
  },
  untrustedContent: (mode) =>
    mode === "always"
      ? "All input counts as text from strangers."
      : "Input counts as text from strangers when the request says so.",
};

export const budget: Sayings["budget"] = {
  monthlyUsd: (usd) => limit(usd, "in a month"),
  dailyUsd: (usd) => limit(usd, "in a day"),
  perRequestMaxUsd: (usd) =>
    usd === undefined
      ? "There is no limit on what one request may cost."
      : `One request may cost at most ${usd} USD, in the worst case.`,
  warnPercent: (percent, policy) =>
    hasPeriod(policy) ? `A warning is sent at ${percent}% of a limit.` : "There is nothing to warn about.",
  hardStopPercent: (percent, policy) =>
    hasPeriod(policy) ? `Requests are refused from ${percent}% of a limit on.` : "No limit refuses requests.",
};

export const memory: Sayings["memory"] = {
  outcomeLearning: (on) =>
    on ? "Outcomes may be learned from, once routing does." : "Outcomes are not to be learned from.",
  feedbackLearning: (on) =>
    on ? "Feedback may be learned from, once routing does." : "Feedback is not to be learned from.",
  storePrompts: (on, { boundaries: { retentionPolicy } }) =>
    on && retentionPolicy !== "none"
      ? "The request is kept with its trace."
      : "The request is not kept with its trace.",
  storeOutputs: (on, { boundaries: { retentionPolicy } }) =>
    on && retentionPolicy !== "none" ? "The answer is kept with its trace." : "The answer is not kept with its trace.",
  storeResponses: (on, { boundaries: { retentionPolicy, dataPolicy }, memory: { fingerprintOnly } }) =>
    on && !fingerprintOnly && retentionPolicy !== "none" && dataPolicy !== "zero_retention"
      ? "A response is kept when its request asks for it."
      : "No response is kept, even if its request asks for it.",
  fingerprintOnly: (on) =>
    on ? "Of the text a keyed hash is kept, nothing else." : "No fingerprint of the text is kept.",
  retentionDays: (days) => `A trace or a response is kept for ${counted(days, "day")}.`,
};

export const observability: Sayings["observability"] = {
  responseHeaders: (on) =>
    on ? "Answers carry all routing headers." : "Answers carry the ten guaranteed headers alone.",
  inlineMetadata: (on) =>
    on ? "The body of an answer says how it was routed." : "The body of an answer says nothing of routing.",
  traces: (on) => (on ? "Every request leaves a trace." : "Requests leave billing records and no trace."),
};

function conditionsOf(when: StackPolicy["objective"]["rules"][number]["when"]): string {
  const { category, actionClass, complexity, modifiers, minInputTokens, maxInputTokens } = when;
  const conditions = [
    category && `the category is ${all(category.map(spaced), "or")}`,
    actionClass && `the action is ${all(actionClass.map(spaced), "or")}`,
    complexity && `the complexity is ${all(complexity, "or")}`,
    modifiers && modifiers.length > 0 && `${all(modifiers.map(spaced))} ${modifiers.length === 1 ? "holds" : "hold"}`,
    minInputTokens !== undefined && `the input has at least ${counted(minInputTokens, "token")}`,
    maxInputTokens !== undefined && `the input has at most ${counted(maxInputTokens, "token")}`,
  ].filter((condition) => typeof condition === "string");
  return conditions.length === 0 ? "for every request" : `if ${conditions.join(" and ")}`;
}

function urls(kind: string, origins: readonly string[]): string {
  return origins.length === 0
    ? `${kind} URLs may point to any public address.`
    : `${kind} URLs may point to ${all(origins, "or")} only.`;
}

function limit(usd: string | undefined, period: string): string {
  return usd === undefined
    ? `There is no limit on what requests cost ${period}.`
    : `Requests may cost at most ${usd} USD ${period}, all together.`;
}

function hasPeriod({ budget: { dailyUsd, monthlyUsd } }: StackPolicy): boolean {
  return dailyUsd !== undefined || monthlyUsd !== undefined;
}

/** `a`, `a and b`, `a, b and c`. */
function all(words: readonly string[], joint = "and"): string {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} ${joint} ${words.at(-1)}`;
}

function areOrIs(words: readonly string[]): string {
  return words.length === 1 ? "is" : "are";
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function spaced(word: string): string {
  return word.replaceAll("_", " ");
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString("en-US")} ${what}${count === 1 ? "" : "s"}`;
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

function duration(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
}

function percentage(share: number): string {
  return `${Math.round(share * 10_000) / 100}%`;
}
