// Tells a workspace what became of a payment. Each event has a name of its own that is written once, and the payment
// remembers those names for longer than the feed does: settling it again, after a crash or in two processes, tells nothing
// twice.

import type { NewEvent } from "../contracts/events.ts";
import { newId } from "../contracts/ids.ts";
import { formatUsd, type Picodollars } from "../money/picodollars.ts";
import type { BillingServices } from "./billing-services.ts";
import { disputedOf, refundedOf } from "./net-of-payment.ts";
import type { Dispute, Payment, PaymentFacts } from "./payment.ts";

type Told = Pick<NewEvent, "type" | "data"> & { readonly once: string };

/** @param owed what could not be taken back yet. */
export async function tellOfPayment(
  { events, records, now }: Pick<BillingServices, "events" | "records" | "now">,
  payment: Payment,
  facts: PaymentFacts,
  owed: Picodollars,
): Promise<void> {
  const { workspaceId } = payment;
  const news = newsOf(payment, facts, owed).filter(({ once }) => !payment.told.includes(once));
  if (news.length === 0) return;
  for (const told of news) await events.append({ id: newId("evt"), workspaceId, createdAt: now(), ...told });
  await records.payments.told(payment.id, [...payment.told, ...news.map(({ once }) => once)]);
}

function newsOf(payment: Payment, facts: PaymentFacts, owed: Picodollars): Told[] {
  const { id, kind, status, failure } = payment;
  const about = { payment_id: id, kind, amount_usd: formatUsd(payment.amount) };
  const refunded = refundedOf(facts);
  const news: Told[] = [];
  if (status === "paid") news.push({ type: "payment.succeeded", data: about, once: `payment.succeeded ${id}` });
  if (status === "failed") {
    news.push({ type: "payment.failed", data: { ...about, reason: failure ?? "" }, once: `payment.failed ${id}` });
  }
  if (status === "paid" && refunded > 0n) {
    const data = { ...about, refunded_usd: formatUsd(refunded), owed_usd: formatUsd(owed) };
    news.push({ type: "payment.refunded", data, once: `payment.refunded ${id} ${refunded}` });
  }
  if (status === "paid") {
    for (const dispute of facts.disputes) {
      const state = stateOf(dispute);
      const data = { ...about, dispute_id: dispute.id, disputed_usd: formatUsd(dispute.amount), state };
      news.push({
        type: "payment.disputed",
        data: { ...data, withheld_usd: formatUsd(disputedOf({ disputes: [dispute] })), owed_usd: formatUsd(owed) },
        once: `payment.disputed ${dispute.id} ${state}`,
      });
    }
  }
  return news;
}

function stateOf({ returned, lost }: Dispute): "open" | "won" | "lost" {
  if (returned) return "won";
  return lost ? "lost" : "open";
}
