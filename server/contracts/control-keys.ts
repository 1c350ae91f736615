// API keys as the control API shows and accepts them.

import { z } from "zod";
import { checkedBudgetSchema, shownBudgetSchema } from "./budget.ts";
import { amountSchema, nameSchema, slugSchema, timeSchema, usdSchema } from "./control.ts";

export const keySchema = z
  .strictObject({
    object: z.literal("api_key"),
    id: z.string(),
    name: z.string(),
    mode: z.enum(["live", "test"]),
    prefix: z.string().describe("`astrolabe_live_` or `astrolabe_test_` and the first 8 characters; not a secret."),
    status: z.enum(["active", "expired", "revoked"]),
    stack: z.string().nullable().describe("Slug of the key's own stack; null uses the workspace's."),
    rate_limit_per_minute: z.number().int().nullable().describe("Null means the server's default."),
    spend_limit_usd: usdSchema.nullable().describe("Most this key may ever spend; null means no limit of its own."),
    budget: shownBudgetSchema.nullable().describe("What its requests may cost; null means no budget of its own."),
    allowed_models: z.array(z.string()).describe("Empty allows all."),
    expires_at: timeSchema.nullable(),
    revoked_at: timeSchema.nullable(),
    created_at: timeSchema,
  })
  .meta({ id: "ApiKey" });

export const createdKeySchema = z
  .strictObject({
    ...keySchema.shape,
    secret: z.string().describe("The key itself. Shown in this answer only."),
  })
  .meta({ id: "CreatedApiKey" });

const modelPattern = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^*\s]*\*?$/, "a model id without spaces, `*` only at the end");

const limits = {
  stack: slugSchema.nullable().optional().describe("Slug of a usable stack; null uses the workspace's."),
  rate_limit_per_minute: z.number().int().min(1).max(1_000_000).nullable().optional(),
  spend_limit_usd: amountSchema(1_000_000).nullable().optional().describe("Decimal USD; null removes the limit."),
  budget: checkedBudgetSchema.nullable().optional().describe("Replaces the budget as a whole; null removes it."),
  allowed_models: z
    .array(modelPattern)
    .max(200)
    .optional()
    .describe("Model ids, `*` at the end allowed; empty allows all."),
  expires_at: z.iso.datetime({ offset: true }).nullable().optional().describe("ISO 8601; null never expires."),
};

export const createKeySchema = z
  .strictObject({ name: nameSchema, mode: z.enum(["live", "test"]).default("live"), ...limits })
  .meta({ id: "CreateApiKey" });

export const updateKeySchema = z.strictObject({ name: nameSchema.optional(), ...limits }).meta({ id: "UpdateApiKey" });
