// Payments and what belongs to them, as the control API shows and accepts them.

import { z } from "zod";
import { amountSchema, timeSchema, usdSchema } from "./control.ts";
import { packsUsd } from "./packs.ts";

const packSchema = z.enum(packsUsd).describe("Decimal USD: one of the packs.");

export const billingSchema = z
  .strictObject({
    object: z.literal("billing"),
    payments: z.enum(["stripe", "none"]).describe("`none`: an operator grants credits by hand."),
    test_mode: z.boolean().describe("Whether payments are made with test cards only."),
    packs_usd: z.array(packSchema).describe("Empty when payments are not configured."),
    balance_usd: usdSchema,
    held_usd: usdSchema.describe("Promised to requests that are running."),
    available_usd: usdSchema.describe("Balance minus held."),
  })
  .meta({ id: "Billing" });

const detailsShape = {
  name: z.string().trim().max(200).describe("The person or company that receipts are made out to."),
  address: z.string().trim().max(500).describe("Several lines."),
  tax_id: z.string().trim().max(50),
  email: z.union([z.literal(""), z.email().max(200)]).describe("Where Stripe sends receipts; empty: nowhere."),
};

export const autoTopUpSchema = z.strictObject({
  enabled: z.boolean(),
  threshold_usd: usdSchema.describe("A balance below it buys a pack."),
  pack_usd: usdSchema,
  monthly_cap_usd: usdSchema.describe("The most that automatic payments of one UTC month may come to."),
  spent_this_month_usd: usdSchema,
  failures: z.number().int().describe("Payments that failed in a row; after 3 it is switched off."),
  disabled_reason: z.string().nullable().describe("Why it was switched off by itself."),
});

export const billingSettingsSchema = z
  .strictObject({
    object: z.literal("billing_settings"),
    details: z.strictObject({ name: z.string(), address: z.string(), tax_id: z.string(), email: z.string() }),
    card: z
      .strictObject({ brand: z.string(), last4: z.string(), expires: z.string().describe("`MM/YYYY`.") })
      .nullable()
      .describe("The saved card that pays for automatic top-ups."),
    auto_top_up: autoTopUpSchema.nullable().describe("Null until it was set up."),
    debt_usd: usdSchema.describe("Money given back for credits that were spent already; later credits pay it first."),
  })
  .meta({ id: "BillingSettings" });

export const updateBillingSettingsSchema = z
  .strictObject({
    details: z.strictObject(detailsShape).partial().optional(),
    auto_top_up: z
      .strictObject({
        enabled: z.boolean(),
        threshold_usd: amountSchema(10_000),
        pack_usd: packSchema,
        monthly_cap_usd: amountSchema(1_000_000),
      })
      .optional()
      .describe("Replaces the settings as a whole. Needs a saved card when enabled."),
  })
  .meta({ id: "UpdateBillingSettings" });

export const createCheckoutSchema = z
  .strictObject({
    pack_usd: packSchema,
    save_card: z.boolean().default(false).describe("Keeps the card, so that automatic top-ups can use it."),
  })
  .meta({ id: "CreateCheckout" });

export const paymentSchema = z
  .strictObject({
    object: z.literal("payment"),
    id: z.string(),
    kind: z.enum(["checkout", "top_up"]).describe("`top_up`: paid automatically with the saved card."),
    amount_usd: usdSchema.describe("The pack."),
    status: z
      .enum(["pending", "processing", "paid", "failed", "expired"])
      .describe("`processing`: a slow way of paying is under way."),
    credited_usd: usdSchema.describe("What the ledger has of it, refunds and disputes taken off."),
    refunded_usd: usdSchema,
    disputed_usd: usdSchema.describe("Held back or taken by the customer's bank."),
    owed_usd: usdSchema.describe("Given back, but spent already: later credits pay it first."),
    failure: z.string().nullable().describe("Why it failed."),
    checkout_url: z.string().nullable().describe("Where to pay; null when there is nothing to pay any more."),
    entry_id: z.string().nullable().describe("The ledger entry of its credit; null until it is booked."),
    receipt_number: z.string().nullable().describe("Download it with `GET .../billing/receipts/{entry_id}`."),
    stripe_invoice_url: z.string().nullable(),
    stripe_invoice_pdf_url: z.string().nullable(),
    stripe_receipt_url: z.string().nullable(),
    created_at: timeSchema,
    paid_at: timeSchema.nullable(),
  })
  .meta({ id: "Payment" });

export const cardSetupSchema = z
  .strictObject({ object: z.literal("card_setup"), url: z.string().describe("Where to enter the card.") })
  .meta({ id: "CardSetup" });

export const removedCardSchema = z
  .strictObject({ object: z.literal("card"), removed: z.literal(true) })
  .meta({ id: "RemovedCard" });

export const refundPaymentSchema = z
  .strictObject({
    amount_usd: z
      .string()
      .regex(/^\d{1,6}(?:\.\d{1,2})?$/, "decimal USD with at most 2 decimals")
      .optional()
      .describe("Absent: all that is left of it."),
    beyond_balance: z
      .boolean()
      .default(false)
      .describe("Also give back what was spent already; the workspace then owes it."),
    idempotency_key: z.string().min(1).max(200).describe("The same key never gives money back twice."),
  })
  .meta({ id: "RefundPayment" });

export const debtSchema = z
  .strictObject({
    object: z.literal("debt"),
    workspace_id: z.string(),
    payment_id: z.string(),
    owed_usd: usdSchema,
    paid_at: timeSchema.nullable(),
  })
  .meta({ id: "Debt" });

export const statementSchema = z
  .strictObject({
    object: z.literal("statement"),
    month: z.string().describe("`YYYY-MM`, UTC."),
    opening_balance_usd: usdSchema,
    credits_usd: usdSchema,
    debits_usd: usdSchema.describe("Zero or negative."),
    refunds_usd: usdSchema,
    adjustments_usd: usdSchema,
    closing_balance_usd: usdSchema,
    models: z
      .array(z.strictObject({ model: z.string(), requests: z.number().int(), amount_usd: usdSchema }))
      .describe("What was debited, by model, the dearest first."),
  })
  .meta({ id: "Statement" });
