// What Stripe's events say, as facts in our terms. Every fact is one that never changes back; reading is tolerant of fields
// that are missing, and pure.

import { asId, type PaymentId, type WorkspaceId } from "../contracts/ids.ts";
import { entryOf, numberAt, objectAt, stringAt, type JsonObject } from "../contracts/json.ts";
import type { Picodollars } from "../money/picodollars.ts";
import { fromCents } from "./packs.ts";

/** Which payment of ours a thing at Stripe belongs to, as we told Stripe when it was made. */
export type PaymentName = { readonly paymentId: PaymentId; readonly workspaceId: WorkspaceId };

export type StripeFact =
  | (PaymentName & {
      readonly type: "paid";
      readonly intentId: string;
      readonly amount: Picodollars;
      /** Unix milliseconds. */
      readonly at: number;
    })
  | (PaymentName & { readonly type: "processing"; readonly intentId: string | undefined })
  | (PaymentName & { readonly type: "failed"; readonly reason: string })
  | (PaymentName & { readonly type: "expired" })
  | (PaymentName & {
      readonly type: "invoiced";
      readonly url: string | undefined;
      readonly pdf: string | undefined;
    })
  | {
      readonly type: "charged";
      readonly intentId: string;
      readonly chargeId: string;
      readonly refunded: Picodollars;
      readonly receiptUrl: string | undefined;
    }
  | {
      readonly type: "refunded";
      readonly refundId: string;
      readonly intentId: string;
      readonly amount: Picodollars;
      readonly failed: boolean;
    }
  | {
      readonly type: "disputed";
      readonly disputeId: string;
      readonly intentId: string;
      readonly amount: Picodollars;
      readonly withdrawn: boolean;
      readonly returned: boolean;
      readonly lost: boolean;
    }
  | {
      readonly type: "card";
      readonly cardId: string;
      readonly customerId: string;
      readonly brand: string;
      readonly last4: string;
      readonly expires: string;
      /** Unix milliseconds. */
      readonly at: number;
    }
  | { readonly type: "card_removed"; readonly cardId: string };

/** A payment of ours in another currency than USD, or without an amount: nothing can be credited for it. */
export class UnusableEvent extends Error {
  override readonly name = "UnusableEvent";
}

type Reader = (thing: JsonObject, at: number) => readonly StripeFact[];

const readers: { readonly [type: string]: Reader } = {
  "checkout.session.completed": (session, at) =>
    stringAt(session, "payment_status") === "unpaid" ? processing(session) : paidBySession(session, at),
  "checkout.session.async_payment_succeeded": paidBySession,
  "checkout.session.async_payment_failed": (session) =>
    named(session, (name) => ({ ...name, type: "failed", reason: "The payment did not go through." })),
  "checkout.session.expired": (session) => named(session, (name) => ({ ...name, type: "expired" })),
  "payment_intent.succeeded": (intent, at) => paid(intent, stringAt(intent, "id"), "amount_received", at),
  "payment_intent.payment_failed": failedIntent,
  "charge.succeeded": charged,
  "charge.updated": charged,
  "charge.refunded": charged,
  "refund.created": refunded,
  "refund.updated": refunded,
  "refund.failed": refunded,
  "charge.refund.updated": refunded,
  "charge.dispute.created": (dispute) => disputed(dispute, {}),
  "charge.dispute.updated": (dispute) => disputed(dispute, {}),
  "charge.dispute.closed": (dispute) => disputed(dispute, {}),
  "charge.dispute.funds_withdrawn": (dispute) => disputed(dispute, { withdrawn: true }),
  "charge.dispute.funds_reinstated": (dispute) => disputed(dispute, { returned: true }),
  "invoice.paid": invoiced,
  "invoice.finalized": invoiced,
  "payment_method.attached": card,
  "payment_method.updated": card,
  "payment_method.automatically_updated": card,
  "payment_method.detached": (method) => {
    const cardId = stringAt(method, "id");
    return cardId === undefined ? [] : [{ type: "card_removed", cardId }];
  },
};

/** Every type of event that is read; the webhook endpoint at Stripe should send these. */
export const readEventTypes: readonly string[] = Object.keys(readers);

/**
 * The facts of an event; undefined for a type that is not read.
 * @throws UnusableEvent
 */
export function factsOfEvent(event: JsonObject): readonly StripeFact[] | undefined {
  const read = entryOf(readers, stringAt(event, "type") ?? "");
  const thing = objectAt(objectAt(event, "data") ?? {}, "object");
  if (read === undefined || thing === undefined) return undefined;
  return read(thing, timeAt(event));
}

/** The facts of a refund as Stripe answers it, the same as its events state. */
export function refunded(refund: JsonObject): readonly StripeFact[] {
  const [refundId, intentId] = [stringAt(refund, "id"), idAt(refund, "payment_intent")];
  if (refundId === undefined || intentId === undefined) return [];
  const amount = usdAt(refund, "amount");
  if (amount === undefined) return [];
  const status = stringAt(refund, "status");
  return [{ type: "refunded", refundId, intentId, amount, failed: status === "failed" || status === "canceled" }];
}

