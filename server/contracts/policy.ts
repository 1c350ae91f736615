// A stack's policy: the one versioned schema of everything a stack can say. Types, editor help and
// docs/reference/stack-policy.md derive from it. Money is decimal USD text; lists that are empty restrict nothing.

import { z } from "zod";
import { budgetSchema, usdText } from "./budget.ts";

export const qualityTargets = ["draft", "standard", "high", "critical"] as const;
export const costModes = ["lowest_passable", "balanced", "fastest_passable", "premium", "fixed"] as const;
export const verificationModes = ["off", "auto", "light", "strict", "strong"] as const;
export const primaryObjectives = [
  "lowest_cost_passable",
  "fastest_passable",
  "highest_quality_within_budget",
  "fixed_priority",
  "custom_rules",
] as const;
export const fallbackModes = ["next_candidate", "same_model", "same_tier", "escalate_only"] as const;
const fallbackTriggers = [
  "provider_error",
  "timeout",
  "rate_limited",
  "schema_failure",
  "low_confidence",
  "empty_output",
  "refusal",
] as const;
export const capabilities = [
  "tools",
  "parallel_tools",
  "structured_outputs",
  "vision",
  "files",
  "audio",
  "reasoning",
  "long_context",
  "embeddings",
  "prompt_cache",
] as const;
export const categories = [
  "heartbeat",
  "core_loop",
  "retrieval",
  "summarization",
  "planning",
  "orchestration",
  "coding",
  "research",
  "creative",
  "communication",
  "high_stakes",
  "reflection",
] as const;
export const complexities = ["simple", "standard", "complex", "critical"] as const;
export const actionClasses = [
  "high_stakes",
  "vision_analysis",
  "strict_json",
  "subagent_coordination",
  "research_synthesis",
  "browser_research",
  "exec_loop",
  "code_edit",
  "message_drafting",
  "active_session",
  "casual_chat",
] as const;
export const modifiers = [
  "multimodal",
  "tool_present",
  "needs_strict_schema",
  "exec_loop",
  "browser_research",
  "code_edit",
  "subagent_coordination",
  "long_context",
  "cacheable",
  "approval_required",
  "price_sensitive",
  "untrusted_content",
  "high_stakes",
] as const;
export const lanes = ["auto", "coding", "research", "vision", "strict-json", "cheap", "safe"] as const;
export const toolCapabilities = [
  "read_local",
  "read_remote",
  "workspace_write",
  "remote_write",
  "external_comms",
  "credential_access",
  "financial_or_destructive",
  "code_exec",
] as const;

export type QualityTarget = (typeof qualityTargets)[number];
export type CostMode = (typeof costModes)[number];
export type VerificationMode = (typeof verificationModes)[number];
export type FallbackTrigger = (typeof fallbackTriggers)[number];
export type Capability = (typeof capabilities)[number];
export type Category = (typeof categories)[number];
export type Complexity = (typeof complexities)[number];
export type ActionClass = (typeof actionClasses)[number];
export type Modifier = (typeof modifiers)[number];
export type Lane = (typeof lanes)[number];
export type ToolCapability = (typeof toolCapabilities)[number];

const patterns = (what: string) =>
  z
    .array(
      z
        .string()
        .min(1)
        .max(200)
        .regex(/^[^*\s]*\*?$/, `${what}: no spaces, and \`*\` only at the end`),
    )
    .max(200)
    .default([]);
const origins = (description: string) => z.array(z.string().min(1).max(300)).max(100).default([]).describe(description);

