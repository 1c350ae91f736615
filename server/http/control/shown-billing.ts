// How the control API shows payments and what belongs to them.

import { refundedOf, disputedOf } from "../../billing/net-of-payment.ts";
import { receiptNumber } from "../../billing/receipt-number.ts";
import { bookingId, type PaymentStanding } from "../../billing/settle-payment.ts";
import type { BillingServices } from "../../billing/billing-services.ts";
import { monthStart } from "../../billing/auto-top-up.ts";
import type { WorkspaceId } from "../../contracts/ids.ts";
import { formatUsd, noMoney, picodollars } from "../../money/picodollars.ts";
import { isoTime, optionalTime } from "./shown-values.ts";

/** Stripe's pages close after a day. */
const pageOpenMs = 25 * 3_600_000;

export function showPayment({ payment, facts, bookings }: PaymentStanding, nowMs: number) {
  const isOver = payment.status === "pending" && payment.kind === "checkout" && nowMs - payment.createdAt > pageOpenMs;
  const entryId = bookings.length === 0 ? undefined : bookingId(payment.id, 1);
  return {
    object: "payment" as const,
    id: payment.id,
    kind: payment.kind,
    amount_usd: formatUsd(payment.amount),
    status: isOver ? ("expired" as const) : payment.status,
    credited_usd: formatUsd(bookings.reduce((sum, amount) => picodollars(sum + amount), noMoney)),
    refunded_usd: formatUsd(refundedOf(facts)),
    disputed_usd: formatUsd(disputedOf(facts)),
    owed_usd: formatUsd(payment.owed),
    failure: payment.failure ?? null,
    checkout_url: payment.status === "pending" && !isOver ? (payment.url ?? null) : null,
    entry_id: entryId ?? null,
    receipt_number: entryId === undefined ? null : receiptNumber(entryId),
    stripe_invoice_url: payment.invoiceUrl ?? null,
    stripe_invoice_pdf_url: payment.invoicePdf ?? null,
    stripe_receipt_url: facts.receiptUrl ?? null,
    created_at: isoTime(payment.createdAt),
    paid_at: optionalTime(payment.paidAt),
  };
}

export async function showSettings({ records, now }: BillingServices, workspaceId: WorkspaceId) {
  const { details, card } = await records.profiles.find(workspaceId);
  const topUp = await records.topUps.find(workspaceId);
  const spent = await records.topUps.spentSince(workspaceId, monthStart(now()));
  const owing = await records.payments.owing(workspaceId, { after: undefined, limit: 1_000 });
  return {
    object: "billing_settings" as const,
    details: { name: details.name, address: details.address, tax_id: details.taxId, email: details.email },
    card: card === undefined ? null : { brand: card.brand, last4: card.last4, expires: card.expires },
    auto_top_up:
      topUp === undefined
        ? null
        : {
            enabled: topUp.enabled,
            threshold_usd: formatUsd(topUp.threshold),
            pack_usd: formatUsd(topUp.pack),
            monthly_cap_usd: formatUsd(topUp.monthlyCap),
            spent_this_month_usd: formatUsd(spent),
            failures: topUp.failures,
            disabled_reason: topUp.disabledReason ?? null,
          },
    debt_usd: formatUsd(owing.reduce((sum, { owed }) => picodollars(sum + owed), noMoney)),
  };
}
