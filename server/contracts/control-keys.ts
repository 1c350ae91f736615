// API keys as the control API shows and accepts them.

import { z } from "zod";
import { checkedBudgetSchema, shownBudgetSchema } from "./budget.ts";
import { amountSchema, nameSchema, pageQuerySchema, slugSchema, timeSchema, usdSchema } from "./control.ts";

export const keySchema = z
  .strictObject({
    object: z.literal("api_key"),
    id: z.string(),
    name: z.string(),
    mode: z.enum(["live", "test"]),
    purpose: z
      .enum(["api", "playground", "development", "deployment"])
      .describe(
        "`playground`: used by signed-in people in the console; nobody holds its secret. `development` and `deployment`: " +
          "made for agents, which get it by themselves.",
      ),
    managed: z
      .strictObject({
        user: z.string().nullable().describe("The address of the person whose development key it is."),
        agent: z.string().nullable().describe("The blueprint of the deployment that has it."),
        deployment: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
      })
      .nullable()
      .describe("Whom a key of the agents part belongs to: its name and lifetime are not changed here. Else null."),
    prefix: z.string().describe("`astrolabe_live_` or `astrolabe_test_` and the first 8 characters; not a secret."),
    previous: z
      .strictObject({ prefix: z.string(), ends_at: timeSchema })
      .nullable()
      .describe("The secret before the last rotation, while it still works; null when there is none."),
    status: z.enum(["active", "expired", "revoked"]),
    stack: z.string().nullable().describe("Slug of the key's own stack; null uses the workspace's."),
    rate_limit_per_minute: z.number().int().nullable().describe("Null means the server's default."),
    spend_limit_usd: usdSchema.nullable().describe("Most this key may ever spend; null means no limit of its own."),
    budget: shownBudgetSchema.nullable().describe("What its requests may cost; null means no budget of its own."),
    allowed_models: z.array(z.string()).describe("Empty allows all."),
    expires_at: timeSchema.nullable(),
    revoked_at: timeSchema.nullable(),
    rotated_at: timeSchema.nullable().describe("The last rotation; null before the first."),
    last_used_at: timeSchema.nullable().describe("To a few seconds; null when it was never used."),
    created_at: timeSchema,
  })
  .meta({ id: "ApiKey" });

export const createdKeySchema = z
  .strictObject({
    ...keySchema.shape,
    secret: z.string().describe("The key itself. Shown in this answer only."),
  })
  .meta({ id: "CreatedApiKey" });

export const listKeysQuerySchema = z.strictObject({
  ...pageQuerySchema.shape,
  status: z.enum(["active", "expired", "revoked"]).optional(),
  mode: z.enum(["live", "test"]).optional(),
  stack: slugSchema.optional().describe("Only keys that have this stack as their own."),
  search: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .describe("Part of a name, or a prefix such as `astrolabe_live_4fTq9ZbX` or its last 8 characters."),
});

export const rotateKeySchema = z
  .strictObject({
    overlap_minutes: z
      .number()
      .int()
      .min(0)
      .max(43_200)
      .default(60)
      .describe("How long the old secret goes on working; 0 ends it at once, 43,200 is 30 days."),
  })
  .meta({ id: "RotateApiKey" });

const usedSchema = z.strictObject({
  requests: z.number().int().min(0).describe("Answered and refused ones."),
  cost_usd: usdSchema.describe("What they were debited."),
});

export const keyUsageSchema = z
  .strictObject({
    object: z.literal("key_usage"),
    key: z.string().describe("The key's id."),
    today: usedSchema.describe("Since midnight UTC."),
    last_30_days: usedSchema.describe("Today and the 29 days before it, in UTC."),
  })
  .meta({ id: "KeyUsage" });

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
