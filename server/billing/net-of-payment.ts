// What a payment is worth after refunds and disputes. Only sums of facts that never change back, so that the order in which
// they arrived cannot matter; pure.

import { noMoney, picodollars, type Picodollars } from "../money/picodollars.ts";
import type { Dispute, Payment, PaymentFacts } from "./payment.ts";

/**
 * What was given back to the customer. Stripe states every refund by itself, and the charge's total now and then; a refund
 * that failed counts in an old total, but no longer by itself.
 */
export function refundedOf({ refunds, refundedTotal }: Pick<PaymentFacts, "refunds" | "refundedTotal">): Picodollars {
  const live = sum(refunds.filter(({ failed }) => !failed));
  const stated = refundedTotal - sum(refunds.filter(({ failed }) => failed));
  return picodollars(stated > live ? stated : live);
}

/** What the customer's bank holds back or has taken. */
export function disputedOf({ disputes }: Pick<PaymentFacts, "disputes">): Picodollars {
  return sum(disputes.filter(isWithheld));
}

function isWithheld({ withdrawn, returned, lost }: Dispute): boolean {
  return !returned && (withdrawn || lost);
}

/** What the workspace should have in credits for it: never below zero, nothing before it is paid. */
export function netOf(payment: Pick<Payment, "paid">, facts: PaymentFacts): Picodollars {
  const net = payment.paid - refundedOf(facts) - disputedOf(facts);
  return picodollars(net > 0n ? net : 0n);
}

function sum(parts: readonly { readonly amount: Picodollars }[]): Picodollars {
  return parts.reduce((total, { amount }) => picodollars(total + amount), noMoney);
}
