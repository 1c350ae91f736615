// An operator gives money back through Stripe. The credits are taken back by the same way as for a refund made at Stripe
// itself: what Stripe answers is the fact that its events repeat.

import { GatewayError } from "../contracts/errors.ts";
import { freeOf } from "../ledger/decide.ts";
import { formatUsdShort, noMoney, picodollars, type Picodollars } from "../money/picodollars.ts";
import type { BillingServices } from "./billing-services.ts";
import { requireStripe } from "./buy-credits.ts";
import { refundedOf } from "./net-of-payment.ts";
import { settlePayment, type PaymentStanding } from "./settle-payment.ts";
import { refunded } from "./stripe-facts.ts";

export type RefundRequest = {
  /** Undefined: all that is left. Whole cents. */
  readonly amount: Picodollars | undefined;
  /** Also what the workspace has spent already; it then owes it. */
  readonly beyondBalance: boolean;
  readonly idempotencyKey: string;
};

/**
 * @throws GatewayError conflict when there is not so much left of the payment, when the workspace has spent it, or when
 * Stripe refuses; service_unavailable when Stripe cannot be reached: the same key may then be used again.
 */
export async function refundPayment(
  services: BillingServices,
  { payment, facts }: PaymentStanding,
  { amount, beyondBalance, idempotencyKey }: RefundRequest,
): Promise<void> {
  const { provider } = requireStripe(services);
  const { intentId, id } = payment;
  const left = picodollars(payment.paid - refundedOf(facts));
  const back = amount ?? left;
  if (intentId === undefined || left <= 0n) throw new GatewayError("conflict", "Nothing is left of this payment.");
  if (back > left) {
    throw new GatewayError("conflict", `${formatUsdShort(left)} USD are left of this payment.`, {
      param: "amount_usd",
    });
  }
  if (!beyondBalance) await requireUnspent(services, payment.workspaceId, back);
  const refund = await provider.refund({ intentId, paymentId: id, amount: back, idempotencyKey });
  await services.records.payments.learn(refunded(refund), services.now());
  await settlePayment(services, id);
}

async function requireUnspent(
  { ledger }: BillingServices,
  workspaceId: PaymentStanding["payment"]["workspaceId"],
  amount: Picodollars,
): Promise<void> {
  const account = await ledger.account(workspaceId);
  const free = account === undefined ? noMoney : freeOf(account);
  if (amount <= free) return;
  throw new GatewayError(
    "conflict",
    `The workspace has ${formatUsdShort(free)} USD that are neither spent nor promised to running requests. Refund no more, or send \`beyond_balance\`.`,
    { param: "amount_usd", details: { refundable_usd: formatUsdShort(free) } },
  );
}