/** Only ours carry both ids in their metadata. */
function named(thing: JsonObject, fact: (name: PaymentName) => StripeFact): readonly StripeFact[] {
  const metadata = objectAt(thing, "metadata") ?? {};
  const [payment, workspace] = [stringAt(metadata, "payment"), stringAt(metadata, "workspace")];
  if (payment === undefined || workspace === undefined) return [];
  return [fact({ paymentId: asId<PaymentId>(payment), workspaceId: asId<WorkspaceId>(workspace) })];
}

function paidBySession(session: JsonObject, at: number): readonly StripeFact[] {
  return paid(session, idAt(session, "payment_intent"), "amount_total", at);
}

/** A session that only saved a card has no payment intent. */
function paid(thing: JsonObject, intentId: string | undefined, field: string, at: number): readonly StripeFact[] {
  if (intentId === undefined) return [];
  return named(thing, (name) => {
    const amount = usdAt(thing, field);
    if (amount === undefined) throw new UnusableEvent(`Payment ${name.paymentId} states no ${field} in usd.`);
    return { ...name, type: "paid", intentId, amount, at };
  });
}

function processing(session: JsonObject): readonly StripeFact[] {
  return named(session, (name) => ({ ...name, type: "processing", intentId: idAt(session, "payment_intent") }));
}

/** A customer at Checkout can try again with another card; an automatic payment that failed is over. */
function failedIntent(intent: JsonObject): readonly StripeFact[] {
  const isAutomatic = stringAt(objectAt(intent, "metadata") ?? {}, "kind") === "top_up";
  const reason = stringAt(objectAt(intent, "last_payment_error") ?? {}, "message") ?? "The card was declined.";
  return isAutomatic ? named(intent, (name) => ({ ...name, type: "failed", reason: reason.slice(0, 300) })) : [];
}

function charged(charge: JsonObject): readonly StripeFact[] {
  const [chargeId, intentId] = [stringAt(charge, "id"), idAt(charge, "payment_intent")];
  const refundedSoFar = usdAt(charge, "amount_refunded");
  if (chargeId === undefined || intentId === undefined || refundedSoFar === undefined) return [];
  const receiptUrl = httpsAt(charge, "receipt_url");
  return [{ type: "charged", intentId, chargeId, refunded: refundedSoFar, receiptUrl }];
}

/** While a bank only asks (`warning_...`), and when a dispute was prevented, the money stays. */
const withdrawing = ["needs_response", "under_review", "lost", "appeal_needs_response", "appeal_under_review"];

function disputed(
  dispute: JsonObject,
  more: { readonly withdrawn?: true; readonly returned?: true },
): readonly StripeFact[] {
  const [disputeId, intentId] = [stringAt(dispute, "id"), idAt(dispute, "payment_intent")];
  const amount = usdAt(dispute, "amount");
  if (disputeId === undefined || intentId === undefined || amount === undefined) return [];
  const status = stringAt(dispute, "status") ?? "";
  return [
    {
      type: "disputed",
      disputeId,
      intentId,
      amount,
      withdrawn: more.withdrawn ?? withdrawing.includes(status),
      returned: more.returned ?? status === "won",
      lost: status === "lost",
    },
  ];
}

function invoiced(invoice: JsonObject): readonly StripeFact[] {
  const [url, pdf] = [httpsAt(invoice, "hosted_invoice_url"), httpsAt(invoice, "invoice_pdf")];
  return named(invoice, (name) => ({ ...name, type: "invoiced", url, pdf }));
}

function card(method: JsonObject): readonly StripeFact[] {
  const [cardId, customerId] = [stringAt(method, "id"), idAt(method, "customer")];
  const details = objectAt(method, "card");
  if (cardId === undefined || customerId === undefined || details === undefined) return [];
  const month = String(numberAt(details, "exp_month") ?? "").padStart(2, "0");
  return [
    {
      type: "card",
      cardId,
      customerId,
      brand: stringAt(details, "brand") ?? "card",
      last4: stringAt(details, "last4") ?? "",
      expires: `${month}/${numberAt(details, "exp_year") ?? ""}`,
      at: timeAt(method),
    },
  ];
}

/** An id, or the whole thing where Stripe was asked to expand it. */
function idAt(thing: JsonObject, field: string): string | undefined {
  return stringAt(thing, field) ?? stringAt(objectAt(thing, field) ?? {}, "id");
}

/** What is shown as a link must be one. */
function httpsAt(thing: JsonObject, field: string): string | undefined {
  const url = stringAt(thing, field);
  return url !== undefined && /^https:\/\/[^\s]+$/.test(url) ? url : undefined;
}

/** Undefined for money in another currency, which is never ours, and for what is no amount. */
function usdAt(thing: JsonObject, field: string): Picodollars | undefined {
  const cents = numberAt(thing, field);
  const isAmount = cents !== undefined && Number.isSafeInteger(cents) && cents >= 0;
  return isAmount && stringAt(thing, "currency") === "usd" ? fromCents(cents) : undefined;
}

/** `created` as Unix milliseconds. */
function timeAt(thing: JsonObject): number {
  return (numberAt(thing, "created") ?? 0) * 1000;
}
