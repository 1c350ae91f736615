// The nine managed stacks: policies that come with the server, used as they are or cloned. Changing one means raising
// its version, because traces name the version they were decided under.

import { asId, type StackId } from "../contracts/ids.ts";
import { policySchema, type StackPolicy, type StackPolicyInput } from "../contracts/policy.ts";

export type ManagedStack = {
  /** `stk_managed_<slug>`. */
  readonly id: StackId;
  readonly slug: string;
  readonly name: string;
  /** For people: what it is for and what it does, in plain words. */
  readonly description: string;
  /** Starts at 1. */
  readonly version: number;
  /** Deep-frozen, every default filled in. */
  readonly policy: StackPolicy;
};

/** What requests get when neither request, key nor workspace names a stack. */
export const defaultStackSlug = "default-optimizer";

/** Whether a stack is what keys without one of their own get; `assigned` is the workspace's, if it has one. */
export function isOfWorkspace(
  assigned: StackId | undefined,
  { id, slug }: { readonly id: StackId; readonly slug: string },
): boolean {
  return assigned === undefined ? slug === defaultStackSlug : assigned === id;
}

type ManagedRow = Omit<ManagedStack, "id" | "policy"> & { readonly policy: StackPolicyInput };

const lowRisk = ["heartbeat", "retrieval", "summarization", "creative", "communication"] as const;

const rows: readonly ManagedRow[] = [
  {
    slug: defaultStackSlug,
    name: "Default optimizer",
    description:
      "For everything, unless told otherwise: the least expensive model that is good enough for the request.",
    version: 1,
    policy: {
      objective: { primary: "lowest_cost_passable", qualityTarget: "standard", costMode: "balanced" },
      verification: { mode: "auto" },
    },
  },
  {
    slug: "low-cost",
    name: "Low cost",
    description: "For bulk work, drafts and back-office jobs: the lowest price, at most 5 cents a request.",
    version: 1,
    policy: {
      objective: { primary: "lowest_cost_passable", qualityTarget: "draft", costMode: "lowest_passable" },
      fallback: { neverEscalateCategories: [...lowRisk] },
      verification: { mode: "light" },
      budget: { perRequestMaxUsd: "0.05" },
    },
  },
  {
    slug: "high-quality",
    name: "High quality",
    description: "For executive and customer-facing work: the best model first, its answer strictly checked.",
    version: 1,
    policy: {
      objective: { primary: "highest_quality_within_budget", qualityTarget: "high", costMode: "premium" },
      fallback: { maxAttempts: 4 },
      verification: { mode: "strict" },
    },
  },
  {
    slug: "fast",
    name: "Fast",
    description:
      "For interactive turns: the quickest good-enough model, first words within 1.5 seconds, no checks after.",
    version: 1,
    policy: {
      objective: {
        primary: "fastest_passable",
        qualityTarget: "standard",
        costMode: "fastest_passable",
        latencySloMs: 1_500,
      },
      verification: { mode: "off" },
    },
  },
  {
    slug: "strict-json",
    name: "Strict JSON",
    description:
      "For tool arguments, extraction and schemas: models with structured outputs only, repaired by a model of the same class before a stronger one.",
    version: 1,
    policy: {
      boundaries: { requiredCapabilities: ["structured_outputs"] },
      objective: {
        primary: "lowest_cost_passable",
        qualityTarget: "high",
        costMode: "balanced",
        autoLane: "strict-json",
      },
      fallback: {
        mode: "same_tier",
        triggers: ["schema_failure", "provider_error", "timeout", "rate_limited", "empty_output"],
      },
      verification: { mode: "auto", schemaRequests: "strict" },
    },
  },
  {
    slug: "customer-data",
    name: "Customer data",
    description:
      "For personal data: providers that keep nothing, nothing raw stored here, no way out of the boundaries.",
    version: 1,
    policy: {
      boundaries: { dataPolicy: "zero_retention", retentionPolicy: "none", fallbackMustStayInPolicy: true },
      verification: { mode: "auto" },
      memory: { fingerprintOnly: true, storePrompts: false, storeOutputs: false },
    },
  },
  {
    slug: "high-stakes",
    name: "High stakes",
    description:
      "For money, law, health and deletion: only the models of the safe lane, confirmed by a person first and strongly verified after.",
    version: 1,
    policy: {
      boundaries: {
        allowedModels: [
          "anthropic/claude-sonnet-4.6",
          "anthropic/claude-opus-4.7",
          "openai/gpt-5.5",
          "openai/gpt-5.4",
          "minimax/minimax-m2.7",
        ],
        fallbackMustStayInPolicy: true,
      },
      objective: {
        primary: "highest_quality_within_budget",
        qualityTarget: "critical",
        costMode: "premium",
        autoLane: "safe",
      },
      fallback: { maxAttempts: 2 },
      verification: { mode: "strong" },
      safety: { highStakes: "strict" },
    },
  },
  {
    slug: "code-agent",
    name: "Code agent",
    description:
      "For editors and coding agents: the coding lane with tools, conversations that keep their model, broken tool arguments repaired, another route to the same model before another model.",
    version: 1,
    policy: {
      boundaries: { requiredCapabilities: ["tools"] },
      objective: {
        primary: "lowest_cost_passable",
        qualityTarget: "standard",
        costMode: "balanced",
        autoLane: "coding",
        sessionPins: true,
      },
      fallback: {
        mode: "same_model",
        triggers: ["schema_failure", "provider_error", "timeout", "rate_limited", "empty_output"],
      },
      verification: { mode: "auto", schemaRequests: "auto" },
    },
  },
  {
    slug: "research",
    name: "Research",
    description: "For long synthesis with sources: long-context models, up to a minute before the first words.",
    version: 1,
    policy: {
      boundaries: { requiredCapabilities: ["long_context"] },
      objective: {
        primary: "lowest_cost_passable",
        qualityTarget: "high",
        costMode: "balanced",
        latencySloMs: 60_000,
        autoLane: "research",
      },
      verification: { mode: "light" },
    },
  },
];

/** All nine, the default first. */
export const managedStacks: readonly ManagedStack[] = Object.freeze(
  rows.map((row) =>
    Object.freeze({
      ...row,
      id: asId<StackId>(`stk_managed_${row.slug}`),
      policy: deepFreeze(policySchema.parse(row.policy)),
    }),
  ),
);

const bySlug: ReadonlyMap<string, ManagedStack> = new Map(managedStacks.map((stack) => [stack.slug, stack]));

/** The managed stack with that slug; undefined when there is none. */
export function managedStack(slug: string): ManagedStack | undefined {
  return bySlug.get(slug);
}

function deepFreeze<Value extends object>(value: Value): Value {
  for (const part of Object.values(value)) if (typeof part === "object" && part !== null) deepFreeze(part);
  return Object.freeze(value);
}
