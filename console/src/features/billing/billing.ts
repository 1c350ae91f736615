// Billing as the control API tells it, and how the state of a payment is said.

import type { z } from "zod";
import type {
  billingSchema,
  billingSettingsSchema,
  paymentSchema,
  statementSchema,
  updateBillingSettingsSchema,
} from "../../../../server/contracts/control-billing.ts";
import type { ledgerTotalsSchema } from "../../../../server/contracts/control-ledger.ts";
import type { creditsSchema, ledgerEntrySchema } from "../../../../server/contracts/control-workspaces.ts";
import { apiUrl } from "../../api/fetch-api.ts";
import type { Tone } from "../../ui/status.tsx";

export type Billing = z.output<typeof billingSchema>;
export type BillingSettings = z.output<typeof billingSettingsSchema>;
export type BillingSettingsInput = z.input<typeof updateBillingSettingsSchema>;
export type Payment = z.output<typeof paymentSchema>;
export type Statement = z.output<typeof statementSchema>;
export type LedgerEntry = z.output<typeof ledgerEntrySchema>;
export type LedgerTotals = z.output<typeof ledgerTotalsSchema>;
export type Credits = z.output<typeof creditsSchema>;

export const paymentTones: Readonly<Record<Payment["status"], Tone>> = {
  pending: "plain",
  processing: "brass",
  paid: "good",
  failed: "bad",
  expired: "plain",
};

/** What became of it, refunds and disputes included. */
export function paymentWord({ status, amount_usd, refunded_usd, disputed_usd, entry_id }: Payment): string {
  if (status !== "paid")
    return { pending: "Not paid", processing: "On its way", failed: "Failed", expired: "Expired" }[status];
  if (isMoney(disputed_usd)) return "Disputed";
  if (refunded_usd === amount_usd) return "Refunded";
  if (isMoney(refunded_usd)) return "Partly refunded";
  return entry_id === null ? "Paid, being credited" : "Paid";
}

/** Whether an amount is more than nothing. */
export function isMoney(usd: string): boolean {
  return /[1-9]/.test(usd);
}

/** The address of a payment's or a grant's receipt. */
export function receiptUrl(path: string, entryId: string): string {
  return apiUrl(`${path}/billing/receipts/${entryId}`);
}
