// Workspaces, credits and what happened in them, as the control API shows and accepts them.

import { z } from "zod";
import { amountSchema, nameSchema, slugSchema, timeSchema, usdSchema } from "./control.ts";

const statusSchema = z.enum(["active", "suspended", "access_pending"]);

export const workspaceSchema = z
  .strictObject({
    object: z.literal("workspace"),
    id: z.string(),
    name: z.string(),
    status: statusSchema,
    stack: z.string().nullable().describe("Slug of the stack for keys without one; null means `default-optimizer`."),
    created_at: timeSchema,
  })
  .meta({ id: "Workspace" });

export const createWorkspaceSchema = z.strictObject({ name: nameSchema }).meta({ id: "CreateWorkspace" });

export const updateWorkspaceSchema = z
  .strictObject({
    name: nameSchema.optional(),
    status: statusSchema.optional(),
    stack: slugSchema.nullable().optional().describe("Slug of a usable stack; null returns to the managed default."),
  })
  .meta({ id: "UpdateWorkspace" });

export const creditsSchema = z
  .strictObject({
    object: z.literal("credits"),
    balance_usd: usdSchema.describe("Paid in minus settled."),
    held_usd: usdSchema.describe("Promised to requests that are running."),
    available_usd: usdSchema.describe("Balance minus held."),
  })
  .meta({ id: "Credits" });

/** Half of a surrogate pair, or a NUL: text that a database refuses, or gives back as another. */
const unstorable = /\p{Surrogate}|\0/u;

const memoSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => !unstorable.test(text), "must be text that can be stored");

export const grantSchema = z
  .strictObject({
    amount_usd: amountSchema(1_000_000).describe("Decimal USD above 0 and at most 1000000."),
    memo: memoSchema.describe("Why, for the ledger."),
    idempotency_key: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe("Repeating a grant with the same key books it once. For ever, per workspace."),
  })
  .meta({ id: "GrantCredits" });

export const creditGrantSchema = z
  .strictObject({
    object: z.literal("credit_grant"),
    entry_id: z.string(),
    amount_usd: usdSchema,
    memo: z.string(),
    created_at: timeSchema,
  })
  .meta({ id: "CreditGrant" });

export const ledgerEntrySchema = z
  .strictObject({
    object: z.literal("ledger_entry"),
    id: z.string(),
    sequence: z.number().int().describe("1, 2, 3 ... without gaps in a workspace."),
    kind: z.enum(["credit", "debit", "refund", "adjustment"]),
    counterpart: z
      .enum(["grants", "payments", "usage", "adjustments"])
      .describe("The account on the other side: the amount moved from it to the workspace."),
    amount_usd: usdSchema.describe("Positive for credits and refunds, negative for debits, either for adjustments."),
    balance_after_usd: usdSchema,
    request_id: z.string().nullable(),
    memo: z.string(),
    price_version: z.string().nullable(),
    uncollected_usd: usdSchema.describe("The part of a debit that neither hold nor balance covered."),
    hash: z.string().describe("SHA-256 over the entry and the hash of the one before it."),
    created_at: timeSchema,
  })
  .meta({ id: "LedgerEntry" });

const tokens = z.number().int().nullable();

export const usageRowSchema = z
  .strictObject({
    object: z.literal("usage"),
    request_id: z.string(),
    key_id: z.string(),
    created_at: timeSchema,
    protocol: z.string(),
    requested_model: z.string(),
    stack: z.string().nullable(),
    stack_version: z.number().int().nullable(),
    model: z.string().nullable().describe("The model that produced the answer; null when none did."),
    provider: z.string().nullable(),
    status: z.number().int().describe("HTTP status of the answer."),
    unbillable_reason: z.string().nullable().describe("Why nothing was debited; null when billed."),
    input_tokens: tokens.describe("Null when the provider did not say; so are the other counts."),
    cached_input_tokens: tokens,
    cache_write_tokens: tokens,
    output_tokens: tokens,
    reasoning_tokens: tokens,
    hold_usd: usdSchema,
    debit_usd: usdSchema,
    price_version: z.string(),
    first_byte_ms: z.number().int().nullable(),
    total_ms: z.number().int(),
  })
  .meta({ id: "Usage" });

export const traceHeadlineSchema = z
  .strictObject({
    object: z.literal("trace_headline"),
    request_id: z.string().describe("Read the whole trace with `GET /v1/traces/{request_id}`."),
    created_at: timeSchema,
    expires_at: timeSchema.describe("When the trace is deleted."),
    key_id: z.string().nullable(),
    requested_model: z.string().nullable(),
    model: z.string().nullable(),
    provider: z.string().nullable(),
    status: z.number().int().nullable(),
    debit_usd: usdSchema.nullable(),
  })
  .meta({ id: "TraceHeadline" });
