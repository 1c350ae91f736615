// What the control API shows to operators of the whole installation, and takes from them.

import { z } from "zod";
import { pageQuerySchema, storableTextSchema, timeSchema, usdSchema } from "./control.ts";
import { accessRequestSchema, memberSchema } from "./control-members.ts";
import { workspaceSchema } from "./control-workspaces.ts";

const searchSchema = z.string().trim().min(1).max(254).optional();

export const operatorWorkspaceQuerySchema = z.strictObject({
  ...pageQuerySchema.shape,
  search: searchSchema.describe("Part of its name or of a member's e-mail address, or its id."),
  status: z.enum(["active", "suspended", "access_pending"]).optional(),
});

export const operatorWorkspaceSchema = z
  .strictObject({
    ...workspaceSchema.shape,
    balance_usd: usdSchema,
    held_usd: usdSchema,
    available_usd: usdSchema.describe("Balance minus held."),
    member_count: z.number().int(),
    owners: z.array(z.string()).describe("E-mail addresses of at most five owners."),
  })
  .meta({ id: "OperatorWorkspace" });

export const operatorWorkspaceDetailSchema = z
  .strictObject({
    ...operatorWorkspaceSchema.shape,
    members: z.array(memberSchema).describe("At most 200."),
    access_request: accessRequestSchema.nullable().describe("The last one; null when none was sent."),
  })
  .meta({ id: "OperatorWorkspaceDetail" });

export const suspendSchema = z
  .strictObject({ reason: storableTextSchema(500).describe("Shown to its members.") })
  .meta({ id: "SuspendWorkspace" });

export const userQuerySchema = z.strictObject({
  ...pageQuerySchema.shape,
  search: searchSchema.describe("Part of a name or e-mail address, or an id."),
});

export const userSchema = z
  .strictObject({
    object: z.literal("user"),
    id: z.string(),
    email: z.string(),
    name: z.string(),
    is_operator: z.boolean(),
    disabled_reason: z.string().nullable().describe("Why the person is shut out; null: they are not."),
    workspace_count: z.number().int(),
    created_at: timeSchema,
  })
  .meta({ id: "User" });

export const updateUserSchema = z
  .strictObject({
    is_operator: z.boolean().optional(),
    disabled_reason: storableTextSchema(500)
      .nullable()
      .optional()
      .describe("Shuts the person out and ends their sessions; null lets them in again."),
  })
  .meta({ id: "UpdateUser" });

export const endedSessionsSchema = z
  .strictObject({ object: z.literal("ended_sessions"), ended: z.number().int() })
  .meta({ id: "EndedSessions" });

export const providerSchema = z
  .strictObject({
    object: z.literal("provider"),
    id: z.string(),
    data_policy: z.enum(["any", "no_training", "zero_retention"]),
    region: z.string().nullable(),
    protocols: z.array(z.string()).describe("What passes through untranslated."),
    model_count: z.number().int().describe("Models of the catalogue that it serves."),
    usable: z.boolean().describe("False while every route to it that was tried is shut after failures in a row."),
    routes: z
      .array(
        z.strictObject({
          model: z.string(),
          calls: z.number().int().describe("In the last hour."),
          success_rate: z.number().nullable().describe("Of the last hour, 0 to 1; null without calls."),
          first_byte_ms: z.number().nullable().describe("Median of the last answers; null while there are few."),
          available: z.boolean().describe("False for half a minute after five failures in a row."),
          last_failure: z
            .strictObject({ kind: z.string(), at: timeSchema })
            .nullable()
            .describe("Since this process started."),
        }),
      )
      .describe("Models that were asked for since this process started; each process has its own view."),
  })
  .meta({ id: "Provider" });

export const catalogueVersionsSchema = z
  .strictObject({
    object: z.literal("catalogue_versions"),
    version: z.string().describe("Of models and lanes."),
    price_version: z.string().describe("Of the prices that count now."),
    model_count: z.number().int(),
    price_lists: z
      .array(z.strictObject({ version: z.string(), model_count: z.number().int(), recorded_at: timeSchema }))
      .describe("Every list that debits were computed with, newest first."),
  })
  .meta({ id: "CatalogueVersions" });

const changeableSettings = {
  access_review: z.boolean().describe("Whether workspaces that people make wait for an operator's approval."),
  workspace_creation: z.enum(["anyone", "operators"]).describe("Who makes workspaces."),
};

export const instanceSettingsSchema = z
  .strictObject({
    object: z.literal("instance_settings"),
    ...changeableSettings,
    sign_up: z.string().describe("Who may sign up; set by `ASTROLABE_SIGN_UP`."),
    mail: z.boolean().describe("Whether letters are sent; set by `ASTROLABE_SMTP_URL`."),
    public_url: z.string().describe("Set by `ASTROLABE_PUBLIC_URL`."),
  })
  .meta({ id: "InstanceSettings" });

export const updateInstanceSettingsSchema = z
  .strictObject(changeableSettings)
  .partial()
  .meta({ id: "UpdateInstanceSettings" });

export type ShownOperatorWorkspace = z.output<typeof operatorWorkspaceSchema>;
export type ShownOperatorWorkspaceDetail = z.output<typeof operatorWorkspaceDetailSchema>;
export type ShownUser = z.output<typeof userSchema>;
export type ShownProvider = z.output<typeof providerSchema>;
export type ShownCatalogueVersions = z.output<typeof catalogueVersionsSchema>;
export type ShownInstanceSettings = z.output<typeof instanceSettingsSchema>;
