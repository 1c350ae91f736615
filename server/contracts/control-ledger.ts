// A workspace's ledger as the control API filters, sums and exports it.

import { z } from "zod";
import { amountSchema, pageQuerySchema, timeSchema, usdSchema } from "./control.ts";

export const ledgerKinds = ["credit", "debit", "refund", "adjustment"] as const;
export const ledgerCounterparts = ["grants", "payments", "usage", "adjustments"] as const;

const filterShape = {
  kind: z
    .string()
    .max(100)
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(ledgerKinds)))
    .optional()
    .describe("One kind or several, separated by commas."),
  counterpart: z.enum(ledgerCounterparts).optional(),
  from: z.iso.datetime({ offset: true }).optional().describe("ISO 8601: entries made then or later."),
  to: z.iso.datetime({ offset: true }).optional().describe("ISO 8601: entries made before."),
  key: z.string().min(1).max(100).optional().describe("Id of the key whose requests were debited."),
  request: z.string().min(1).max(100).optional().describe("A request id: its debit and what was given back of it."),
  memo: z.string().trim().min(1).max(100).optional().describe("A part of the memo, in any case."),
};

export const ledgerFilterSchema = z.strictObject(filterShape);
export type LedgerFilter = z.output<typeof ledgerFilterSchema>;

export const ledgerQuerySchema = z.strictObject({ ...pageQuerySchema.shape, ...filterShape });

export const ledgerTotalsSchema = z
  .strictObject({
    object: z.literal("ledger_totals"),
    entries: z.number().int(),
    net_usd: usdSchema.describe("What all entries of the filter come to."),
    kinds: z.array(z.strictObject({ kind: z.enum(ledgerKinds), entries: z.number().int(), amount_usd: usdSchema })),
  })
  .meta({ id: "LedgerTotals" });

export const refundDebitSchema = z
  .strictObject({
    request_id: z.string().min(1).max(100).describe("The request whose debit is given back."),
    amount_usd: amountSchema(1_000_000).describe("Decimal USD; at most what is left of the debit."),
    memo: z.string().trim().min(1).max(200).describe("Why, for the ledger."),
    idempotency_key: z.string().min(1).max(200).describe("Repeating a refund with the same key books it once."),
  })
  .meta({ id: "RefundDebit" });

export const debitRefundSchema = z
  .strictObject({
    object: z.literal("debit_refund"),
    entry_id: z.string(),
    request_id: z.string(),
    amount_usd: usdSchema,
    created_at: timeSchema,
  })
  .meta({ id: "DebitRefund" });
