// Workspaces, credits and what happened in them, as the control API shows and accepts them.

import { z } from "zod";
import { checkedBudgetSchema, shownBudgetSchema } from "./budget.ts";
import { eventTypeSchema } from "./events.ts";
import {
  amountSchema,
  signedAmountSchema,
  nameSchema,
  pageQuerySchema,
  slugSchema,
  storableTextSchema,
  timeSchema,
  usdSchema,
} from "./control.ts";

const statusSchema = z.enum(["active", "suspended", "access_pending"]);

export const workspaceSchema = z
  .strictObject({
    object: z.literal("workspace"),
    id: z.string(),
    name: z.string(),
    slug: z.string().describe("Its name in paths, unique on this server: the account's name for agents."),
    status: statusSchema,
    status_reason: z.string().nullable().describe("Why it is suspended; null otherwise."),
    stack: z.string().nullable().describe("Slug of the stack for keys without one; null means `default-optimizer`."),
    budget: shownBudgetSchema.nullable().describe("What all its requests may cost; null means no limit."),
    created_at: timeSchema,
  })
  .meta({ id: "Workspace" });

export const createWorkspaceSchema = z.strictObject({ name: nameSchema }).meta({ id: "CreateWorkspace" });

export const updateWorkspaceSchema = z
  .strictObject({
    name: nameSchema.optional(),
    slug: z
      .string()
      .max(100)
      .optional()
      .describe("2 to 39 lower-case letters, digits and single inner hyphens; the old one is free for others at once."),
    status: statusSchema.optional(),
    stack: slugSchema.nullable().optional().describe("Slug of a usable stack; null returns to the managed default."),
    budget: checkedBudgetSchema.nullable().optional().describe("Replaces the budget as a whole; null removes it."),
  })
  .meta({ id: "UpdateWorkspace" });

export const creditsSchema = z
  .strictObject({
    object: z.literal("credits"),
    balance_usd: usdSchema.describe("Paid in minus settled."),
    held_usd: usdSchema.describe("Promised to requests that are running."),
    available_usd: usdSchema.describe("Balance minus held."),
    low_balance_threshold_usd: usdSchema
      .nullable()
      .describe("A debit that takes the balance below it brings a `credits.low` event; null: none."),
  })
  .meta({ id: "Credits" });

export const updateCreditsSchema = z
  .strictObject({
    low_balance_threshold_usd: amountSchema(1_000_000).nullable().optional().describe("Decimal USD; null removes it."),
  })
  .meta({ id: "UpdateCredits" });

export const budgetStatusSchema = z
  .strictObject({
    object: z.literal("budget_status"),
    owner: z.enum(["workspace", "key"]),
    owner_id: z.string(),
    budget: shownBudgetSchema.nullable(),
    periods: z.array(
      z.strictObject({
        period: z.enum(["daily", "monthly", "lifetime"]).describe("`lifetime` is a key's spend limit."),
        limit_usd: usdSchema.describe("The limit as it was set, before `hardStopPercent`."),
        spent_usd: usdSchema.describe("Debited in the period, since the limit was set."),
        held_usd: usdSchema.describe("The most that running requests may add."),
        resets_at: timeSchema.nullable().describe("When it starts anew; null for a lifetime."),
      }),
    ),
  })
  .meta({ id: "BudgetStatus" });

export const eventSchema = z
  .strictObject({
    object: z.literal("event"),
    id: z.string(),
    type: eventTypeSchema,
    data: z.record(z.string(), z.unknown()).describe("docs/reference/events.md says what each type holds."),
    created_at: timeSchema,
  })
  .meta({ id: "Event" });

export const eventQuerySchema = z.strictObject({
  ...pageQuerySchema.shape,
  type: eventTypeSchema.optional().describe("Only events of this type."),
});

const memoSchema = storableTextSchema(200);

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

export const adjustmentSchema = z
  .strictObject({
    amount_usd: signedAmountSchema(1_000_000).describe("Decimal USD, not 0; with `-` it is taken from the balance."),
    memo: memoSchema.describe("Why, for the ledger."),
    idempotency_key: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe("Repeating an adjustment with the same key books it once. For ever, per workspace."),
  })
  .meta({ id: "AdjustCredits" });

export const creditAdjustmentSchema = z
  .strictObject({
    object: z.literal("credit_adjustment"),
    entry_id: z.string(),
    amount_usd: usdSchema,
    memo: z.string(),
    created_at: timeSchema,
  })
  .meta({ id: "CreditAdjustment" });

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