const boundaries = z
  .strictObject({
    allowedProviders: patterns("a provider id").describe("Only these providers may be called; empty allows all."),
    blockedProviders: patterns("a provider id").describe("These providers are never called."),
    allowedModels: patterns("a model id").describe("Only these models may answer; empty allows all."),
    blockedModels: patterns("a model id").describe("These models never answer."),
    requiredCapabilities: z.array(z.enum(capabilities)).default([]).describe("Every candidate must have all of these."),
    dataPolicy: z
      .enum(["any", "no_training", "zero_retention"])
      .default("any")
      .describe("What a provider may do with the data; only routes that promise at least this stay."),
    retentionPolicy: z
      .enum(["standard", "none"])
      .default("standard")
      .describe(
        "`none`: no prompt or answer is stored, neither with the trace, nor under an `Idempotency-Key`, nor as a response; providers are told not to keep the answer, and upstreams known to keep it are excluded.",
      ),
    regions: z
      .array(z.string().min(1).max(40))
      .max(50)
      .default([])
      .describe("Regions a route may run in; empty allows all."),
    fallbackMustStayInPolicy: z
      .boolean()
      .default(true)
      .describe(
        "Fallback candidates must satisfy the boundaries too. False lets them leave `allowedModels` and `allowedProviders` only.",
      ),
    fileUrlAllowlist: origins("Origins or hosts that file URLs may point to; empty allows public addresses."),
    imageUrlAllowlist: origins("Origins or hosts that image URLs may point to; empty allows public addresses."),
    maxUrlParts: z.number().int().min(1).max(64).default(12).describe("Most URLs in one request, 1 to 64."),
    allowPreview: z.boolean().default(false).describe("Whether preview models may be routed to."),
  })
  .prefault({});

const ruleWhen = z.strictObject({
  category: z.array(z.enum(categories)).optional(),
  actionClass: z.array(z.enum(actionClasses)).optional(),
  complexity: z.array(z.enum(complexities)).optional(),
  modifiers: z.array(z.enum(modifiers)).optional().describe("All of these must be present."),
  minInputTokens: z.number().int().min(0).optional(),
  maxInputTokens: z.number().int().min(0).optional(),
});

const objective = z
  .strictObject({
    primary: z
      .enum(primaryObjectives)
      .default("lowest_cost_passable")
      .describe("What the plan strives for among the models that satisfy the boundaries."),
    priority: z.array(z.string().min(1)).max(50).default([]).describe("Model ids in order, for `fixed_priority`."),
    rules: z
      .array(z.strictObject({ when: ruleWhen, use: z.array(z.string().min(1)).min(1).max(20) }))
      .max(50)
      .default([])
      .describe(
        "For `custom_rules`: the first rule whose conditions all hold names the models; none holding means lowest cost.",
      ),
    autoLane: z
      .enum(lanes)
      .optional()
      .describe("Lane that `astrolabe/auto` takes, high-stakes text aside; absent: chosen from the request."),
    qualityTarget: z
      .enum(qualityTargets)
      .default("standard")
      .describe("How good a model must be expected to be before its cost counts."),
    costMode: z
      .enum(costModes)
      .default("balanced")
      .describe("How cost is weighed against quality and speed among the models that reach the target."),
    latencySloMs: z.number().int().min(1).max(600_000).optional().describe("Time to first byte in milliseconds."),
    reliabilityTarget: z.number().min(0).max(1).optional().describe("Success rate over the last hour, 0 to 1."),
    maxExpectedCostUsd: usdText("A candidate whose expected cost is above this is rejected."),
    sessionPins: z
      .boolean()
      .default(false)
      .describe(
        "Whether a conversation stays with the model that answered it: always within a tool exchange, else unless another serves the objective better than the warm prompt cache does.",
      ),
  })
  .prefault({});

