// Access tokens of a person as the control API shows and accepts them.

import { z } from "zod";
import { storableTextSchema, timeSchema } from "./control.ts";

export const longestAccessTokenDays = 365;
export const usualAccessTokenDays = 90;

export const accessTokenSchema = z
  .strictObject({
    object: z.literal("access_token"),
    id: z.string(),
    name: z.string(),
    prefix: z.string().describe("`astrolabe_pat_` and the first 8 characters; not a secret."),
    workspace: z
      .strictObject({ id: z.string(), name: z.string(), slug: z.string() })
      .nullable()
      .describe("Where alone it counts; null wherever its person is a member."),
    read_only: z.boolean().describe("Whether it can only call GET."),
    status: z.enum(["active", "expired", "revoked"]),
    created_at: timeSchema,
    expires_at: timeSchema,
    revoked_at: timeSchema.nullable(),
    last_used_at: timeSchema.nullable().describe("To a minute; null when it was never used."),
  })
  .meta({ id: "AccessToken" });

export const createdAccessTokenSchema = z
  .strictObject({
    ...accessTokenSchema.shape,
    secret: z.string().describe("The token itself. Shown in this answer only."),
  })
  .meta({ id: "CreatedAccessToken" });

export const createAccessTokenSchema = z
  .strictObject({
    name: storableTextSchema(60).describe("What uses it: `release workflow`."),
    expires_in_days: z
      .number()
      .int()
      .min(1, "at least 1")
      .max(longestAccessTokenDays, `at most ${longestAccessTokenDays}`)
      .optional()
      .describe(`Absent, and without \`expires_at\`: ${usualAccessTokenDays}.`),
    expires_at: z.iso
      .datetime({ offset: true })
      .optional()
      .describe(`In the place of \`expires_in_days\`: ISO 8601, at most ${longestAccessTokenDays} days away.`),
    workspace: z
      .string()
      .min(1)
      .max(100)
      .nullable()
      .default(null)
      .describe("Slug or id of the only workspace in which it counts; null: all of yours."),
    read_only: z.boolean().default(false),
  })
  .meta({ id: "CreateAccessToken" });
