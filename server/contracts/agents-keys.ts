// Gateway keys of agents, as the API below `/api/v1` shows them: development keys and keys of deployments.

import { z } from "zod";
import { timeSchema } from "./control.ts";

export const managedKeyKinds = ["development", "deployment"] as const;

export const developmentKeySchema = z
  .strictObject({
    key_id: z.string(),
    api_key: z.string().describe("The key itself: the same one again until `renews_at`."),
    base_url: z.string().describe("What agents get as `ASTRO_GATEWAY_URL`: the server's address with `/v1`."),
    expires_at: timeSchema.describe("When the key ends by itself: 48 hours after it was made or renewed."),
    renews_at: timeSchema.describe(
      "From when on asking again gives a new secret, which ends this one: after 24 hours.",
    ),
  })
  .meta({ id: "DevelopmentKey" });

export const managedKeySchema = z
  .strictObject({
    key_id: z.string(),
    kind: z.enum(managedKeyKinds),
    name: z.string(),
    prefix: z.string(),
    status: z.enum(["active", "expired", "revoked"]),
    user: z
      .strictObject({ id: z.string(), email: z.string() })
      .nullable()
      .describe("Whose development key it is; null for a deployment's."),
    deployment: z
      .strictObject({ id: z.string(), agent: z.string(), name: z.string() })
      .nullable()
      .describe("Null for a development key."),
    stack: z.string().nullable().describe("Slug of the key's own stack; null uses the workspace's."),
    previous_ends_at: timeSchema
      .nullable()
      .describe("Until when the secret before the last rotation works; null: not."),
    created_at: timeSchema,
    expires_at: timeSchema.nullable().describe("Null for deployments' keys: they end when the deployment does."),
    rotated_at: timeSchema.nullable(),
    last_used_at: timeSchema.nullable().describe("To a few seconds; null when it was never used."),
  })
  .meta({ id: "ManagedKey" });

export const managedKeysSchema = z.strictObject({ keys: z.array(managedKeySchema) }).meta({ id: "ManagedKeys" });

export const managedKeysQuerySchema = z.strictObject({
  all: z
    .enum(["true", "false"])
    .default("false")
    .describe("`true` lists keys that have ended too. At most 500 are listed, the newest first."),
});

export const rotateManagedKeySchema = z
  .object({
    overlap_minutes: z
      .number()
      .int()
      .min(0)
      .max(1_440)
      .default(60)
      .describe("How long the old secret goes on working, for the containers that have it; 0 ends it at once."),
  })
  .default({ overlap_minutes: 60 })
  .meta({ id: "RotateManagedKey" });
