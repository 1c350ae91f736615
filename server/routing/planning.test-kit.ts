// Builders for routing tests: a whole PlanInput out of the few facts a test is about.

import type { Upstream } from "../catalogue/catalogue.ts";
import { loadCatalogue } from "../catalogue/load-catalogue.ts";
import { policySchema, type StackPolicyInput } from "../contracts/policy.ts";
import { parseUsd } from "../money/picodollars.ts";
import type { RequestFeatures } from "./features.ts";
import type { HealthSnapshot, PlanInput } from "./plan.ts";
import { resolveRequestedModel } from "./requested-model.ts";

export const catalogue = loadCatalogue();

export const unmeasured: HealthSnapshot = () => ({ successRate: undefined, firstByteMs: undefined, available: true });

export function upstream(provider: string, facts: Partial<Upstream> = {}): Upstream {
  return {
    provider,
    dataPolicy: "any",
    dataPolicyPerRequest: provider === "openrouter",
    region: undefined,
    upstreamModel: (model) => (provider === "sandbox" ? model.id : model.upstreamNames[provider]),
    ...facts,
  };
}

export function features(text: string, facts: Partial<RequestFeatures> = {}): RequestFeatures {
  const textBytes = facts.textBytes ?? new TextEncoder().encode(text).length + 80;
  return {
    lastUserText: text,
    contextText: "",
    textBytes,
    textTokenBound: textBytes,
    messageCount: 1,
    attachments: [],
    toolNames: [],
    toolsUsable: true,
    parallelToolCalls: false,
    format: "text",
    reasoningRequested: false,
    insideToolExchange: false,
    embeddingInputs: 0,
    ...facts,
  };
}

export type PlanFacts = Partial<Omit<PlanInput, "requested" | "policy" | "features">> & {
  readonly model?: string;
  readonly text?: string;
  readonly features?: Partial<RequestFeatures>;
  readonly policy?: StackPolicyInput;
};

export function planInput({ model = "astrolabe/auto", text = "", policy = {}, ...facts }: PlanFacts): PlanInput {
  const requested = resolveRequestedModel(model, catalogue);
  if (!requested) throw new Error(`the test asks for the unknown model ${model}`);
  const parsed = policySchema.parse(policy);
  return {
    catalogue,
    upstreams: [upstream("openrouter")],
    health: unmeasured,
    maxOutputTokens: undefined,
    keyAllowedModels: [],
    untrustedContent: false,
    requestMax: parseUsd(parsed.budget.perRequestMaxUsd ?? ""),
    ...facts,
    requested,
    policy: parsed,
    features: features(text, facts.features),
  };
}
