// Writes what Stripe reported so that any order and any repetition of the same facts leaves the same rows: flags are only
// ever set, totals only ever grow, a payment that is paid stays so.

import { sql, type Kysely, type Transaction } from "kysely";
import type { PaymentName, StripeFact } from "../billing/stripe-facts.ts";
import { asId, type PaymentId } from "../contracts/ids.ts";
import type { Tables } from "./database.ts";

type Query = Transaction<Tables>;
type FactOf<Type extends StripeFact["type"]> = Extract<StripeFact, { readonly type: Type }>;

/** @returns the payments that the facts are about, their versions counted. */
export async function learnFacts(query: Query, facts: readonly StripeFact[], retryAt: number): Promise<PaymentId[]> {
  const touched = new Set<PaymentId>();
  for (const fact of facts) {
    for (const id of await learn(query, fact, retryAt)) touched.add(id);
  }
  return [...touched];
}

function learn(query: Query, fact: StripeFact, retryAt: number): Promise<PaymentId[]> {
  switch (fact.type) {
    case "paid":
      return learnPaid(query, fact);
    case "processing":
      return changeUnpaid(query, fact, ["pending"], { status: "processing", ...linkTo(fact.intentId) });
    case "failed":
      return learnFailed(query, fact, retryAt);
    case "expired":
      return changeUnpaid(query, fact, ["pending", "processing"], { status: "expired" });
    case "invoiced":
      return learnInvoice(query, fact);
    case "charged":
      return learnCharge(query, fact);
    case "refunded":
      return learnRefund(query, fact);
    case "disputed":
      return learnDispute(query, fact);
    case "card":
      return learnCard(query, fact);
    case "card_removed":
      return removeCard(query, fact.cardId);
  }
}

function linkTo(intentId: string | undefined): { readonly intent_id?: string } {
  return intentId === undefined ? {} : { intent_id: intentId };
}

async function learnPaid(query: Query, { paymentId, workspaceId, intentId, amount, at }: FactOf<"paid">) {
  const row = await query
    .updateTable("payments")
    .set((columns) => ({
      status: "paid",
      failure: null,
      intent_id: intentId,
      // Never more than the pack, whatever was taken for it.
      paid: sql<bigint>`case when amount > ${amount} then ${amount} else amount end`,
      paid_at: columns.fn.coalesce("paid_at", columns.val(at)),
      version: columns("version", "+", 1),
    }))
    .where("id", "=", paymentId)
    .where("workspace_id", "=", workspaceId)
    .returning(["id", "kind"])
    .executeTakeFirst();
  if (row === undefined) return [];
  if (row.kind === "top_up") {
    await query.updateTable("auto_top_ups").set({ failures: 0 }).where("workspace_id", "=", workspaceId).execute();
  }
  return [paymentId];
}

async function learnFailed(query: Query, fact: FactOf<"failed">, retryAt: number): Promise<PaymentId[]> {
  const changed = await changeUnpaid(query, fact, ["pending", "processing"], {
    status: "failed",
    failure: fact.reason,
  });
  if (changed.length === 0) return [];
  const { kind } = await query
    .selectFrom("payments")
    .select("kind")
    .where("id", "=", fact.paymentId)
    .executeTakeFirstOrThrow();
  if (kind === "top_up") {
    await query
      .updateTable("auto_top_ups")
      .set((columns) => ({ failures: columns("failures", "+", 1), next_attempt_at: retryAt }))
      .where("workspace_id", "=", fact.workspaceId)
      .execute();
  }
  return changed;
}

/** A payment that has one of these statuses; one that is paid is never changed by what came before. */
async function changeUnpaid(
  query: Query,
  { paymentId, workspaceId }: PaymentName,
  from: readonly string[],
  columns: { readonly status: string; readonly failure?: string; readonly intent_id?: string },
): Promise<PaymentId[]> {
  const row = await query
    .updateTable("payments")
    .set((row) => ({ ...columns, version: row("version", "+", 1) }))
    .where("id", "=", paymentId)
    .where("workspace_id", "=", workspaceId)
    .where("status", "in", from)
    .returning("id")
    .executeTakeFirst();
  return row === undefined ? [] : [paymentId];
}

