// Stacks, their drafts and versions, as the control API shows and accepts them.

import { z } from "zod";
import { descriptionSchema, nameSchema, slugSchema, timeSchema, usdSchema } from "./control.ts";
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
  updated_by: z
    .string()
    .nullable()
    .describe("Email of who changed it last, `operator` for the operator token; null when unknown."),
  revision: z
    .number()
    .int()
    .nullable()
    .describe("Rises with every change of name, description or draft; null for managed stacks."),
};

export const stackHeadlineSchema = z
  .strictObject({
    ...headline,
    used_by: z.strictObject({
      workspace: z.boolean().describe("Whether it is the stack of keys without one of their own."),
      keys: z.number().int().describe("Keys with it as their own that are not revoked."),
    }),
  })
  .meta({ id: "StackHeadline" });

const sentenceSchema = z
  .strictObject({
    group: z.string().describe("The part of the policy, such as `boundaries`."),
    pointer: z.string().describe("JSON pointer of the field, such as `/objective/qualityTarget`."),
    sentence: z.string().describe("What it does, in plain words."),
    standard: z.boolean().describe("Whether the field is as it is when nothing is written."),
  })
  .meta({ id: "PolicySentence" });

export const stackSchema = z
  .strictObject({
    ...headline,
    policy: policy.describe("The draft of a custom stack; the policy in force of a managed one."),
    explanation: z.array(sentenceSchema).describe("The policy in plain words, one sentence per field."),
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

const ifRevision = z
  .number()
  .int()
  .min(1)
  .optional()
  .describe("Only while the stack has this revision: else 409, and `details` holds what it says now.");

export const updateStackSchema = z
  .strictObject({
    name: nameSchema.optional(),
    description: descriptionSchema.optional(),
    policy: policy.optional().describe("Replaces the draft as a whole."),
    if_revision: ifRevision,
  })
  .meta({ id: "UpdateStack" });

export const publishStackSchema = z
  .strictObject({
    note: z.string().trim().max(500).default("").describe("What changed, for people."),
    activate: z.boolean().default(true).describe("Whether requests use the new version at once."),
    if_revision: ifRevision,
  })
  .prefault({})
  .meta({ id: "PublishStack" });

const versionHeadline = {
  object: z.literal("stack_version"),
  stack_id: z.string(),
  version: z.number().int(),
  note: z.string(),
  published_at: timeSchema,
  published_by: z.string().nullable().describe("Email, or `operator`; null when unknown."),
};

export const versionHeadlineSchema = z.strictObject(versionHeadline).meta({ id: "StackVersionHeadline" });
export const versionSchema = z.strictObject({ ...versionHeadline, policy }).meta({ id: "StackVersion" });

export const validatePolicySchema = z
  .strictObject({ policy: z.unknown().describe("A policy as a user wrote it; it may be wrong.") })
  .meta({ id: "ValidatePolicy" });

export const validationSchema = z
  .strictObject({ object: z.literal("stack_validation"), valid: z.boolean(), problems: z.array(problemSchema) })
  .meta({ id: "StackValidation" });

const pointer = z.string().describe("JSON pointer of the field; empty for the whole policy.");

export const policyReviewSchema = z
  .strictObject({
    object: z.literal("policy_review"),
    valid: z.boolean().describe("Whether it can be saved."),
    problems: z.array(z.strictObject({ pointer, message: z.string() })).describe("What keeps it from being saved."),
    warnings: z
      .array(
        z.strictObject({
          pointer,
          message: z.string(),
          suggestions: z.array(z.string()).describe("Names that may have been meant, the likeliest first."),
        }),
      )
      .describe("What is allowed and probably not meant; only for a valid policy."),
    explanation: z.array(sentenceSchema).describe("In plain words; empty for a policy with problems."),
  })
  .meta({ id: "PolicyReview" });

const versionName = z.string().regex(/^(?:draft|active|[1-9]\d{0,8})$/, "`draft`, `active` or the number of a version");

export const differenceQuerySchema = z.strictObject({
  from: versionName.default("active"),
  to: versionName.default("draft"),
});

export const differenceSchema = z
  .strictObject({
    object: z.literal("policy_difference"),
    from: z.number().int().nullable().describe("Number of the version; null for the draft."),
    to: z.number().int().nullable(),
    changes: z
      .array(
        z.strictObject({
          pointer,
          before: z.unknown().describe("Null where the field is not set."),
          after: z.unknown(),
          words_before: z.string().nullable().describe("What the field did, in plain words."),
          words_after: z.string().nullable(),
        }),
      )
      .describe("Field by field, in the order of the policy; lists are compared as a whole."),
    before: policy,
    after: policy,
  })
  .meta({ id: "PolicyDifference" });

export const stackUsesSchema = z
  .strictObject({
    object: z.literal("stack_uses"),
    workspace: z.boolean().describe("Whether it is the stack of keys without one of their own."),
    keys: z
      .array(z.strictObject({ id: z.string(), name: z.string(), prefix: z.string(), mode: z.enum(["live", "test"]) }))
      .describe("Keys with it as their own that are not revoked, newest first."),
  })
  .meta({ id: "StackUses" });

export const trafficQuerySchema = z.strictObject({
  days: z.coerce.number().int().min(1).max(31).default(7).describe("How far back to look."),
});

export const stackTrafficSchema = z
  .strictObject({
    object: z.literal("stack_traffic"),
    since: timeSchema,
    complete: z.boolean().describe("False when there were too many requests to count them all: the newest count."),
    stacks: z.array(
      z.strictObject({
        slug: z.string(),
        requests: z.number().int(),
        refused: z.number().int().describe("Of those: answered with an error."),
        debit_usd: usdSchema,
        last_at: timeSchema,
      }),
    ),
  })
  .meta({ id: "StackTraffic" });

export type StackHeadline = z.infer<typeof stackHeadlineSchema>;
export type Stack = z.infer<typeof stackSchema>;
export type StackVersionHeadline = z.infer<typeof versionHeadlineSchema>;
export type StackVersionShown = z.infer<typeof versionSchema>;
export type PolicyReview = z.infer<typeof policyReviewSchema>;
export type PolicyDifference = z.infer<typeof differenceSchema>;
export type StackUses = z.infer<typeof stackUsesSchema>;
export type StackTraffic = z.infer<typeof stackTrafficSchema>;
