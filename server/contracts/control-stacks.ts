// Stacks, their drafts and versions, as the control API shows and accepts them.

import { z } from "zod";
import { descriptionSchema, nameSchema, slugSchema, timeSchema } from "./control.ts";
import { problemSchema } from "./control-problems.ts";
import { policySchema } from "./policy.ts";

const policy = policySchema.meta({ id: "StackPolicy" });

const headline = {
  object: z.literal("stack"),
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  kind: z.enum(["managed", "custom"]).describe("Managed stacks come with the server and cannot be changed."),
  status: z.enum(["active", "archived"]),
  active_version: z.number().int().nullable().describe("The version that requests use; null until one is activated."),
  cloned_from: z.string().nullable(),
  created_at: timeSchema.nullable().describe("Null for managed stacks."),
  updated_at: timeSchema.nullable(),
};

export const stackHeadlineSchema = z.strictObject(headline).meta({ id: "StackHeadline" });

export const stackSchema = z
  .strictObject({
    ...headline,
    policy: policy.describe("The draft of a custom stack; the policy in force of a managed one."),
  })
  .meta({ id: "Stack" });

export const createStackSchema = z
  .strictObject({
    slug: slugSchema.describe("Unique in the workspace, and not a managed stack's."),
    name: nameSchema,
    description: descriptionSchema.default(""),
    clone_from: z.string().min(1).max(100).optional().describe("Slug or id of the stack to start from."),
    policy: policy.optional().describe("What the draft says; absent with no `clone_from` means all defaults."),
  })
  .refine((body) => body.clone_from === undefined || body.policy === undefined, {
    path: ["policy"],
    message: "Give `clone_from` or `policy`, not both.",
  })
  .meta({ id: "CreateStack" });

export const updateStackSchema = z
  .strictObject({
    name: nameSchema.optional(),
    description: descriptionSchema.optional(),
    policy: policy.optional().describe("Replaces the draft as a whole."),
  })
  .meta({ id: "UpdateStack" });

export const publishStackSchema = z
  .strictObject({
    note: z.string().trim().max(500).default("").describe("What changed, for people."),
    activate: z.boolean().default(true).describe("Whether requests use the new version at once."),
  })
  .prefault({})
  .meta({ id: "PublishStack" });

const versionHeadline = {
  object: z.literal("stack_version"),
  stack_id: z.string(),
  version: z.number().int(),
  note: z.string(),
  published_at: timeSchema,
};

export const versionHeadlineSchema = z.strictObject(versionHeadline).meta({ id: "StackVersionHeadline" });
export const versionSchema = z.strictObject({ ...versionHeadline, policy }).meta({ id: "StackVersion" });

export const validatePolicySchema = z
  .strictObject({ policy: z.unknown().describe("A policy as a user wrote it; it may be wrong.") })
  .meta({ id: "ValidatePolicy" });

export const validationSchema = z
  .strictObject({ object: z.literal("stack_validation"), valid: z.boolean(), problems: z.array(problemSchema) })
  .meta({ id: "StackValidation" });