const fallback = z
  .strictObject({
    enabled: z.boolean().default(true).describe("Whether another candidate is tried when one fails."),
    maxAttempts: z
      .number()
      .int()
      .min(1)
      .max(8)
      .default(3)
      .describe("Provider calls for one request, the first included, 1 to 8."),
    mode: z
      .enum(fallbackModes)
      .default("next_candidate")
      .describe(
        "Which candidates may follow: any in order, the same model elsewhere, the same tier, or stronger ones.",
      ),
    triggers: z
      .array(z.enum(fallbackTriggers))
      .default(["provider_error", "timeout", "rate_limited", "schema_failure", "low_confidence", "empty_output"])
      .describe("What moves a request on to the next candidate."),
    neverEscalateCategories: z
      .array(z.enum(categories))
      .default([])
      .describe("For these a failed verification is accepted rather than escalated."),
  })
  .prefault({});

const verification = z
  .strictObject({
    mode: z.enum(verificationModes).default("auto").describe("Which checks an answer must pass."),
    schemaRequests: z
      .enum(verificationModes)
      .optional()
      .describe("Mode for requests with a schema; absent inherits `mode`."),
    highStakes: z.enum(verificationModes).optional().describe("Mode for high-stakes requests; absent inherits `mode`."),
    minConfidence: z.number().int().min(1).max(5).default(3).describe("Lowest confidence score that passes, 1 to 5."),
    holdStream: z.boolean().default(false).describe("Hold a streamed answer back until it is verified."),
    maxEscalations: z
      .number()
      .int()
      .min(0)
      .max(3)
      .default(1)
      .describe("How often a failed verification may move on, 0 to 3."),
  })
  .prefault({});

const safety = z
  .strictObject({
    highStakes: z
      .enum(["off", "prompt", "strict"])
      .default("off")
      .describe(
        "`prompt` adds a caution to the instructions of high-stakes requests, `strict` answers 409 until confirmed.",
      ),
    toolProfile: z
      .enum(["default", "read_only", "blocked"])
      .default("default")
      .describe("Which tool calls an answer may hold: by capability, only reading ones, or none."),
    toolCapabilities: z
      .record(z.string(), z.array(z.enum(toolCapabilities)))
      .default({})
      .describe("What each tool can do; a tool that is not named is judged by its name."),
    untrustedContent: z
      .enum(["declared", "always"])
      .default("declared")
      .describe("Whether input counts as untrusted only when the request declares it, or always."),
  })
  .prefault({});

const budget = budgetSchema.prefault({});

const memory = z
  .strictObject({
    outcomeLearning: z
      .boolean()
      .default(true)
      .describe("Kept with the policy; routing does not learn from outcomes yet."),
    feedbackLearning: z
      .boolean()
      .default(true)
      .describe("Kept with the policy; routing does not learn from feedback yet."),
    storePrompts: z.boolean().default(false).describe("Keep the request body with the trace."),
    storeOutputs: z.boolean().default(false).describe("Keep the answer with the trace."),
    storeResponses: z
      .boolean()
      .default(true)
      .describe(
        "Keep a response whose request says `store: true`, with its input, for its callers to go on from. None is kept with `fingerprintOnly`, `retentionPolicy: none` or `dataPolicy: zero_retention`.",
      ),
    fingerprintOnly: z.boolean().default(false).describe("Keep nothing of the text but a keyed hash."),
    retentionDays: z
      .number()
      .int()
      .min(1)
      .max(3650)
      .default(30)
      .describe("Days that a trace, and a response that is kept, are kept."),
  })
  .prefault({});

const observability = z
  .strictObject({
    responseHeaders: z
      .boolean()
      .default(true)
      .describe("Send the optional routing headers; the ten guaranteed ones always are."),
    inlineMetadata: z.boolean().default(true).describe("Put routing facts into the answer's body."),
    traces: z.boolean().default(true).describe("Keep the route trace; billing records are always kept."),
  })
  .prefault({});

/** The whole policy; an empty object is the default policy. */
export const policySchema = z.strictObject({
  boundaries,
  objective,
  fallback,
  verification,
  safety,
  budget,
  memory,
  observability,
});

export type StackPolicy = z.infer<typeof policySchema>;
/** What a user writes: every field optional. */
export type StackPolicyInput = z.input<typeof policySchema>;
