// Dry runs as the control API takes and shows them: what would become of a request, step by step.

import { z } from "zod";
import { usdSchema } from "./control.ts";
import { lanes } from "./policy.ts";

/** The protocols in which a request can be tried out. */
export const dryRunProtocols = ["responses", "chat-completions", "messages", "embeddings"] as const;

const requestBody = z
  .union([z.string().max(1_000_000), z.record(z.string(), z.unknown())])
  .describe("The body: as an object, or as text exactly as it would be sent, so that its size counts too.");

export const triedStack = {
  stack: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("Slug or id of the stack to try; absent: the one that the request would get."),
  version: z
    .union([z.number().int().min(1), z.literal("draft"), z.literal("active")])
    .default("active")
    .describe("Which of its versions, with `stack`."),
  policy: z
    .unknown()
    .optional()
    .describe("A policy that is not saved; it takes the place of the stack's, which still names the budget."),
};

export const dryRunSchema = z
  .strictObject({
    request: requestBody,
    protocol: z.enum(dryRunProtocols),
    ...triedStack,
    overrides: z
      .record(z.string(), z.unknown())
      .optional()
      .describe("Fields of `metadata.astrolabe`, added to those of the body."),
    key: z.string().max(100).optional().describe("Id of the key to try it as; absent: one that allows everything."),
    mode: z.enum(["live", "test"]).default("live").describe("Without `key`: as a live or as a test key."),
    confirmed: z.boolean().default(false).describe("Whether `x-astrolabe-confirmed: confirm` would come with it."),
  })
  .meta({ id: "DryRunRequest" });

export const refusalSchema = z
  .strictObject({
    code: z.string(),
    status: z.number().int(),
    message: z.string(),
    hint: z.string().describe("What the caller can do about it."),
    param: z.string().nullable(),
    details: z.looseObject({}).nullable(),
  })
  .meta({ id: "Refusal" });

const candidateSchema = z
  .strictObject({
    model: z.string(),
    name: z.string().describe("The model's name, for people."),
    provider: z.string(),
    upstream_model: z.string(),
    expected_cost_usd: usdSchema,
    worst_cost_usd: usdSchema.describe("If input and output reach their limits."),
    expected_first_byte_ms: z.number(),
    expected_total_ms: z.number().describe("Until the whole answer is there."),
    quality: z.number().describe("The model's ability for this kind of request, 0 to 100."),
    expected_input_tokens: z.number().int(),
    output_token_limit: z.number().int(),
    reasons: z.array(z.string()).describe("Why it stands where it stands."),
  })
  .meta({ id: "DryRunCandidate" });

const planSchema = z.strictObject({
  decision: z.string(),
  reason: z.string().describe("One sentence for people."),
  lane: z.enum([...lanes, "pinned"]),
  quality_target: z.string(),
  quality_needed: z.number().nullable().describe("The quality that the target asks for; null where none is asked for."),
  cost_mode: z.string(),
  fallback_mode: z.string().describe("`off` when no other candidate may be tried."),
  candidates: z.array(candidateSchema).describe("In the order they would be tried."),
  spare: z.array(candidateSchema).describe("Accepted too, and beyond the number of attempts."),
  rejected: z.array(
    z.strictObject({
      model: z.string(),
      provider: z.string().nullable(),
      reasons: z.array(z.strictObject({ code: z.string(), words: z.string() })),
    }),
  ),
  baseline: z
    .strictObject({ model: z.string(), expected_cost_usd: usdSchema })
    .nullable()
    .describe("The strongest allowed model: what the plan is compared with."),
  estimated_savings_usd: usdSchema.nullable().describe("Against the baseline; may be negative."),
});

const classificationSchema = z.strictObject({
  category: z.string(),
  complexity: z.string(),
  action_class: z.string(),
  modifiers: z.array(z.string()),
  confidence: z.number().int().describe("1 (a guess) to 5 (certain)."),
  signals: z.array(z.string()).describe("The words and facts that decided."),
  expected_output_tokens: z.number().int(),
});

const verificationSchema = z.strictObject({
  mode: z.string(),
  confidence_needed: z.number().int().describe("1 to 5."),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      description: z.string(),
      effect: z.enum(["fails", "lowers"]).describe("What a finding does: fail the answer, or lower the confidence."),
    }),
  ),
  stream: z
    .enum(["not_streamed", "held", "not_verified"])
    .describe("`held`: passed on only once it is checked. `not_verified`: passed on as it comes, unchecked."),
});

export const dryRunResultSchema = z
  .strictObject({
    object: z.literal("dry_run"),
    outcome: z.enum(["accepted", "refused"]).describe("`accepted`: the first candidate would be asked."),
    refusal: refusalSchema.nullable(),
    requested_model: z.string().nullable(),
    stream: z.boolean(),
    warnings: z.array(z.string()),
    overrides: z.looseObject({}).describe("Those that would apply."),
    stack: z
      .strictObject({
        id: z.string(),
        slug: z.string(),
        version: z.number().int().nullable().describe("Null for a draft or a policy that is not saved."),
        source: z.enum(["tried", "request", "key", "workspace", "default"]).describe("Who named it."),
      })
      .nullable(),
    classification: classificationSchema.nullable(),
    plan: planSchema.nullable(),
    verification: verificationSchema.nullable(),
    hold: z
      .strictObject({
        amount_usd: usdSchema.describe("What it will probably cost, shown as held."),
        ceiling_usd: usdSchema.describe("The most it may come to cost, reserved."),
        output_token_limit: z.number().int(),
        covered_output_tokens: z.number().int().describe("Less than the limit when the hold is to grow with a stream."),
      })
      .nullable()
      .describe("Null for test keys, and when it would be refused."),
    credits: z.strictObject({ available_usd: usdSchema, minimum_usd: usdSchema }),
    budgets: z.array(
      z.strictObject({
        owner: z.enum(["workspace", "key", "stack"]),
        owner_id: z.string(),
        period: z.enum(["daily", "monthly", "lifetime"]),
        limit_usd: usdSchema.describe("What refuses, its hard stop considered."),
        spent_usd: usdSchema,
        held_usd: usdSchema,
        left_usd: usdSchema,
        fits: z.boolean().describe("Whether the request's ceiling fits into what is left."),
        resets_at: z.string().nullable(),
      }),
    ),
    request_max: z
      .strictObject({ owner: z.enum(["workspace", "key", "stack"]), owner_id: z.string(), limit_usd: usdSchema })
      .nullable()
      .describe("The least of the per-request maxima."),
  })
  .meta({ id: "DryRun" });

export type DryRunResult = z.infer<typeof dryRunResultSchema>;
export type DryRunRequest = z.input<typeof dryRunSchema>;