async function learnInvoice(query: Query, { paymentId, workspaceId, url, pdf }: FactOf<"invoiced">) {
  const links = { ...(url !== undefined && { invoice_url: url }), ...(pdf !== undefined && { invoice_pdf: pdf }) };
  if (Object.keys(links).length === 0) return [];
  await query
    .updateTable("payments")
    .set(links)
    .where("id", "=", paymentId)
    .where("workspace_id", "=", workspaceId)
    .execute();
  return [];
}

async function learnCharge(query: Query, { intentId, chargeId, refunded, receiptUrl }: FactOf<"charged">) {
  await query
    .insertInto("payment_charges")
    .values({ intent_id: intentId, charge_id: chargeId, refunded, receipt_url: receiptUrl ?? null })
    .onConflict((conflict) =>
      conflict.column("intent_id").doUpdateSet((row) => ({
        refunded: sql<bigint>`case when excluded.refunded > payment_charges.refunded then excluded.refunded else payment_charges.refunded end`,
        receipt_url: row.fn.coalesce("excluded.receipt_url", "payment_charges.receipt_url"),
      })),
    )
    .execute();
  return countVersions(query, intentId);
}

async function learnRefund(query: Query, { refundId, intentId, amount, failed }: FactOf<"refunded">) {
  await query
    .insertInto("payment_refunds")
    .values({ id: refundId, intent_id: intentId, amount, failed: failed ? 1 : 0 })
    .onConflict((conflict) =>
      // A refund that failed stays failed.
      conflict.column("id").doUpdateSet(failed ? { failed: 1 } : { amount }),
    )
    .execute();
  return countVersions(query, intentId);
}

async function learnDispute(query: Query, fact: FactOf<"disputed">) {
  const { disputeId: id, intentId, amount, withdrawn, returned, lost } = fact;
  const flags = { withdrawn: withdrawn ? 1 : 0, returned: returned ? 1 : 0, lost: lost ? 1 : 0 };
  await query
    .insertInto("payment_disputes")
    .values({ id, intent_id: intentId, amount, ...flags })
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet({
        amount: sql<bigint>`case when excluded.amount > payment_disputes.amount then excluded.amount else payment_disputes.amount end`,
        ...(withdrawn && { withdrawn: 1 }),
        ...(returned && { returned: 1 }),
        ...(lost && { lost: 1 }),
      }),
    )
    .execute();
  return countVersions(query, intentId);
}

/** Cards of customers that are not ours are none of our business. */
async function learnCard(query: Query, fact: FactOf<"card">): Promise<PaymentId[]> {
  const { cardId: id, customerId: customer_id, brand, last4, expires, at } = fact;
  const customer = await query
    .selectFrom("billing_profiles")
    .select("workspace_id")
    .where("customer_id", "=", customer_id)
    .executeTakeFirst();
  if (customer === undefined) return [];
  await query
    .insertInto("payment_cards")
    .values({ id, customer_id, brand, last4, expires, created_at: at, removed: 0 })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ customer_id, brand, last4, expires, created_at: at }))
    .execute();
  return [];
}

/** Also before it was heard of: it stays removed then. */
export async function removeCard(query: Kysely<Tables>, id: string): Promise<PaymentId[]> {
  const unknown = { customer_id: "", brand: "", last4: "", expires: "", created_at: 0 };
  await query
    .insertInto("payment_cards")
    .values({ id, ...unknown, removed: 1 })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ removed: 1 }))
    .execute();
  return [];
}

async function countVersions(query: Query, intentId: string): Promise<PaymentId[]> {
  const rows = await query
    .updateTable("payments")
    .set((row) => ({ version: row("version", "+", 1) }))
    .where("intent_id", "=", intentId)
    .returning("id")
    .execute();
  return rows.map(({ id }) => asId<PaymentId>(id));
}
