// Accounts, the vault of an account and errors, as the API below `/api/v1` shows and accepts them. An account is a
// workspace; fields that are not known are passed over, since programs of other versions send them.

import { z } from "zod";
import { longestValueBytes, mostVariablesAtOnce } from "./agents-limits.ts";
import { timeSchema } from "./control.ts";
import { usedAccessTokenSchema } from "./control-me.ts";
import { errorTable } from "./errors.ts";

/** What every refusal below `/api/v1` looks like. */
export const agentsErrorSchema = z
  .strictObject({
    error: z.string().describe("What went wrong, in a sentence."),
    error_code: z.enum(Object.keys(errorTable)).describe("The same for programs; docs/reference/errors.md lists all."),
    details: z.string().optional().describe("More of it, possibly in several lines."),
    hint: z.string().describe("What the caller can do about it."),
    request_id: z.string().describe("Also sent as `x-astrolabe-cloud-request-id`."),
    facts: z.looseObject({}).optional().describe("Facts a program can act on."),
    code: z.literal("suspended").optional().describe("With 402: the account is suspended."),
    reason: z.string().optional().describe("With 402: why."),
    action: z.enum(["add_card", "update_card", "contact_support"]).optional().describe("With 402: what would help."),
  })
  .meta({ id: "AgentsError" });

/** The name of an account in paths and images. */
export const accountNameSchema = z
  .string()
  .regex(/^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,38}$/, "2 to 39 lower-case letters, digits and single inner hyphens");

const accountTypeSchema = z.enum(["personal", "organization"]);

export const accountSchema = z
  .strictObject({
    id: z.string().describe("The workspace's id."),
    name: z.string().describe("The workspace's slug: what stands for `:account` in paths, as the id may too."),
    display_name: z.string(),
    type: accountTypeSchema.describe("`personal`: the first workspace that this person owned; every other one is not."),
    role: z.enum(["owner", "admin", "developer", "billing", "viewer"]),
    status: z.enum(["active", "suspended", "access_pending"]),
    workos_org_id: z.literal("").describe("Always empty: one token does for every account."),
  })
  .meta({ id: "Account" });
export type Account = z.infer<typeof accountSchema>;

export const accountsMeSchema = z
  .strictObject({
    user: z.strictObject({
      id: z.string(),
      email: z.string(),
      name: z.string(),
      first_name: z.string().describe("The name up to its first space."),
      last_name: z.string().describe("The rest of the name; may be empty."),
      is_operator: z.boolean(),
    }),
    session: z
      .strictObject({ id: z.string(), expires_at: timeSchema.nullable() })
      .describe("Of a call with an access token: that token's id, and when it ends."),
    access_token: usedAccessTokenSchema.nullable().describe("What the call came with; null for a session."),
    accounts: z.array(accountSchema).describe("The personal one first, then the others, the oldest first."),
  })
  .meta({ id: "AccountsMe" });

export const accountCheckSchema = z
  .strictObject({
    available: z.boolean(),
    reason: z.string().optional().describe("Why it is not; absent when it is."),
  })
  .meta({ id: "AccountCheck" });

export const createAccountSchema = z
  .object({
    name: z.string().min(1).max(100).describe("Becomes the slug, as it is."),
    type: accountTypeSchema.optional(),
    display_name: z.string().trim().min(1).max(100).optional().describe("Absent: the name."),
  })
  .meta({ id: "CreateAccount" });

const valueSchema = z
  .string()
  .min(1)
  .refine((text) => Buffer.byteLength(text) <= longestValueBytes, `at most ${longestValueBytes} bytes`);
const variableDescriptionSchema = z.string().max(500);

export const variableSchema = z
  .strictObject({
    name: z.string(),
    secret: z.boolean().describe("Whether its value can only be written."),
    description: z.string(),
    value: z.string().optional().describe("Of plain variables; secrets have none here."),
    used_by: z
      .array(z.strictObject({ deployment_id: z.string(), name: z.string() }))
      .describe("Deployments whose variables refer to it."),
    created_at: timeSchema,
    updated_at: timeSchema,
    updated_by: z.string().describe("By their address, as they were called then."),
  })
  .meta({ id: "Variable" });

export const variablesSchema = z.strictObject({ variables: z.array(variableSchema) }).meta({ id: "Variables" });

export const setVariablesSchema = z
  .object({
    variables: z
      .array(
        z.object({
          name: z.string().max(1_000),
          value: z.string(),
          secret: z.boolean().default(true),
          description: variableDescriptionSchema.optional().describe("Absent: as it was; empty for a new one."),
        }),
      )
      .min(1)
      .max(mostVariablesAtOnce),
    overwrite: z.boolean().default(true).describe("False keeps variables that are there, and says so."),
  })
  .meta({ id: "SetVariables" });

export const variableResultsSchema = z
  .strictObject({
    results: z.array(
      z.strictObject({
        name: z.string(),
        status: z.enum(["created", "exists", "failed"]).describe("`created` also when there was one already."),
        error: z.string().optional().describe("Why not; absent for `created`."),
      }),
    ),
  })
  .meta({ id: "VariableResults" });

export const updateVariableSchema = z
  .object({
    value: valueSchema.optional().describe("Absent: as it was."),
    secret: z.boolean().optional().describe("False needs a new value: a secret is never shown again."),
    description: variableDescriptionSchema.optional(),
  })
  .meta({ id: "UpdateVariable" });

export const deletedVariableSchema = z
  .strictObject({ name: z.string(), deleted: z.literal(true), used_by: variableSchema.shape.used_by })
  .meta({ id: "DeletedVariable" });
